# shellcheck shell=bash
# tests/run --conformance: what the compiler says about routing against a real Traefik.

if [[ ! -x tests/conformance/run ]]; then
    skip conformance "tests/conformance/run does not exist: this version emits nothing that Traefik reads"
    return 0
fi
needs_compiler conformance || return 0
check conformance tests/conformance/run "$PWD/$ITSUPC_BUILD"
