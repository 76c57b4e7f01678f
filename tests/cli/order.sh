#!/bin/sh
# All mistakes of all files in one run, in order of file and line, whatever the order of the words.
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"

bad_file b.itsup
bad_file a.itsup
printf '\nftp://other.example.com -> web:3000\n' >>a.itsup
run 1 check --format json a.itsup b.itsup
cp out first
run 1 check --format json b.itsup a.itsup
cmp out first
grep -o '"file":"[ab].itsup","line":[0-9]*' first | sed 's/.*:"//; s/".*:/ /' >places
printf 'a.itsup 1\na.itsup 3\nb.itsup 1\n' | diff - places
