# shellcheck shell=bash
# A command line that makes no sense: status 2, told on standard error alone.
expect 2 "$ITSUPC" chekc
empty out
holds err check
expect 2 "$ITSUPC" check --no-such-option
empty out
expect 2 "$ITSUPC" check --format
expect 2 "$ITSUPC" check --format no-such-format
expect 2 "$ITSUPC" check no-such-file.itsup
empty out
holds err no-such-file.itsup
expect 2 "$ITSUPC" check -C no-such-folder
expect 2 "$ITSUPC"
empty out
