#!/bin/sh
# Compares our matcher with Go's regexp on thousands of pairs of pattern and text.
# usage: regex_match.sh BUILD_DIR [SEED [COUNT]]; exit 77 without Go.
set -eu
build=${1:?usage: regex_match.sh BUILD_DIR}
seed=${2:-20240301}
count=${3:-6000}
here=$(cd "$(dirname "$0")" && pwd)
if ! command -v go >/dev/null 2>&1; then
    echo "oracle/regex_match: skipped, go is not installed"
    exit 77
fi
match=$(find "$build" -name regex_match -type f | head -n 1)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
go build -o "$work/oracle" "$here/regex_match_oracle.go"
"$work/oracle" generate "$seed" "$count" >"$work/cases"
"$work/oracle" judge <"$work/cases" >"$work/theirs"
"$match" <"$work/cases" >"$work/ours"
if ! cmp -s "$work/ours" "$work/theirs"; then
    echo "oracle/regex_match: disagreements (pattern and text in hexadecimal, ours, Go's):"
    paste - - <"$work/cases" | paste - "$work/ours" "$work/theirs" |
        awk -F'\t' '$3 != $4 { print substr($0, 1, 2000) }' | head -n 20
    exit 1
fi
yes=$(grep -c '^yes' "$work/theirs" || true)
echo "oracle/regex_match: $(wc -l <"$work/theirs") pairs agree ($yes match)"
