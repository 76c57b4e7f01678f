#!/bin/sh
# Compares our YAML tree with PyYAML's events, byte by byte, on random documents.
# usage: yaml_tree.sh BUILD_DIR [SEED [COUNT]]; exit 77 without python3-yaml.
set -eu
build=${1:?usage: yaml_tree.sh BUILD_DIR}
seed=${2:-20240229}
count=${3:-1000}
dump=$(find "$build" -name yaml_dump -type f | head -n 1)
python=
for candidate in python3 /usr/bin/python3; do
    if "$candidate" -c 'import yaml' 2>/dev/null; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    echo "oracle/yaml_tree: skipped, python3-yaml is not installed"
    exit 77
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" "$(dirname "$0")/yaml_tree.py" "$dump" "$count" "$seed" "$folder"
