#!/bin/sh
# How often a build asks the system for something: so many times for each project, and never for a
# file to write when nothing changed.
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"

if ! strace -c -o calls true 2>/dev/null; then
    echo "strace cannot run here"
    exit 77
fi

world() { # COUNT, in the folder wCOUNT
    i=0
    while [ $i -lt "$1" ]; do
        mkdir -p "w$1/projects/p$i"
        printf 'ingress:\n  - domain: p%s.example.com\n    service: web\n    port: 3000\n' $i >"w$1/projects/p$i/ingress.yml"
        printf 'services:\n  web:\n    image: x\n' >"w$1/projects/p$i/docker-compose.yml"
        i=$((i + 1))
    done
}
calls() { # ARGUMENTS…: how many system calls they make
    strace -f -c -o calls "$ITSUPC" "$@" >/dev/null 2>err || { cat err; exit 1; }
    awk '$NF == "total" { print $4 }' calls
}
# at_most TENTHS WHAT SMALL LARGE: each project more may add so many tenths of a call.
at_most() {
    tenths=$((($4 - $3) * 10 / 200))
    echo "$2: $tenths tenths of a call for a project"
    [ $tenths -le "$1" ] || exit 1
}

world 50
world 250
at_most 105 check "$(calls check w50)" "$(calls check w250)"
at_most 145 "full build" "$(calls build -o o50 w50)" "$(calls build -o o250 w250)"
at_most 135 "nothing changed" "$(calls build -o o50 w50)" "$(calls build -o o250 w250)"

strace -f -o calls -e trace=open,openat,openat2,creat "$ITSUPC" build -o o250 w250 >/dev/null 2>err
has calls docker-compose.yml
if grep -E 'O_(WRONLY|RDWR|CREAT)|creat\(' calls | grep -v '/dev/null'; then
    echo "opened for writing, and nothing had changed"
    exit 1
fi
