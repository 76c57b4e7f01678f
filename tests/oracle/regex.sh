#!/bin/sh
# Compares our regular expression checker with Go's regexp/syntax on thousands of patterns.
# usage: regex.sh BUILD_DIR [SEED [COUNT]]; exit 77 without Go.
#
# Intended exceptions: none are needed here. Known to differ, and not generated, because nobody writes
# them: Go factors common prefixes out of alternatives before it measures height and size, and it counts
# the ranges of all classes (33 million), so that patterns right at those limits may be judged otherwise.
set -eu
# shellcheck source=tests/oracle/common
. "$(dirname "$0")/common"
oracle regex regex_check 20240229 20000 "$@"
ask_go regex_oracle.go
cut -d' ' -f1 "$work/ours" >"$work/ours.short"
cut -d' ' -f1 "$work/theirs" >"$work/theirs.short"
total=$(wc -l <"$work/cases")
if ! cmp -s "$work/ours.short" "$work/theirs.short"; then
    echo "oracle/regex: disagreements (case in hexadecimal, ours, Go's):"
    paste -d'|' "$work/cases" "$work/ours" "$work/theirs" |
        awk -F'|' '{ split($2, a, " "); split($3, b, " "); if (a[1] != b[1]) print substr($0, 1, 300) }' | head -n 20
    exit 1
fi
accepted=$(grep -c '^ok' "$work/theirs" || true)
echo "oracle/regex: $total patterns agree ($accepted accepted)"
