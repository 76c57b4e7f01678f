# shellcheck shell=bash
# Routing as Traefik does it: each case of tests/fixtures/route-cases.json is one test.

needs trace python3 || return 0
needs_compiler trace || return 0
told "trace: trace" python3 tests/trace.py -b "$ITSUPC_BUILD"
