# shellcheck shell=bash
# Every folder of tests/golden: what the compiler says and makes of an input, byte for byte.

needs golden python3 || return 0
needs_compiler golden || return 0
told "golden: golden" tests/golden.sh -b "$ITSUPC_BUILD"

# The same once more where asserts speak: the release build has neither them nor the sanitizers.
needs_build golden/sanitized sanitize || return 0
if env -u ITSUPC_RESULTS tests/golden.sh -b build-sanitize >"$SCRATCH/sanitized" 2>&1; then
    pass golden/sanitized
else
    fail golden/sanitized "$SCRATCH/sanitized"
fi
