# shellcheck shell=bash
# tests/run --coverage: branches of the hand-written compiler that the tests take. A figure, no
# verdict; the aim is 95 %.

needs coverage gcc gcovr header:cmocka.h python3 || return 0
if ! build coverage; then
    fail coverage "$(build_log coverage)"
    return 0
fi

find build-coverage -name '*.gcda' -delete
ctest --test-dir build-coverage -j "$(nproc)" --timeout 300 >"$SCRATCH/ctest" 2>&1 || true
if [[ -x build-coverage/itsupc ]]; then
    # The same tests as ever, their verdicts are another suite's; here they only walk the code.
    (
        unset ITSUPC_RESULTS
        export ITSUPC_BUILD=build-coverage ITSUPC=$PWD/build-coverage/itsupc ROOT=$PWD
        tests/golden.sh -b build-coverage >/dev/null || true
        python3 tests/properties.py -b build-coverage >/dev/null || true
        for file in tests/cli/*.sh; do
            mkdir -p "$SCRATCH/cli/$(basename "$file")"
            # shellcheck disable=SC2016 # the inner shell's
            timeout 60 bash -euo pipefail -c 'cd "$1"; . "$ROOT/tests/cli.sh"; . "$ROOT/$2"' cli \
                "$SCRATCH/cli/$(basename "$file")" "$file" >/dev/null 2>&1 </dev/null || true
        done
    )
fi

# The failing side of an assertion is no branch that a test could take.
if gcovr --root . --object-directory build-coverage --filter compiler/ --filter grammar/ \
    --exclude '.*/generated/.*' --exclude '.*\.[ly]$' --exclude 'compiler/.*/make_[a-z_]*\.c' \
    --exclude-branches-by-pattern '.*\bassert\(.*' --json-summary "$SCRATCH/summary.json" \
    --txt "$SCRATCH/lines.txt" >"$SCRATCH/gcovr" 2>&1; then
    python3 tests/coverage.py "$SCRATCH/summary.json" >"$SCRATCH/show"
    pass coverage
else
    fail coverage "$SCRATCH/gcovr"
fi
