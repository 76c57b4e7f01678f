# shellcheck shell=bash
# fmt rewrites what is not canonical, once; a file that is keeps its time stamp and permissions.
printf 'https://shop.example.com   ->    web:3000   # the shop\n' >shop.itsup
chmod 640 shop.itsup
expect 1 "$ITSUPC" fmt --check shop.itsup
holds shop.itsup '   ->    '
expect 1 "$ITSUPC" fmt --diff shop.itsup
holds out '+https://shop.example.com -> web:3000'
holds shop.itsup '   ->    '
expect 0 "$ITSUPC" fmt shop.itsup
holds shop.itsup 'https://shop.example.com -> web:3000'
holds shop.itsup '# the shop'
[[ $(stat -c %a shop.itsup) == 640 ]] || wrong "permissions are now $(stat -c %a shop.itsup)"
[[ $(ls -A) == $'err\nout\nshop.itsup' ]] || wrong "fmt left something: $(ls -A)"
touch -d '2001-02-03 04:05:06' shop.itsup
before=$(stat -c %Y shop.itsup)
expect 0 "$ITSUPC" fmt shop.itsup
[[ $(stat -c %Y shop.itsup) == "$before" ]] || wrong 'an unchanged file was written'
expect 0 "$ITSUPC" fmt --check shop.itsup
