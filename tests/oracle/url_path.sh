#!/bin/sh
# Compares what routers see of a request's path and query with Go's net/url, which Traefik reads them by.
# usage: url_path.sh BUILD_DIR [SEED [COUNT]]; exit 77 without Go.
set -eu
# shellcheck source=tests/oracle/common
. "$(dirname "$0")/common"
oracle url_path url_path 7 30000 "$@"
ask_go url_path_oracle.go
if ! cmp -s "$work/ours" "$work/theirs"; then
    echo "oracle/url_path: disagreements (target, ours, Go's, in hexadecimal):"
    paste -d'\t' "$work/cases" "$work/ours" "$work/theirs" | awk -F'\t' '$2 != $3' | head -n 20
    exit 1
fi
echo "oracle/url_path: $(wc -l <"$work/theirs") targets agree"
