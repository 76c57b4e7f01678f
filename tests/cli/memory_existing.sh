#!/bin/sh
# What 100,000 routers of an existing configuration take in memory: in files, in one file, in labels.
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"

bench=${CLI_LIB%/cli/lib.sh}/bench
export PYTHONDONTWRITEBYTECODE=1 PYTHONPATH="$bench"

peak() { # WORD…: MiB that the program takes at most; it must find nothing
    python3 -c 'import bench, sys
_, peak, status, _ = bench.measure(sys.argv[1:])
print(int(peak))
sys.exit(status)' "$ITSUPC" "$@"
}

small() { # WORD…
    took=$(peak "$@")
    echo "$*: $took MiB"
    [ "$took" -le 400 ]
}

for kind in files single labels; do
    python3 -c "import bench; bench.generate_$kind('$kind', 100000)"
    small check "$kind"
done
for kind in files single; do
    small trace --static "$kind/traefik.yml" --dynamic "$kind/dynamic" https://app7.example.com/health
    small graph --static "$kind/traefik.yml" --dynamic "$kind/dynamic"
done
small trace --compose labels/compose.yml https://app7.example.com/health
small graph --compose labels/compose.yml

# A folder that is not read is none without findings.
run 0 check single
has err "no findings in 2 files"
