# shellcheck shell=bash
# Each fuzz target over its seeds, the golden inputs: with libFuzzer where clang has it, else with
# our own main (tests/fuzz/replay.c) in the sanitize build.

kind=fuzz
if ! tool_there clang || ! tool_there feature:fuzzer; then
    needs corpus/libfuzzer clang feature:fuzzer || true
    needs corpus header:cmocka.h || return 0
    kind=sanitize
fi
if ! build "$kind"; then
    if [[ $kind == fuzz ]]; then
        fail_build build/fuzz fuzz
    else
        skip corpus "the $kind build failed"
    fi
    return 0
fi
[[ $kind != fuzz ]] || pass build/fuzz

for source in tests/fuzz/fuzz_*.c; do
    name=$(basename "$source" .c)
    program=build-fuzz/tests/$name
    [[ $kind == fuzz ]] || program=build-sanitize/tests/replay_$name
    if [[ ! -x $program ]]; then
        skip "corpus/$name" "$program does not exist"
        continue
    fi
    # shellcheck disable=SC2016 # the inner shell's
    check "corpus/$name" bash -o pipefail -c 'tests/fuzz/seeds | xargs -0 -r "$0"' "$program"
done
