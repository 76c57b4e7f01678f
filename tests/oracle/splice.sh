#!/bin/sh
# Splices random edits into compose files: those of the tests, and generated ones of every shape. PyYAML
# judges whether source + edits is what came out, and whether insertions were all that was done.
# usage: splice.sh BUILD_DIR [SEED [COUNT]]; exit 77 without python3-yaml.
set -eu
build=${1:?usage: splice.sh BUILD_DIR}
seed=${2:-20240229}
count=${3:-1500}
apply=$(find "$build" -name splice_apply -type f | head -n 1)
python=
for candidate in python3 /usr/bin/python3; do
    if "$candidate" -c 'import yaml' 2>/dev/null; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    echo "oracle/splice: skipped, python3-yaml is not installed"
    exit 77
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
here=$(dirname "$0")
find "$here/../fixtures" "$here/../golden" "$here/../../examples" -type f -name '*compose*.yml' 2>/dev/null |
    sort | tr '\n' '\0' | xargs -0 "$python" "$here/splice.py" "$apply" "$count" "$seed" "$folder"
