#!/bin/sh
# An answer that cannot be written is status 3, and said.
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"

if [ ! -c /dev/full ]; then
    echo "there is no /dev/full here"
    exit 77
fi
clean_file good.itsup
: >out
for command in version help 'explain E0201' 'build --emit ir good.itsup' 'check --format json good.itsup' \
    'tokens good.itsup' 'ast good.itsup' 'fmt - '; do
    status=0
    # shellcheck disable=SC2086
    "$ITSUPC" $command <good.itsup >/dev/full 2>err || status=$?
    expect_status 3 "$status" "$command >/dev/full"
    [ -s err ]
done
