#!/bin/sh
# build --watch builds what changed, keeps the last good output on errors, and sleeps in between.
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"

route() { printf 'https://a.example.com -> web:%s\n' "$1" >w/projects/a/ingress.itsup; }
a=out/upstream/a/docker-compose.yml
soon() { # TEXT: the output holds it within ten seconds
    tries=0
    until grep -qF -e "$1" "$a" 2>/dev/null; do
        tries=$((tries + 1))
        [ $tries -lt 200 ] || { echo "no $1 in $a"; cat "$a" err; exit 1; }
        sleep 0.05
    done
}

mkdir -p w/projects/a
printf 'services:\n  web:\n    image: x\n' >w/projects/a/docker-compose.yml
route 1000
"$ITSUPC" build --watch -o out w >stdout 2>err &
pid=$!
trap 'kill $pid 2>/dev/null || :' EXIT
soon port=1000
route 2000
soon port=2000

bad_file w/projects/a/ingress.itsup
tries=0
until grep -q E0201 err; do
    tries=$((tries + 1))
    [ $tries -lt 200 ] || exit 1
    sleep 0.05
done
has "$a" port=2000
route 3000
soon port=3000

# A folder that is new is seen, too.
mkdir -p w/projects/b
printf 'services:\n  web:\n    image: x\n' >w/projects/b/docker-compose.yml
printf 'https://b.example.com -> web:80\n' >w/projects/b/ingress.itsup
a=out/upstream/b/docker-compose.yml
soon server.port=80
kill $pid
status=0
wait $pid || status=$?
[ $status -eq 143 ]
