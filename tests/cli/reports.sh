#!/bin/sh
# --format json:FILE writes that report; what cannot be written is exit 3.
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"

bad_file bad.itsup
run 1 check bad.itsup --format json:report.json
has err E0201
empty out
has report.json '"diagnostics"'
"$ITSUPC" check bad.itsup --format json >want 2>err || :
cmp report.json want
run 1 check bad.itsup --format json --format json:two.json --format text:three.txt
cmp out want
cmp two.json want
has three.txt E0201
empty err
mkdir sub
clean_file sub/good.itsup
run 0 -C sub check --format json:report.json
has sub/report.json '"files":1'
run 3 check bad.itsup --format json:nowhere/report.json
has err 'cannot write nowhere/report.json'
run 3 check sub/good.itsup --format json:sub
run 1 check bad.itsup --format json:/dev/null
ln -s report.json link.json
run 1 check bad.itsup --format json:link.json
[ -L link.json ]
if [ -c /dev/full ]; then
    run 3 check sub/good.itsup --format json:/dev/full
fi
[ -z "$(find . -name '.itsupc*')" ]
