# shellcheck shell=bash
# The pre-commit hooks, with the program installed and with one that the hook builds for itself.

needs hooks git || return 0
needs_compiler hooks || return 0
needs hooks pre-commit || return 0
check hooks/manifest pre-commit validate-manifest .pre-commit-hooks.yaml
check hooks/installed timeout 300 tests/hooks.sh "$ITSUPC" system
check hooks/from-source timeout 600 tests/hooks.sh "$ITSUPC" src
