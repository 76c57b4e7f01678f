#!/bin/sh
# Colour where a terminal wants it: --color, NO_COLOR, TERM, and never in reports.
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"

bad_file bad.itsup
esc=$(printf '\033')
run 1 check bad.itsup
lacks err "$esc"
run 1 check bad.itsup --color always
has err "$esc"
NO_COLOR=1 run 1 check bad.itsup --color always
has err "$esc"
run 1 check bad.itsup --color always --color never
lacks err "$esc"
run 1 check bad.itsup --color always --format json:report --format text:report2
lacks report "$esc"
lacks report2 "$esc"
loose_file loose.itsup
run 1 fmt --diff loose.itsup --color always
has out "$esc"
run 1 fmt --diff loose.itsup
lacks out "$esc"

command -v script >/dev/null || exit 77
tty() { # in a terminal of its own
    script -qec "$*" /dev/null </dev/null >seen || :
}
TERM=xterm tty "$ITSUPC check bad.itsup"
has seen "${esc}["
TERM=dumb tty "$ITSUPC check bad.itsup"
lacks seen "${esc}["
TERM=xterm NO_COLOR=1 tty "$ITSUPC check bad.itsup"
lacks seen "${esc}["
TERM=xterm NO_COLOR='' tty "$ITSUPC check bad.itsup"
has seen "${esc}["
