# shellcheck shell=bash
# Whatever the bytes: an answer within seconds and a status of 0 or 1.
try() {
    local status=0
    (ulimit -v 1048576; timeout 5 "$ITSUPC" check "$1") >out 2>err || status=$?
    [[ $status == 0 || $status == 1 ]] || wrong "status $status for $1"
}
head -c 200000 "$ITSUPC" >binary.itsup
try binary.itsup
: >empty.itsup
try empty.itsup
printf '\0\0\0' >nul.itsup
try nul.itsup
printf '\357\273\277' >bom.itsup
try bom.itsup
awk 'BEGIN { for (i = 0; i < 200000; i++) printf "a {" }' >deep.itsup
try deep.itsup
awk 'BEGIN { for (i = 0; i < 200000; i++) printf "["; printf "\n" }' >brackets.itsup
try brackets.itsup
awk 'BEGIN { printf "let a = "; for (i = 0; i < 2000000; i++) printf "x"; printf "\n" }' >long.itsup
try long.itsup
awk 'BEGIN { for (i = 0; i < 200000; i++) print "->" }' >arrows.itsup
try arrows.itsup
printf 'for i in 1..1000000000 { https://a{i}.example.com -> web:80 }\n' >range.itsup
try range.itsup
{
    echo 'let a0 = [x, x]'
    for i in $(seq 1 40); do echo "let a$i = [{a$((i - 1))}, {a$((i - 1))}]"; done
    echo 'for x in a40 { https://a.example.com -> web:80 }'
} >doubling.itsup
try doubling.itsup
