# shellcheck shell=bash
# The examples build to what stands beside them, without a word, and their READMEs are true.

needs worlds python3 || return 0
needs_compiler worlds || return 0
told "worlds: worlds" python3 tests/worlds.py -b "$ITSUPC_BUILD"
for page in examples/*/README.md; do
    check "worlds/links-$(basename "$(dirname "$page")")" python3 tests/links.py "$page"
done
