#!/bin/sh
# Several workspaces in one output folder: what one of them asks for stays when another is built alone, until its
# folder is gone.
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"

for name in a b; do
    mkdir "$name"
    printf 'services:\n  web: { image: nginx }\n' >"$name/compose.yml"
    printf 'https://%s.example.com -> web:80\n' "$name" >"$name/$name.itsup"
done
build_is() { # as `run`, whose stream is a file named out: here that is the folder
    status=0
    wanted=$1
    shift
    "$ITSUPC" build "$@" >stdout 2>err || status=$?
    [ "$status" -eq "$wanted" ] || { echo "build $*: exit $status, wanted $wanted"; cat stdout err; exit 1; }
}
build_is 0 -o out a b
has out/.itsupc/manifest '# from ../a'
cp out/.itsupc/manifest before
build_is 0 -o "$PWD/out" ./a/ "$PWD/b"
cmp before out/.itsupc/manifest
build_is 0 --check -o out a b
build_is 0 -o out a
[ -e out/b/compose.ingress.yml ]
[ -e out/compose.ingress.yml ]
build_is 0 --check -o out a
(cd a && "$ITSUPC" build -o ../out ../b)
[ -e out/b/compose.ingress.yml ]
has out/compose.ingress.yml b.example.com
rm -r b
build_is 1 --check -o out a
has stdout '--- a/b/compose.ingress.yml'
build_is 0 -o out a
[ ! -e out/b ]
[ "$(find out -type f | wc -l)" -eq 2 ]

# Both places at once: nothing stays that no source asks for.
mkdir b
printf 'services:\n  web: { image: nginx }\n' >b/compose.yml
printf 'https://b.example.com -> web:80\n' >b/b.itsup
build_is 0 -o out a b
[ ! -e out/compose.ingress.yml ]
rm b/b.itsup
build_is 0 -o out a b
[ ! -e out/b ]
has err 'no ingress files in b'
