#!/bin/sh
# Runs every tests/cli/*.sh (or those named) in a fresh folder; $ITSUPC is the program.
# A script that fails shows its output; exit 77 is a skip. The last line tells the sums.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
ITSUPC=${ITSUPC:-$here/../build/itsupc}
[ -x "$ITSUPC" ] || { echo "no program at $ITSUPC; build it, or say where in ITSUPC" >&2; exit 1; }
ITSUPC=$(CDPATH='' cd -- "$(dirname -- "$ITSUPC")" && pwd)/${ITSUPC##*/}
export ITSUPC LC_ALL=C
unset NO_COLOR TERM

[ $# -gt 0 ] || set -- "$here"/cli/*.sh
work=$(mktemp -d)
trap 'chmod -R u+rwx "$work"; rm -rf "$work"' EXIT
passed=0 failed=0 skipped=0
for script; do
    name=$(basename "$script" .sh)
    [ "$name" = lib ] && continue
    mkdir -p "$work/$name"
    status=0
    (cd "$work/$name" && CLI_LIB="$here/cli/lib.sh" sh "$script") >"$work/log" 2>&1 </dev/null || status=$?
    case $status in
    0) passed=$((passed + 1)) ;;
    77) skipped=$((skipped + 1)) ;;
    *)
        failed=$((failed + 1))
        echo "cli/$name failed (exit $status):"
        sed 's/^/    /' "$work/log"
        ;;
    esac
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
