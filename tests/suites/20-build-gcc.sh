# shellcheck shell=bash
# The release build as the README says it, and a build by gcc: without a warning, of bison and flex
# as well.

# built KIND: reports a build as one test.
built() {
    local log
    log=$(build_log "$1")
    if ! build "$1"; then
        fail_build "build/$1" "$1"
    elif grep -E '\bwarning\b' "$log" >"$SCRATCH/$1.warnings"; then
        fail "build/$1" "$SCRATCH/$1.warnings"
    else
        pass "build/$1"
    fi
}

built release
check build/itsupc-is-there test -x build/itsupc

needs build/gcc gcc || return 0
if grep -qE '^CMAKE_C_COMPILER_ID.*GNU' build/CMakeFiles/*/CMakeCCompiler.cmake 2>/dev/null ||
    grep -q 'set(CMAKE_C_COMPILER_ID "GNU")' build/CMakeFiles/*/CMakeCCompiler.cmake 2>/dev/null; then
    [[ ! -e $ITSUPC_SCRATCH/build-release.ok ]] || pass build/gcc # the release build is the one by gcc
else
    built gcc
fi
