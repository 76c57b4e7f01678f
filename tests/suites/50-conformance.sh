# shellcheck shell=bash
# What the compiler accepts and makes, judged by the real thing: Traefik's own decoders and rule
# parsers and Compose's own loader, built once from tests/conformance (see docs/testing.md).
#
# tests/run builds the judge when it is missing; the real proxy, which takes minutes, under CI=true or
# --conformance alone.

needs conformance python3 feature:go || return 0
needs_compiler conformance || return 0

# program NAME: its path in $program; else the reason was reported. Built when it is missing.
program() {
    local status=0
    program=$(tests/conformance/setup "$1" 2>"$SCRATCH/setup-$1") || status=$?
    case $status in
    0) return 0 ;;
    77) skip "conformance/$1" "$(tail -n 1 "$SCRATCH/setup-$1")" ;;
    *) fail "conformance/$1" "$SCRATCH/setup-$1" ;;
    esac
    return 1
}

# there NAME: the same for what takes minutes to build.
there() {
    if [[ ${CI:-} != true && ${ITSUPC_CONFORMANCE:-} != full ]] &&
        ! tests/conformance/setup --there "$1" >/dev/null 2>&1; then
        skip "conformance/$1" "not built; tests/run --conformance builds it"
        return 1
    fi
    program "$1"
}

mutants=2000
[[ ${ITSUPC_CONFORMANCE:-} != full ]] || mutants=20000
export ITSUPC_KEEP=$SCRATCH

if program judge; then
    python3 tests/conformance/texts.py -b "$ITSUPC_BUILD" --judge "$program" --count "$mutants" >"$SCRATCH/texts" || true
    python3 tests/conformance/compose.py -b "$ITSUPC_BUILD" --judge "$program" --mutants "$mutants" >"$SCRATCH/compose" || true
fi
if there traefik; then pass conformance/traefik; fi
