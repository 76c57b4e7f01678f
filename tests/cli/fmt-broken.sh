# shellcheck shell=bash
# What cannot be read stays as it stands, is told, and exits 1.
printf 'https://a.example.com   ->  web:3000\nhttps://b.example.com -> -> ( web\n' >broken.itsup
expect 1 "$ITSUPC" fmt broken.itsup
holds broken.itsup 'https://b.example.com -> -> ( web'
holds err broken.itsup:2:
cp broken.itsup once
expect 1 "$ITSUPC" fmt broken.itsup
same broken.itsup once
