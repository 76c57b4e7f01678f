# shellcheck shell=bash
# tests/run --bench: the table of tests/bench/run. It passes when the compiler does; times are no test.

needs bench python3 || return 0
needs_compiler bench || return 0
if tests/bench/run -b "$ITSUPC_BUILD" >"$SCRATCH/show" 2>&1; then pass bench; else fail bench "$SCRATCH/show"; fi
