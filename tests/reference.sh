#!/usr/bin/env bash
# The part of docs/language.md that the compiler writes, between its two markers.
# usage: tests/reference.sh [-u] [-b BUILD]   compares it with what the compiler says; -u rewrites it
set -euo pipefail
build=build update=false
while (($#)); do
    case $1 in
    -u) update=true ;;
    -b)
        build=$2
        shift
        ;;
    *)
        sed -n 's/^# usage: //p' "$0" >&2
        exit 2
        ;;
    esac
    shift
done
cd "$(dirname "$0")/.."
page=docs/language.md
[[ $build == /* ]] || build=$PWD/$build
now=$(mktemp)
trap 'rm -f "$now"' EXIT

if [[ $(grep -cE '^<!-- generated:(begin|end)' $page) != 2 ]]; then
    echo "$page needs one line \"<!-- generated:begin reference -->\" and one \"<!-- generated:end -->\""
    exit 1
fi
{
    sed '/^<!-- generated:begin/q' $page
    "$build/itsupc" help --reference
    sed -n '/^<!-- generated:end/,$p' $page
} >"$now"
if [[ $update == true ]]; then
    cmp -s "$now" $page || cat "$now" >$page
elif ! diff -u $page "$now"; then
    echo "stale: run tests/reference.sh -u"
    exit 1
fi
