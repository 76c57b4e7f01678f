#!/bin/sh
# The same inputs give the same bytes, whatever the run, the folder, the locale, the order of the
# words, or the size of the environment.
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"

mkdir -p in/lib
cat >in/a.itsup <<'END'
import lib/c.itsup as c
let domain = example.com
project a {
  https://İ.{domain}, i.{domain} -> web:80 { helth /up }
  https://{c.host} | strp -> web:99999
  https://b.{domain} | canonical -> api:80
}
END
cat >in/b.itsup <<'END'
project b { https://b.example.com -> web:80; tcp://:22 -> ssh:22; HTTPS://X.{nope} -> w:80 }
# itsup: allow(R010) nothing to silence
END
echo 'let host = c.example.com' >in/lib/c.itsup
printf 'project ok { https://ok.example.com -> web:80 | compress\n}\nfor i in [b, a] { https://{i}.example.com -> web:80 }\n' >in/ok.itsup

same() { # WHAT FOLDER COMMAND...: its bytes are those of the first run
    what=$1 folder=$2
    shift 2
    (cd "$folder" && "$@" >"$OLDPWD/out.$n" 2>"$OLDPWD/err.$n") || :
    cmp -s "out.$n" first.out && cmp -s "err.$n" first.err && return
    echo "$command differs: $what"
    diff first.out "out.$n" || :
    diff first.err "err.$n" || :
    exit 1
}

n=0
for command in 'check' 'check --format json' 'build --emit ir' 'fmt --check --diff'; do
    n=$((n + 1))
    # shellcheck disable=SC2086 # words, on purpose
    (cd in && "$ITSUPC" $command a.itsup b.itsup ok.itsup >../first.out 2>../first.err) || :
    cat first.out first.err | grep -q . || expect_status output nothing "$command"
    # shellcheck disable=SC2086
    {
        for again in 1 2 3; do
            same "run $again" in "$ITSUPC" $command a.itsup b.itsup ok.itsup
        done
        for locale in C POSIX C.UTF-8 tr_TR.UTF-8 de_DE ar_EG.UTF-8; do
            same "LC_ALL=$locale" in env LC_ALL="$locale" LANG="$locale" "$ITSUPC" $command a.itsup b.itsup ok.itsup
        done
        same 'the order of the files' in "$ITSUPC" $command ok.itsup b.itsup a.itsup
        same 'a file named twice' in "$ITSUPC" $command ok.itsup b.itsup a.itsup b.itsup
        same 'no environment' in env -i "$ITSUPC" $command a.itsup b.itsup ok.itsup
        same 'a large environment' in env LARGE="$(head -c 100000 /dev/zero | tr '\0' x)" "$ITSUPC" $command a.itsup b.itsup ok.itsup
        same 'another time and zone' in env TZ=Asia/Kathmandu "$ITSUPC" $command a.itsup b.itsup ok.itsup
        same '-C' . "$ITSUPC" -C in $command a.itsup b.itsup ok.itsup
    }
done
