#!/bin/sh
# build prints the intermediate form; what it cannot do yet is a usage error.
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"

clean_file a.itsup
run 2 build a.itsup
has err '--emit ir'
for what in labels override upstream routers static proxy sourcemap ir,labels; do
    run 2 build --emit "$what" a.itsup
    has err 'not available in this version'
done
run 2 build --emit labls a.itsup
has err 'did you mean labels?'
run 0 build --emit ir a.itsup
[ -s out ]
empty err
run 0 build --emit ir --format json a.itsup
has err '"diagnostics"'
lacks out '"diagnostics"'
bad_file bad.itsup
run 1 build --emit ir bad.itsup
empty out
run 1 build --emit ir --format json bad.itsup
has out '"diagnostics"'
[ "$(echo *)" = 'a.itsup bad.itsup err out' ]
