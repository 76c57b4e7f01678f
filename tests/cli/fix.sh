#!/bin/sh
# check --fix: safe fixes are applied, each file in one step, and what is left is told.
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"

printf 'https://a.example.com -> web:3000 { helth /up; no-redirekt }\nhttps://b.example.com -> web:1 { stiky cookie }\n' >a.itsup
cp a.itsup was
run 1 check a.itsup
cmp a.itsup was
run 0 check --fix a.itsup
has err 'fixed a.itsup'
has err 'no findings in 1 file'
printf 'https://a.example.com -> web:3000 { health /up; no-redirect }\nhttps://b.example.com -> web:1 { sticky cookie }\n' >want
cmp a.itsup want
touch -d '2001-01-01' a.itsup
run 0 check --fix a.itsup
lacks err fixed
[ -z "$(find a.itsup -newermt '2001-01-02')" ]

# Line ends, byte order mark, mode and links stay.
printf '\357\273\277https://a.example.com -> web:3000 {\r\n  helth /up\r\n}\r\n' >crlf.itsup
chmod 640 crlf.itsup
ln -s crlf.itsup link.itsup
run 0 check --fix link.itsup
printf '\357\273\277https://a.example.com -> web:3000 {\r\n  health /up\r\n}\r\n' | cmp - crlf.itsup
[ -L link.itsup ]
[ "$(stat -c %a crlf.itsup)" = 640 ]

# What cannot be fixed stays and decides the status; machine forms tell what is left.
printf 'https://a.example.com -> web:99999 { helth /up }\n' >part.itsup
run 1 check --fix --format json part.itsup
has part.itsup 'health /up'
has out '"errors":1'
lacks out E0301
has err 'fixed part.itsup'
run 1 check -q --fix part.itsup
lacks err fixed

# A chain of fixes, and files that are imported.
mkdir lib
printf 'tls modern { sni-strct }\n' >lib/m.itsup
printf 'imprt lib/m.itsup\nhttps://a.example.com -> web:3000 { tls modern }\n' >main.itsup
run 0 check --fix main.itsup
has lib/m.itsup 'sni-strict'
has main.itsup 'import lib'

# What cannot be written is told, and the rest is whole.
printf 'https://a.example.com -> web:3000 { helth /up }\n' >locked.itsup
chmod 444 locked.itsup
run 3 check --fix locked.itsup
has err 'cannot write locked.itsup'
has locked.itsup helth
run 2 check --fix - <a.itsup
has err 'standard input'
run 2 fmt --fix a.itsup
[ -z "$(find . -name '.itsupc*')" ]
