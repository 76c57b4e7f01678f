#!/bin/sh
# Splices random edits into compose files: those of the tests, and generated ones of every shape. PyYAML
# judges whether source + edits is what came out, and whether insertions were all that was done.
# usage: splice.sh BUILD_DIR [SEED [COUNT]]; exit 77 without python3-yaml.
set -eu
# shellcheck source=tests/oracle/common
. "$(dirname "$0")/common"
oracle splice splice_apply 20240229 1500 "$@"
needs_python yaml python3-yaml
find "$here/../fixtures" "$here/../golden" "$here/../../examples" -type f -name '*compose*.yml' 2>/dev/null |
    sort | tr '\n' '\0' | xargs -0 "$python" "$here/splice.py" "$program" "$count" "$seed" "$work"
