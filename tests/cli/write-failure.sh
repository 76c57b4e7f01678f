# shellcheck shell=bash
# An answer that cannot be written is status 3.
[[ -c /dev/full ]] || { echo "there is no /dev/full here"; exit 77; }
good >good.itsup
status=0
"$ITSUPC" build --emit ir good.itsup >/dev/full 2>err || status=$?
[[ $status == 3 ]] || wrong "status $status with a full disk"
status=0
"$ITSUPC" version >/dev/full 2>err || status=$?
[[ $status == 3 ]] || wrong "status $status of version with a full disk"
