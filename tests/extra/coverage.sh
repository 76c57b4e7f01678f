# shellcheck shell=bash
# tests/run --coverage: branches of the hand-written compiler that the tests take. A figure, no
# verdict; the aim is 95 %.

needs coverage gcc gcovr header:cmocka.h python3 || return 0
if ! build coverage; then
    fail_build coverage coverage
    return 0
fi

find build-coverage -name '*.gcda' -delete
ctest --test-dir build-coverage -j "$(nproc)" --timeout 300 >"$SCRATCH/ctest" 2>&1 || true
if [[ -x build-coverage/itsupc ]]; then
    # The same tests as ever, their verdicts are another suite's; here they only walk the code.
    (
        unset ITSUPC_RESULTS
        export ITSUPC_BUILD=build-coverage ITSUPC=$PWD/build-coverage/itsupc
        tests/golden.sh -b build-coverage >/dev/null || true
        for walk in properties trace trees pages; do
            python3 "tests/$walk.py" -b build-coverage >/dev/null || true
        done
        cli_lib=$PWD/tests/cli/lib.sh
        for file in "$PWD"/tests/cli/*.sh; do
            folder=$SCRATCH/cli/$(basename "$file" .sh)
            mkdir -p "$folder"
            (cd "$folder" && env -u NO_COLOR -u TERM CLI_LIB="$cli_lib" timeout 120 sh "$file") \
                >/dev/null 2>&1 </dev/null || true
        done
    )
fi

# The failing side of an assertion is no branch that a test could take.
# A program that was killed leaves counts that do not add up; they are left out.
if gcovr --gcov-ignore-parse-errors --root . --object-directory build-coverage --filter compiler/ --filter grammar/ \
    --exclude '.*/generated/.*' --exclude '.*\.[ly]$' --exclude 'compiler/.*/make_[a-z_]*\.c' \
    --exclude-branches-by-pattern '.*\bassert\(.*' --json-summary "$SCRATCH/summary.json" \
    --txt "$SCRATCH/lines.txt" >"$SCRATCH/gcovr" 2>&1; then
    python3 tests/coverage.py "$SCRATCH/summary.json" >"$SCRATCH/show"
    pass coverage
else
    fail coverage "$SCRATCH/gcovr"
fi
