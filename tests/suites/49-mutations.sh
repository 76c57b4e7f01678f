# shellcheck shell=bash
# Mistakes made on purpose in the fixtures: every key misspelt, every scalar of a wrong type.

needs mutations python3 || return 0
needs_compiler mutations || return 0
told "mutations: mutations" python3 tests/mutations.py -b "$ITSUPC_BUILD"
