#!/bin/sh
# Compares our own reader of YAML with libyaml, in every part of the tree: on all YAML of the tests and
# the examples, on a generated corpus, on ../shared if it is there, and on mutants of all these.
# usage: yaml_readers.sh BUILD_DIR [SEED [MUTANTS]]
set -eu
build=${1:?usage: yaml_readers.sh BUILD_DIR}
seed=${2:-20240229}
mutants=${3:-50000}
here=$(cd "$(dirname "$0")" && pwd)
compare=$(find "$build" -name yaml_readers -type f | head -n 1)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 "$here/../bench/gen_corpus.py" --projects 100 --seed "$seed" --out "$work/corpus" >/dev/null

yaml() {
    find "$@" -type f \( -name '*.yml' -o -name '*.yaml' \) -size -60k -print0 | sort -z
}

# What people write must take the quick way, or it is quick for nothing.
yaml "$work/corpus" | xargs -0 "$compare" 0 1 >"$work/out" || { cat "$work/out"; exit 1; }
if ! grep -q '^files: [1-9].* both, 0 by libyaml alone, 0 by neither' "$work/out"; then
    echo 'oracle/yaml_readers: the generated corpus is not read by our own reader alone'
    cat "$work/out"
    exit 1
fi

set -- "$here/.." "$here/../../examples" "$here/../../runtime" "$work/corpus"
shared=$here/../../../shared
if [ -d "$shared" ]; then
    set -- "$@" "$shared"
else
    echo 'oracle/yaml_readers: ../shared is not there, its files are skipped'
fi
yaml "$@" | xargs -0 "$compare" "$mutants" "$seed"
