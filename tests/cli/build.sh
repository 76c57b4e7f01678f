#!/bin/sh
# build writes files, prints the intermediate form when asked, and writes nothing after an error.
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"

clean_file a.itsup
run 2 build --emit labls a.itsup
has err 'did you mean labels?'
run 2 build --emit ir,static a.itsup
has err 'ask for it alone'
run 0 build --emit ir a.itsup
[ -s out ]
empty err
run 0 build --emit ir --format json a.itsup
has err '"diagnostics"'
lacks out '"diagnostics"'
run 0 build -o map --emit sourcemap,labels a.itsup
[ "$(ls map)" = "$(printf 'labels.json\nsourcemap.json')" ]
python3 -m json.tool map/sourcemap.json >/dev/null
python3 -m json.tool map/labels.json >/dev/null
rm -r map
bad_file bad.itsup
run 1 build --emit ir bad.itsup
empty out
run 1 build --emit ir --format json bad.itsup
has out '"diagnostics"'
[ "$(echo *)" = 'a.itsup bad.itsup err out' ]

# Routes to services of the compose file become its override; a second build touches nothing.
mkdir shop
printf 'services:\n  web: { image: nginx }\n' >shop/compose.yml
printf 'https://shop.example.com -> web:3000\n' >shop/shop.itsup
run 0 build shop
empty out
[ "$(ls shop)" = "$(printf 'compose.ingress.yml\ncompose.yml\nshop.itsup')" ]
grep -q 'traefik.http.routers.shop-web-3000.service=shop-web-3000' shop/compose.ingress.yml
touch -d 2001-01-01 shop/compose.ingress.yml
run 0 build shop
[ -n "$(find shop -name compose.ingress.yml ! -newermt 2002-01-01)" ]

# -o puts them elsewhere, --emit chooses, and an error writes nothing.
run 0 build -o made shop
[ "$(ls made)" = compose.ingress.yml ]
run 0 build -o other --emit static shop
[ ! -e other/compose.ingress.yml ]
printf 'https://shop.example.com -> wbe:3000\n' >shop/shop.itsup
run 1 build -o third shop
[ ! -e third ]
