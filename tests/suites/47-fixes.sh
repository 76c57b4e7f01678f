# shellcheck shell=bash
# The fixes that findings offer, applied to every golden input: each mends its finding.

needs fixes python3 || return 0
needs_compiler fixes || return 0
told "fixes: fixes" python3 tests/fixes.py -b "$ITSUPC_BUILD"
