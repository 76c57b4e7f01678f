#!/bin/sh
# Outputs that are committed with .itsupc/manifest: every clone knows them for ours; without it, none does.
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"

mkdir shop
printf 'name: shop\nservices:\n  web: { image: nginx }\n' >shop/compose.yml
printf 'https://a.example.com -> web:80\n' >shop/shop.itsup
run 0 build shop
cp -r shop clone
printf 'https://b.example.com -> web:80\n' >clone/shop.itsup
run 0 build clone
has clone/compose.ingress.yml 'b.example.com'
cp -r shop edited
echo '# mine' >>edited/compose.ingress.yml
printf 'https://b.example.com -> web:80\n' >edited/shop.itsup
run 1 build edited
has err E1001
has edited/compose.ingress.yml '# mine'
cp -r shop bare
rm -r bare/.itsupc
run 0 build bare
rm -r bare/.itsupc
printf 'https://b.example.com -> web:80\n' >bare/shop.itsup
run 1 build bare
has err E1002
has err '.itsupc/manifest'
has bare/compose.ingress.yml 'a.example.com'
