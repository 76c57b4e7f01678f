# shellcheck shell=bash
# "-" is standard input.
bad >bad.itsup
expect 1 "$ITSUPC" check - <bad.itsup
holds err E0204
good >good.itsup
expect 0 "$ITSUPC" check - <good.itsup
