# shellcheck shell=bash
# What the original generators got wrong, row by row: built, and asked with `itsupc trace`.

needs rows python3 || return 0
needs_compiler rows || return 0
told "rows: rows" python3 tests/rows.py -b "$ITSUPC_BUILD"
