#!/bin/sh
# What a router of an existing configuration costs: counted in instructions, and the same whether there
# are many or few.
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"

bench=${CLI_LIB%/cli/lib.sh}/bench
if ! valgrind --tool=none "$ITSUPC" --version >/dev/null 2>&1; then
    echo "valgrind cannot run the program here"
    exit 77
fi

count() { # FOLDER: instructions of a check
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$ITSUPC" check "$1" 2>&1 >/dev/null |
        sed -n 's/.*Collected : //p'
}

for kind in files labels one-host-files one-host-labels any-host-files; do
    for n in 200 400 1200; do
        PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$bench python3 -c "import bench; bench.KINDS['$kind']('$kind-$n', $n)"
    done
    few=$(count $kind-400)
    first=$(((few - $(count $kind-200)) / 200))
    more=$((($(count $kind-1200) - few) / 800))
    echo "$kind: $first instructions for a router, $more where there are many"
    [ $first -gt 1000 ] && [ $more -le 150000 ]
    [ $((more * 10)) -le $((first * 12)) ]
done
