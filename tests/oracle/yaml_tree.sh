#!/bin/sh
# Compares our YAML tree with PyYAML's events, byte by byte, on random documents.
# usage: yaml_tree.sh BUILD_DIR [SEED [COUNT]]; exit 77 without python3-yaml.
set -eu
# shellcheck source=tests/oracle/common
. "$(dirname "$0")/common"
oracle yaml_tree yaml_dump 20240229 1000 "$@"
needs_python yaml python3-yaml
"$python" "$here/yaml_tree.py" "$program" "$count" "$seed" "$work"
