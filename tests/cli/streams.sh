#!/bin/sh
# A closed, full or abandoned standard output is exit 3, without a signal death.
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"

clean_file good.itsup
bad_file bad.itsup
for command in version help explain 'check bad.itsup --format json' 'build --emit ir good.itsup' \
    'fmt - --color never'; do
    status=0
    # shellcheck disable=SC2086
    "$ITSUPC" $command <good.itsup >&- 2>err || status=$?
    expect_status 3 "$status" "$command >&-"
    has err 'cannot write to standard output'
    [ -c /dev/full ] || continue
    status=0
    # shellcheck disable=SC2086
    "$ITSUPC" $command <good.itsup >/dev/full 2>err || status=$?
    expect_status 3 "$status" "$command >/dev/full"
    has err 'No space left'
done
status=0
"$ITSUPC" check bad.itsup >&- 2>err || status=$?
expect_status 1 "$status" 'check >&-: no answer, nothing to lose'
status=0
"$ITSUPC" check bad.itsup 2>&- >out || status=$?
expect_status 1 "$status" 'check 2>&-'

# A reader that has left: the write fails once the pipe is broken.
mkfifo gone
(exec 3<gone; exec 3<&-) &
status=0
{
    wait
    sleep 0.1
    "$ITSUPC" explain 2>err || echo $? >status
} >gone
[ "$(cat status)" = 3 ]
empty err
