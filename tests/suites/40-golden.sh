# shellcheck shell=bash
# Every folder of tests/golden: what the compiler says and makes of an input, byte for byte.

needs golden python3 || return 0
needs_compiler golden || return 0
ITSUPC_KEEP=$SCRATCH tests/golden.sh -b "$ITSUPC_BUILD" >/dev/null || true
