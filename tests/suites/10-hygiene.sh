# shellcheck shell=bash
# What may be tracked: the top level of the house, no path of a machine, scripts that can be run.

allowed='CMakeLists.txt Dockerfile CMakePresets.json grammar compiler runtime examples tests editors docs README.md LICENSE action.yml'

needs hygiene git || return 0
if ! git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
    skip hygiene "this is no git checkout"
    return 0
fi

top_level() {
    local entry
    git ls-files | cut -d/ -f1 | sort -u | while read -r entry; do
        case $entry in .*) continue ;; esac
        [[ " $allowed " == *" $entry "* ]] || echo "$entry does not belong at the top level"
    done
}

# The pattern is built from pieces, so that this file does not hold it.
machine_paths() {
    local slash=/ patterns=() root=$PWD
    patterns=(-e "${slash}work${slash}" -e "${slash}tmp${slash}bash_")
    # A root of one component, such as /src, would be found in ordinary text.
    [[ ${root#/} != */* ]] || patterns+=(-e "$root")
    git grep -nIF "${patterns[@]}" -- . || true
}

not_executable() {
    git ls-files -s -- '*' | while read -r mode _ _ file; do
        [[ $mode == 100644 && -f $file ]] || continue
        [[ $(head -c 2 "$file" | tr -d '\0') != '#!' ]] || echo "$file starts with #! and is not executable"
    done
}

generated_files() {
    git ls-files | grep -E '^build(-[a-z]+)?/|\.(o|a|gcda|gcno|pyc)$' || true
}

for test in top_level machine_paths not_executable generated_files; do
    $test >"$SCRATCH/$test"
    if [[ -s $SCRATCH/$test ]]; then fail "hygiene/$test" "$SCRATCH/$test"; else pass "hygiene/$test"; fi
done
