#!/bin/sh
# Whatever the bytes: an answer within seconds and within memory, and a status of 0 or 1.
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"

try() { # FILE [STATUS]
    for command in check 'fmt --check' 'build --emit ir'; do
        status=0
        # shellcheck disable=SC2086,SC3045
        (ulimit -v 1048576 && exec timeout 5 "$ITSUPC" $command "$1") >out 2>err || status=$?
        [ "$status" -le 1 ] || expect_status "${2:-1}" "$status" "$command $1"
    done
    [ -z "${2:-}" ] || run "$2" check "$1"
}

: >empty.itsup
try empty.itsup 0
printf '\357\273\277' >bom.itsup
try bom.itsup 0
printf '\0\0\0' >nul.itsup
try nul.itsup 1
printf '\377\376a\0' >utf16.itsup
try utf16.itsup 1
head -c 200000 "$ITSUPC" >binary.itsup
try binary.itsup 1
awk 'BEGIN { for (i = 0; i < 200000; i++) printf "a {" }' >blocks.itsup
try blocks.itsup 1
awk 'BEGIN { for (i = 0; i < 200000; i++) printf "["; printf "\n" }' >brackets.itsup
try brackets.itsup 1
awk 'BEGIN { printf "let a = "; for (i = 0; i < 2000000; i++) printf "x"; printf "\n" }' >long.itsup
try long.itsup
awk 'BEGIN { for (i = 0; i < 200000; i++) print "->" }' >arrows.itsup
try arrows.itsup 1
awk 'BEGIN { for (i = 0; i < 100000; i++) print "\"" }' >quotes.itsup
try quotes.itsup 1
awk 'BEGIN { for (i = 0; i < 500000; i++) print "# again" }' >comments.itsup
try comments.itsup 0

# Expansions that double, or have no end.
printf 'for i in 1..1000000000 { https://a{i}.example.com -> web:80 }\n' >range.itsup
try range.itsup 1
{
    echo 'let a0 = [x, x]'
    i=1
    while [ $i -le 40 ]; do
        echo "let a$i = [{a$((i - 1))}, {a$((i - 1))}]"
        i=$((i + 1))
    done
    echo 'for x in a40 { https://a.example.com -> web:80 }'
} >doubling.itsup
try doubling.itsup 1
printf 'let a = {b}\nlet b = {a}\nhttps://{a}.example.com -> web:80\n' >circle.itsup
try circle.itsup 1
printf 'import circle2.itsup\nimport circle2.itsup as again\n' >circle1.itsup
printf 'import circle1.itsup\nimport circle2.itsup\n' >circle2.itsup
try circle1.itsup 1
