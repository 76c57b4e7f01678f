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

# What grows by naming itself or each other is told, not built.
repeat() { # COUNT FORMAT: the format with the number, and with the one before, for 1 to COUNT
    awk -v n="$1" -v format="$2\n" 'BEGIN { for (i = 1; i <= n; i++) printf format, i, i - 1, i - 1 }'
}
bounded() { # FILE CODE: one finding of that code, and nothing else but errors of it
    try "$1" 1
    run 1 check "$1"
    has err "error[$2]"
    [ "$(grep -c '^error' err)" -le "${3:-1}" ] || expect_status 1 many "$1"
}
route='https://a.example.com | %s -> web:80\n'

printf 'let a = [a, a]\n%b' "https://a.example.com | allow(a) -> web:80\n" >itself.itsup
try itself.itsup 1
{
    echo 'let a0 = "xxxxxxxxxxxxxxxx"'
    repeat 60 'let a%d = "{a%d}{a%d}"'
} >texts.itsup
bounded texts.itsup E0507
{
    echo 'let a0 = [10.0.0.1, 10.0.0.2]'
    repeat 60 'let a%d = [{a%d}, {a%d}]'
    # shellcheck disable=SC2059
    printf "$route" 'allow(a60)'
} >lists.itsup
bounded lists.itsup E0507
{
    echo 'middleware m0 = compress'
    repeat 60 'middleware m%d = m%d | m%d'
    # shellcheck disable=SC2059
    printf "$route" m60
} >chains.itsup
try chains.itsup 1
{
    echo 'template t0(x) { https://{x}.example.com -> web:80 { public } }'
    repeat 60 'template t%d(x) { t%d({x}{x}); t%d({x}) }'
    echo 't60(xxxxxxxxxxxxxxxx)'
} >templates.itsup
try templates.itsup 1
{
    repeat 120 'template t%d() { t%d() }'
    printf 'template t0() { https://a.example.com -> web:80 }\nt120()\n'
} >deep.itsup
bounded deep.itsup E0507
{
    echo 'let a0 = x'
    repeat 100000 'let a%d = {a%d}'
} >chain.itsup
try chain.itsup
repeat 100000 'let a%d = {b%d}' >unknown.itsup
try unknown.itsup 1
{
    echo 'for i in 1..1000000 {'
    repeat 1000 '  let b%d = x'
    echo '}'
} >inner.itsup
bounded inner.itsup E0507
printf 'for i in 1..1000 { for j in 1..1000 { for k in 1..1000 { https://a{i}{j}{k}.example.com -> web:80 } } }\n' >cube.itsup
bounded cube.itsup E0507
repeat 5000 'import f%d.itsup' >imports.itsup
try imports.itsup 1
awk 'BEGIN { printf "https://a.example.com | headers(X-A=b"; for (i = 0; i < 100000; i++) printf ", X-%d=b", i; print ") -> web:80" }' >options.itsup
bounded options.itsup E0507
awk 'BEGIN { printf "template t(a"; for (i = 0; i < 50000; i++) printf ", b%d", i; print ") { }\nt(a=1)" }' >params.itsup
bounded params.itsup E0507
awk 'BEGIN { printf "https://a.example.com"; for (i = 0; i < 100000; i++) printf ", a%d.example.com", i; print " -> web:80" }' >hosts.itsup
try hosts.itsup 0

# Existing configurations: names without end, and more values than a file of its length may have.
{
    echo 'entryPoints:'
    awk 'BEGIN { for (i = 0; i < 20000; i++) printf "  e%d: {address: \":%d\"}\n", i, i + 1 }'
} >points.yml
try points.yml 0
{
    printf 'http:\n  routers:\n    a:\n'
    awk 'BEGIN { for (i = 0; i < 400000; i++) printf "      k%d: v\n", i }'
} >names.yml
try names.yml 1
{
    printf 'http:\n  routers:\n    a:\n      middlewares: ['
    awk 'BEGIN { for (i = 0; i < 1200000; i++) printf "a," }'
    echo ']'
} >values.yml
bounded values.yml E0704
