# shellcheck shell=bash
# build --emit ir prints the meaning, and nothing when there is none; it writes no file.
good >good.itsup
expect 0 "$ITSUPC" build --emit ir good.itsup
holds out shop.example.com
cp out first
expect 0 "$ITSUPC" build --emit ir good.itsup
same out first
bad >bad.itsup
expect 1 "$ITSUPC" build --emit ir bad.itsup
empty out
holds err E0204
[[ $(ls -A) == $'bad.itsup\nerr\nfirst\ngood.itsup\nout' ]] || wrong "build wrote something: $(ls -A)"
