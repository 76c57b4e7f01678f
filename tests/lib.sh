# shellcheck shell=bash
# What every suite in tests/suites may use. tests/run sources this, then the suite, in a process of
# its own whose folder is the repository's.
#
#   pass NAME                a test passed
#   fail NAME [FILE]         a test failed; FILE (or standard input with -) holds what to show
#   skip NAME REASON         a test could not run, and why
#   check NAME COMMAND...    pass or fail by the exit status; 77 is a skip with the last line as reason
#   told NAME COMMAND...     a program that writes results itself; fails when it ends without any
#   needs NAME TOOL...       true when all tools are there; else it has reported NAME
#   needs_build NAME KIND    true when that build is there; else it has reported NAME
#   build KIND               builds once per run: release, gcc, clang, sanitize, coverage, fuzz
#   $SCRATCH                 a folder of the suite's own
#   $ITSUPC                  the compiler under test, an absolute path
#
# A result is one line of $ITSUPC_RESULTS: word, name, reason or file, parted by tabs. The Python
# programs beside this file append to it too.

# shellcheck source=tests/install.sh
. tests/install.sh

report() {
    # -k without a suite of that name chooses among tests.
    [[ -z ${ITSUPC_FILTER:-} || $2 == *"$ITSUPC_FILTER"* ]] || return 0
    printf '%s\t%s\t%s\n' "$1" "$2" "${3:-}" >>"$ITSUPC_RESULTS"
}

pass() { report pass "$1"; }

skip() { report skip "$1" "$2"; }

fail() {
    local file=${2:-/dev/null} kept
    kept=$(mktemp "$SCRATCH/failure.XXXXXX")
    # Control characters of an output would spoil a terminal or a log.
    if [[ $file == - ]]; then cat; else cat "$file"; fi | tr '\000-\010\013-\037' '?' >"$kept"
    report fail "$1" "$kept"
}

check() {
    local name=$1 log status=0
    shift
    log=$(mktemp "$SCRATCH/check.XXXXXX")
    "$@" >"$log" 2>&1 </dev/null || status=$?
    case $status in
    0) pass "$name" ;;
    77) skip "$name" "$(tail -n 1 "$log")" ;;
    *) fail "$name" "$log" ;;
    esac
}

# told NAME COMMAND...: a program that writes results itself. One that ends without them, or with a
# status that none of them explains, has failed.
told() {
    local name=$1 keep status=0 before added
    shift
    keep=$(mktemp -d "$SCRATCH/told.XXXXXX")
    before=$(wc -l <"$ITSUPC_RESULTS")
    ITSUPC_KEEP=$keep "$@" >"$keep/log" 2>&1 </dev/null || status=$?
    added=$(tail -n +$((before + 1)) "$ITSUPC_RESULTS" | cut -f 1)
    case $status in
    0) [[ -n $added || -n $ITSUPC_FILTER ]] || fail "$name" "$keep/log" ;;
    1) [[ $added == *fail* ]] || fail "$name" "$keep/log" ;;
    77) skip "$name" "$(tail -n 1 "$keep/log")" ;;
    *) fail "$name" "$keep/log" ;;
    esac
}

needs() {
    local name=$1 tool
    shift
    for tool in "$@"; do
        tool_there "$tool" && continue
        if [[ ${CI:-} == true ]] && tool_listed "$tool"; then
            fail "$name" - <<<"tool $tool is missing (and CI=true)"
        else
            skip "$name" "tool $tool is missing"
        fi
        return 1
    done
}

build_dir() {
    if [[ $1 == release ]]; then echo build; else echo "build-$1"; fi
}

build_log() { echo "$ITSUPC_SCRATCH/build-$1.log"; }

# Several suites may want one build at the same time: the first one makes it.
build() {
    local kind=$1 state=$ITSUPC_SCRATCH/build-$1
    (
        flock 9
        [[ ! -e $state.ok ]] || exit 0
        [[ ! -e $state.failed ]] || exit 1
        if build_now "$kind" >"$(build_log "$kind")" 2>&1 </dev/null; then
            touch "$state.ok"
        else
            touch "$state.failed"
            exit 1
        fi
    ) 9>"$state.lock"
}

build_now() {
    local kind=$1 dir configure=()
    dir=$(build_dir "$kind")
    case $kind in
    release) ;;
    gcc) configure=(-DCMAKE_C_COMPILER=gcc -DCMAKE_BUILD_TYPE=Release) ;;
    clang) configure=(-DCMAKE_C_COMPILER=clang -DCMAKE_BUILD_TYPE=Release) ;;
    *) configure=(--preset "$kind") ;;
    esac
    # The presets, and what is built for tests alone, prefer Ninja; a folder keeps what it has.
    if [[ $kind != release && ! -e $dir/CMakeCache.txt ]]; then
        if tool_there ninja; then configure+=(-G Ninja); else configure+=(-G "Unix Makefiles"); fi
    elif [[ -e $dir/CMakeCache.txt ]]; then
        configure+=(-G "$(sed -n 's/^CMAKE_GENERATOR:INTERNAL=//p' "$dir/CMakeCache.txt")")
    fi
    cmake -B "$dir" "${configure[@]}"
    cmake --build "$dir" -j "$(nproc)"
}

# fail_build NAME KIND: a build failed; its log without the progress of what went well.
fail_build() { grep -vE '^\[[0-9]+/[0-9]+\] (Building|Linking|Generating)' "$(build_log "$2")" | tail -n 50 | fail "$1" -; }

needs_build() {
    local name=$1 kind=$2
    build "$kind" && return 0
    skip "$name" "the $kind build failed"
    return 1
}

# The compiler of the release build, or of the build that is being measured.
needs_compiler() {
    if [[ ${ITSUPC_BUILD:-build} == build ]] && ! build release; then
        skip "$1" "the release build failed"
        return 1
    fi
    if [[ ! -x $ITSUPC ]]; then
        skip "$1" "${ITSUPC#"$PWD/"} does not exist"
        return 1
    fi
}

# Our C files, without what the build and tree-sitter generate.
our_c_files() {
    find compiler grammar runtime tests editors/tree-sitter/src/scanner.c -name golden -prune -o -type f \( -name '*.c' -o -name '*.h' \) -print \
        2>/dev/null | sort
}

# Our shell scripts: by their first line, or by their name.
our_scripts() {
    {
        find .ci editors examples tests -name golden -prune -o -type f -name '*.sh' -print
        find .ci editors examples tests -name golden -prune -o -type f -print0 |
            xargs -0 -r awk 'FNR == 1 && /^#!.*[ \/](ba)?sh/ { print FILENAME } { nextfile }'
    } 2>/dev/null | sort -u
}
