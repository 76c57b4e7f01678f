# shellcheck shell=bash
# What must hold for any input, tried on every golden input and example.

needs properties python3 || return 0
needs_compiler properties || return 0
ITSUPC_KEEP=$SCRATCH python3 tests/properties.py -b "$ITSUPC_BUILD" >/dev/null || true
