# shellcheck shell=bash
# tests/run --conformance: the suite of that name with the real proxy, built if need be, and with ten
# times as many cases.

export ITSUPC_CONFORMANCE=full
# shellcheck source=tests/suites/50-conformance.sh
. tests/suites/50-conformance.sh
