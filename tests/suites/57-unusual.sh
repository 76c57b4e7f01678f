# shellcheck shell=bash
# Existing configurations that are right and unusual, their keys misspelt, and the requests that findings
# about others name, asked again.

needs unusual python3 || return 0
needs_compiler unusual || return 0
told "unusual: unusual" python3 tests/unusual.py -b "$ITSUPC_BUILD"
told "unusual: lint_random" python3 tests/lint_random.py -b "$ITSUPC_BUILD"
told "unusual: witness" python3 tests/witness.py -b "$ITSUPC_BUILD"
