# shellcheck shell=bash
# --quiet leaves the findings and takes the rest.
good >good.itsup
expect 0 "$ITSUPC" check --quiet good.itsup
empty out
empty err
bad >bad.itsup
expect 1 "$ITSUPC" check --quiet bad.itsup
holds err E0204
