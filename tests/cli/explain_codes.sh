#!/bin/sh
# Every code that the compiler knows has its page in the program.
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"

table=${CLI_LIB%/tests/cli/lib.sh}/compiler/source/codes.def
sed -n 's/^CODE([A-Z0-9_]*, "\([A-Z][0-9]*\)".*/\1/p' "$table" >codes
[ -s codes ]
while read -r code; do
    run 0 explain "$code"
    empty err
    has out "$code"
done <codes
