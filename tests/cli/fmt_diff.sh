#!/bin/sh
# What fmt --diff prints, patch makes of the old text the new one; few lines are told as changed.
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"

# The difference of the file `a.itsup` brings it to what fmt writes. The number of changed lines is at most $1.
mends() {
    cp a.itsup old
    run 1 fmt --diff a.itsup
    cp out difference
    run 0 fmt a.itsup
    cp a.itsup want
    cp old a.itsup
    patch -s -p1 <difference
    cmp a.itsup want
    changed=$(grep -c '^[-+][^-+]' difference || true)
    [ "$changed" -le "$1" ] || fail "$changed lines changed, at most $1 wanted: $(cat difference)"
}

# Blank lines stand on both sides: which of them went is a matter of search.
routes() {
    i=0
    while [ $i -lt "$1" ]; do
        echo "https://r$i.example.com -> web:80"
        [ $((i % $2)) -ne 0 ] || printf '\n\n\n'
        i=$((i + 1))
    done
}
routes 40 5 >a.itsup
mends 20
routes 200 3 >a.itsup
mends 140

# Changes at the ends, apart by more and by less than their context, and lines that come again.
{
    echo 'https://a.example.com   -> web:80'
    for i in 1 2 3; do
        printf 'https://x.example.com {\n  /v%s -> web:80\n}\n\n\nhttps://y.example.com {\n/v%s -> web:80\n  }\n' $i $i
    done
    routes 12 20
    echo 'https://b.example.com   -> web:80'
    echo 'https://c.example.com -> web:80'
    echo 'https://d.example.com   -> web:80'
} >a.itsup
mends 30

# Without a line end at the end, and with Windows' ones.
printf 'https://a.example.com -> web:80\n\n\n\nhttps://b.example.com -> web:80' >a.itsup
mends 6
printf 'https://a.example.com -> web:80\r\n\r\nhttps://b.example.com -> web:80\r\n' >a.itsup
run 1 fmt --diff a.itsup
has out '-https://a.example.com -> web:80'
