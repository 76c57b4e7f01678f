# shellcheck shell=bash
# Existing configurations that are right and unusual, their keys misspelt, and the requests that findings
# about others name, asked again.

needs unusual python3 || return 0
needs_compiler unusual || return 0
ITSUPC_KEEP=$SCRATCH python3 tests/unusual.py -b "$ITSUPC_BUILD" >/dev/null || true
ITSUPC_KEEP=$SCRATCH python3 tests/lint_random.py -b "$ITSUPC_BUILD" >/dev/null || true
ITSUPC_KEEP=$SCRATCH python3 tests/witness.py -b "$ITSUPC_BUILD" >/dev/null || true
