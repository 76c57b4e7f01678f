#!/bin/sh
# Our YAML tree against PyYAML's, on random documents: yaml_tree.sh DUMP [COUNT [SEED]].
# Exit 77 (skipped) without python3-yaml.
set -eu
dump=$1
python=
for candidate in python3 /usr/bin/python3; do
    if "$candidate" -c 'import yaml' 2>/dev/null; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    echo "python3-yaml is missing: skipped"
    exit 77
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" "$(dirname "$0")/yaml_tree.py" "$dump" "${2:-400}" "${3:-1}" "$folder"
