#!/bin/sh
# How many instructions a check takes for each byte that it reads: counted, not timed, and the same on
# a busy machine. What all workspaces cost alike is left out by comparing two of them.
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"

corpus=${CLI_LIB%/cli/lib.sh}/bench/gen_corpus.py
if ! valgrind --tool=none "$ITSUPC" --version >/dev/null 2>&1; then
    echo "valgrind cannot run the program here"
    exit 77
fi

count() { # FOLDER: instructions of a check
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$ITSUPC" check "$1" 2>&1 >/dev/null |
        sed -n 's/.*Collected : //p'
}
bytes() {
    find "$1" -name '*.yml' -exec cat {} + | wc -c
}

for n in 40 140; do
    python3 "$corpus" --projects $n --seed 1 --out w$n >/dev/null
done
more=$(($(count w140) - $(count w40)))
each=$((more / ($(bytes w140) - $(bytes w40))))
echo "$each instructions for a byte"
[ $each -gt 20 ] && [ $each -le 190 ]
