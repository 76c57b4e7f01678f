#!/bin/sh
# In a folder that may not be written fmt fails, and nothing changes.
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"

need_unprivileged
mkdir work
loose_file work/a.itsup
loose_file before
chmod 666 work/a.itsup
chmod 555 work
status=0
unprivileged "$ITSUPC" fmt work/a.itsup >out 2>err || status=$?
expect_status 3 "$status" fmt
has err 'cannot write'
cmp work/a.itsup before
[ "$(ls -A work)" = a.itsup ]
