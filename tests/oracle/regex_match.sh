#!/bin/sh
# Compares our matcher with Go's regexp on thousands of pairs of pattern and text.
# usage: regex_match.sh BUILD_DIR [SEED [COUNT]]; exit 77 without Go.
set -eu
# shellcheck source=tests/oracle/common
. "$(dirname "$0")/common"
oracle regex_match regex_match 20240301 6000 "$@"
ask_go regex_match_oracle.go
if ! cmp -s "$work/ours" "$work/theirs"; then
    echo "oracle/regex_match: disagreements (pattern and text in hexadecimal, ours, Go's):"
    paste - - <"$work/cases" | paste - "$work/ours" "$work/theirs" |
        awk -F'\t' '$3 != $4 { print substr($0, 1, 2000) }' | head -n 20
    exit 1
fi
yes=$(grep -c '^yes' "$work/theirs" || true)
echo "oracle/regex_match: $(wc -l <"$work/theirs") pairs agree ($yes match)"
