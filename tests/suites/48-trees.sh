# shellcheck shell=bash
# Generated itsUP trees with seeded mistakes, and what a large tree costs.

needs trees python3 || return 0
needs_compiler trees || return 0
told "trees: trees" python3 tests/trees.py -b "$ITSUPC_BUILD"
