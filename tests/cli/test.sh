#!/bin/sh
# test: expectations that hold, that fail with their line, that do not read; and what they leave untried.
# Backticks are part of rules and messages.
# shellcheck disable=SC2016
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"

printf 'name: shop\nservices:\n  web: {image: nginx}\n  api: {image: nginx}\n  db: {image: postgres}\n' >compose.yml
cat >shop.itsup <<'Y'
https://shop.test -> web:3000
https://shop.test/api | rate(100/s) -> api:8000
https://old.shop.test => https://shop.test/archive 308
tls://db.test -> db:5432
Y
cat >good.expect <<'Y'
# who answers what

expect https://shop.test/           -> shop-web-3000
expect https://shop.test/api/x POST -> api:8000   # a server
expect https://old.shop.test/       => https://shop.test/archive 301
expect https://x.test/ host shop.test sni shop.test header "X-A=b c" client 10.0.0.1 -> shop-web-3000@docker
expect https://nobody.test/         -> none 404
Y
run 0 test good.expect
has out '5 of 5 expectations hold; they reach 3 of '
has out 'no expectation reaches'
has out '(shop.itsup:4)'
lacks out good.expect
empty err

cat >bad.expect <<'Y'
expect https://shop.test/ -> shop-wep-3000
expect https://shop.test/api -> api:8000 with auth
expect https://nobody.test/ -> none close
expect https://old.shop.test/ => https://shop.test/ 308
Y
run 1 test bad.expect
has out 'bad.expect:1: expect https://shop.test/ -> shop-wep-3000'
has out 'instead -> shop-web-3000@docker, server http://web:3000'
has out 'is `shop-web-3000` meant?'
has out 'bad.expect:2: '
has out 'bad.expect:3: '
has out 'instead -> none 404'
has out 'bad.expect:4: '
has out 'instead => https://shop.test/archive 301'
has out '0 of 4 expectations hold'
run 1 test bad.expect --format json
has out '{"expectations":[{"file":"bad.expect","line":1,"expect":"expect https://shop.test/ -> shop-wep-3000","holds":false,'
has out '"unreached":[{"router":'
has out '"summary":{"expectations":4,"failed":4,'
empty err

# Lines that do not read, each with its reason.
cat >broken.expect <<'Y'
want https://shop.test/ -> a
expect shop.test -> a
expect https://shop.test/
expect https://shop.test/ ->
expect https://shop.test/ =>
expect https://shop.test/ colour red -> a
expect https://shop.test/ header red -> a
expect https://shop.test/ -> none soon
expect https://shop.test/ -> a b
expect https://shop.test/ -> a with
expect https://shop.test/ => /x soon
expect https://shop.test/ entrypoint nowhere -> a
Y
run 1 test broken.expect
has out 'a line begins with `expect`, not with `want`'
has out '`colour` is no word of a request'
has out '`none` has a status or `close` behind it'
has out 'the line has no `->` ROUTER and no `=>` URL'
has out 'there is no entry point `nowhere`'
has out '0 of 12 expectations hold'

printf 'expect https://a\033[2J.test/ -> a\n' >escape.expect
run 1 test escape.expect
has out 'control characters'

# Nothing expected is nothing proved; standard input; an existing configuration.
printf '# later\n' >none.expect
run 1 test none.expect
has out '0 of 0 expectations hold'
run 0 test - <good.expect
printf 'http:\n  routers:\n    w: {rule: "Host(`w.test`)", service: s, middlewares: [a, b]}\n  services: {s: {loadBalancer: {servers: [{url: "http://x"}]}}}\n  middlewares: {a: {addPrefix: {prefix: /a}}, b: {addPrefix: {prefix: /b}}}\n' >w.yml
printf 'expect http://w.test/ -> w with a,b@file\n' >w.expect
run 0 test w.expect --dynamic w.yml
has out '1 of 1 expectations hold; they reach 1 of 1 routers'
printf 'expect http://w.test/ -> w with b,a\n' >w.expect
run 1 test w.expect --dynamic w.yml
run 2 test nowhere.expect
run 1 test .
has err "cannot read .: it is no regular file"
run 2 test
run 2 test w.expect --dynamic nowhere.yml
printf 'ftp://shop.test -> web:3000\n' >shop.itsup
run 1 test good.expect
has err E0201
empty out
