#!/bin/sh
# 0 clean, 1 findings, 2 usage; the same in every format.
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"

clean_file good.itsup
bad_file bad.itsup
for format in text json json:report text:report; do
    run 0 check good.itsup --format "$format"
    run 1 check bad.itsup --format "$format"
    run 1 check good.itsup bad.itsup --format "$format"
    run 2 check missing.itsup --format "$format"
    run 0 build --emit ir good.itsup --format "$format"
    run 1 build --emit ir bad.itsup --format "$format"
    run 0 fmt --check good.itsup --format "$format"
done
run 1 check bad.itsup
has err E0201
has err bad.itsup:1:1
empty out

# Text goes to standard error, machine forms to standard output.
run 1 check bad.itsup --format json
has out '"diagnostics"'
empty err
run 1 check bad.itsup --format json --format text
has out '"diagnostics"'
has err E0201
