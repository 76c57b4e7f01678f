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

mutants=2000 rules=5000
[[ ${ITSUPC_CONFORMANCE:-} != full ]] || mutants=20000 rules=50000
export ITSUPC_KEEP=$SCRATCH

if program judge; then
    told "conformance: texts" python3 tests/conformance/texts.py -b "$ITSUPC_BUILD" --judge "$program" --count "$mutants"
    told "conformance: splice" python3 tests/conformance/splice.py -b "$ITSUPC_BUILD" --judge "$program"
    told "conformance: readback" python3 tests/conformance/readback.py -b "$ITSUPC_BUILD" --judge "$program"
    told "conformance: compose" python3 tests/conformance/compose.py -b "$ITSUPC_BUILD" --judge "$program" --mutants "$mutants"
    told "conformance: variables" python3 tests/conformance/variables.py -b "$ITSUPC_BUILD" --judge "$program" --count "$mutants"
    told "conformance: rules" python3 tests/conformance/rules.py -b "$ITSUPC_BUILD" --judge "$program" --count "$rules"
    told "conformance: options" python3 tests/conformance/options.py --judge "$program"
    told "conformance: toml" python3 tests/conformance/toml.py -b "$ITSUPC_BUILD" --judge "$program" --count "$mutants"
    told "conformance: accepted" python3 tests/conformance/accepted.py -b "$ITSUPC_BUILD" --judge "$program" --count "$mutants"
fi
if there judge-static; then
    told "conformance: options-static" python3 tests/conformance/options.py --judge "$program" --static
    told "conformance: accepted-static" python3 tests/conformance/accepted.py -b "$ITSUPC_BUILD" --judge "$program" --static --count "$mutants"
    told "conformance: flags" python3 tests/conformance/flags.py -b "$ITSUPC_BUILD" --judge "$program"
fi

# Random configurations and requests, 21,000 of them; ten times as many with --conformance. What check says
# of them is asked, too.
configs=28
[[ ${ITSUPC_CONFORMANCE:-} != full ]] || configs=280
asker=''
if there asker; then
    asker=$program
    for seed in 1 2 3 4 5; do
        told "conformance: routes-$seed" python3 tests/conformance/routes.py -b "$ITSUPC_BUILD" --asker "$asker" \
            --seed "$seed" --configs "$configs"
    done
fi
# Random workspaces of ours, built, and asked.
if [[ -n $asker ]] && program judge; then
    told "conformance: workspaces" python3 tests/conformance/workspaces.py -b "$ITSUPC_BUILD" --judge "$program" --asker "$asker" --count "$configs"
    # The findings of the goldens and the examples, asked of the proxy.
    told "conformance: lints" python3 tests/conformance/lints.py -b "$ITSUPC_BUILD" --judge "$program" --asker "$asker"
fi

there traefik || return 0
traefik=$program

# Each feature by name: TCP, UDP, PROXY protocol, HTTP/3, weights, failover, a certificate by ACME, …
if [[ -n $asker ]] && needs conformance/features ip unshare openssl; then
    told "conformance: features" python3 tests/conformance/features.py -b "$ITSUPC_BUILD" --traefik "$traefik" --asker "$asker"
fi
there judge-static || return 0

# proxy NAME WORDS...: what the real proxy makes of tests/conformance/proxy/NAME, as JSON in $SCRATCH/NAME.
proxy() {
    local name=$1
    shift
    python3 tests/conformance/proxy.py --traefik "$traefik" --judge "$program" \
        --compose "tests/conformance/proxy/$name/compose.yml" "$@" | tee "$SCRATCH/$name"
    return "${PIPESTATUS[0]}"
}

# Both: the harness notices what Traefik refuses, and nothing else.
proxy_refuses() {
    local status=0
    proxy bad >/dev/null || status=$?
    [[ $status == 1 ]] || { tail -n 1 "$SCRATCH/bad"; return "$status"; }
    cat "$SCRATCH/bad"
    grep -q '"what": "http.routers.disabled@docker"' "$SCRATCH/bad" &&
        grep -q 'field not found, node: rul"' "$SCRATCH/bad"
}

needs conformance/proxy ip unshare || return 0
check conformance/proxy-loads proxy good --static tests/conformance/proxy/good/traefik.yml \
    --dynamic tests/conformance/proxy/good/dynamic
check conformance/proxy-refuses proxy_refuses

# What build writes, loaded and routed as trace says.
needs conformance/worlds openssl || return 0
check conformance/worlds python3 tests/conformance/worlds.py -b "$ITSUPC_BUILD" --traefik "$traefik" --judge "$program"
