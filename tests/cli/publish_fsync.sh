#!/bin/sh
# --fsync: one call for all files, and only when there is something to write.
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"

mkdir shop
printf 'services:\n  web: { image: nginx }\n' >shop/compose.yml
printf 'https://a.example.com -> web:80\nhttps://b.example.com -> 10.0.0.1:80\n' >shop/shop.itsup
run 0 build --fsync -o made shop
[ -s made/compose.ingress.yml ]
strace -o calls true 2>/dev/null || { echo "strace cannot be used"; exit 77; }
calls_of() {
    strace -f -o calls -e trace=syncfs,fsync,fdatasync,sync "$ITSUPC" build "$@" shop
    grep -c 'sync' calls || :
}
[ "$(calls_of --fsync -o new)" -eq 1 ]
[ "$(calls_of --fsync -o new)" -eq 0 ]
[ "$(calls_of -o other)" -eq 0 ]
