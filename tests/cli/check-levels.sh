# shellcheck shell=bash
# A warning exits 0, unless it is denied.
suspect >suspect.itsup
expect 0 "$ITSUPC" check suspect.itsup
holds err 'warning[E0407]'
expect 1 "$ITSUPC" check --deny warnings suspect.itsup
expect 1 "$ITSUPC" check --deny E0407 suspect.itsup
expect 2 "$ITSUPC" check --deny E9999 suspect.itsup
