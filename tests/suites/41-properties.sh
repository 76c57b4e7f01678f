# shellcheck shell=bash
# What must hold for any input, tried on every golden input and example.

needs properties python3 || return 0
needs_compiler properties || return 0
told "properties: properties" python3 tests/properties.py -b "$ITSUPC_BUILD"
