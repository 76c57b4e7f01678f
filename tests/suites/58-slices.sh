# shellcheck shell=bash
# Trees built in slices against the whole build, to the byte.

needs slices python3 || return 0
needs_compiler slices || return 0
told "slices: slices" python3 tests/slices.py -b "$ITSUPC_BUILD"
