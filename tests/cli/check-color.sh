# shellcheck shell=bash
# Colour only where it is asked for: standard error is no terminal here.
bad >bad.itsup
escape=$(printf '\033')
expect 1 "$ITSUPC" check bad.itsup
lacks err "$escape"
expect 1 "$ITSUPC" check --color always bad.itsup
holds err "$escape"
NO_COLOR=1 expect 1 "$ITSUPC" check bad.itsup
lacks err "$escape"
expect 1 "$ITSUPC" check --color never bad.itsup
lacks err "$escape"
