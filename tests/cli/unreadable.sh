#!/bin/sh
# A file or folder that may not be read is a finding.
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"

need_unprivileged
mkdir work work/locked
clean_file work/a.itsup
chmod 000 work/a.itsup
chmod 755 work
for command in 'check work/a.itsup' 'fmt --check work/a.itsup' 'tokens work/a.itsup'; do
    status=0
    # shellcheck disable=SC2086
    unprivileged "$ITSUPC" $command >out 2>err || status=$?
    expect_status 1 "$status" "$command"
    has err work/a.itsup:1:1
done
status=0
unprivileged "$ITSUPC" check work >out 2>err || status=$?
expect_status 1 "$status" 'check work'
chmod 644 work/a.itsup
chmod 000 work/locked
for command in 'check work/locked' 'fmt --check work'; do
    status=0
    # shellcheck disable=SC2086
    unprivileged "$ITSUPC" $command >out 2>err || status=$?
    expect_status 1 "$status" "$command"
    has err locked
done
chmod 755 work/locked
