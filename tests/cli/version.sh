# shellcheck shell=bash
# The version is an answer: standard output, nothing else.
expect 0 "$ITSUPC" version
empty err
grep -qE '^itsupc [0-9]+\.[0-9]+\.[0-9]+' out || wrong 'not "itsupc N.N.N"'
cp out version
expect 0 "$ITSUPC" --version
same out version
