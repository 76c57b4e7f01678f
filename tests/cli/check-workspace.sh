# shellcheck shell=bash
# Without a path the folder is the workspace, and -C chooses another; nothing is written.
mkdir shop
good >shop/shop.itsup
bad >shop/db.itsup
(cd shop && "$ITSUPC" check >../here.out 2>../here.err) && wrong 'no finding in the workspace'
expect 1 "$ITSUPC" -C shop check
same err here.err
holds err db.itsup:1:
[[ $(ls shop) == $'db.itsup\nshop.itsup' ]] || wrong "check wrote something: $(ls shop)"
