# shellcheck shell=bash
# All mistakes of all files in one run, in order of file and line, whatever the order of the words.
bad >b.itsup
{ bad; echo; bad; } | sed '3s/db/other/' >a.itsup
expect 1 "$ITSUPC" check --format json a.itsup b.itsup
cp out first
expect 1 "$ITSUPC" check --format json b.itsup a.itsup
same out first
grep -o '"file":"[ab].itsup","line":[0-9]*' first | tr '\n' ' ' >places
[[ $(<places) == '"file":"a.itsup","line":1 "file":"a.itsup","line":3 "file":"b.itsup","line":1 ' ]] ||
    wrong "order: $(<places)"
