#!/bin/sh
# Compares what routers see of a request's path and query with Go's net/url, which Traefik reads them by.
# usage: url_path.sh BUILD_DIR [SEED [COUNT]]; exit 77 without Go.
set -eu
build=${1:?usage: url_path.sh BUILD_DIR}
seed=${2:-7}
count=${3:-30000}
here=$(cd "$(dirname "$0")" && pwd)
if ! command -v go >/dev/null 2>&1; then
    echo "oracle/url_path: skipped, go is not installed"
    exit 77
fi
ours=$(find "$build" -name url_path -type f | head -n 1)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
go build -o "$work/oracle" "$here/url_path_oracle.go"
"$work/oracle" generate "$seed" "$count" >"$work/cases"
"$work/oracle" judge <"$work/cases" >"$work/theirs"
"$ours" <"$work/cases" >"$work/ours"
if ! cmp -s "$work/ours" "$work/theirs"; then
    echo "oracle/url_path: disagreements (target, ours, Go's, in hexadecimal):"
    paste -d'\t' "$work/cases" "$work/ours" "$work/theirs" | awk -F'\t' '$2 != $3' | head -n 20
    exit 1
fi
echo "oracle/url_path: $(wc -l <"$work/theirs") targets agree"
