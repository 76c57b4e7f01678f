# shellcheck shell=bash
# Findings as text go to standard error, as JSON to standard output; both exit alike.
good >good.itsup
expect 0 "$ITSUPC" check good.itsup
empty out
bad >bad.itsup
expect 1 "$ITSUPC" check bad.itsup
empty out
holds err 'error[E0204]'
holds err 'bad.itsup:1:26'
expect 1 "$ITSUPC" check --format json bad.itsup
empty err
holds out '"code":"E0204"'
holds out '"line":1,"column":26'
