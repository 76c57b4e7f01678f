#!/bin/sh
# diff: routers that came, went and changed; what opens something is marked and comes first.
# Backticks are part of rules.
# shellcheck disable=SC2016
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"

for folder in a b; do
    mkdir $folder
    printf 'name: shop\nservices:\n  web: {image: nginx}\n  api: {image: nginx}\n' >$folder/compose.yml
done
cat >a/shop.itsup <<'Y'
https://shop.test | allow(10.0.0.0/8) -> web:3000
https://a.test -> web:3000 { name gone }
https://x.test | rate(100/s) -> api:8000
Y
cat >b/shop.itsup <<'Y'
https://shop.test -> web:3000
https://x.test | rate(90/s) -> api:8000
https://new.test -> api:9000 { name fresh }
Y

run 0 diff a a
has out 'no router differs'
empty err
run 1 diff a b
has out '~ shop-web-3000@docker (shop.itsup:1)'
has out '  ! access      ipAllowList → none'
has out 'definitions shop-api-8000-ratelimit@docker: other options'
has out 'gone'
has out 'open to everyone'
[ "$(head -n 1 out)" = '~ shop-web-3000@docker (shop.itsup:1)' ]
tail -n 1 out | grep -q ' added, .* removed, .* changed'
run 1 diff a b --format json
has out '{"added":[{"router":"'
has out '"changed":[{"router":"shop-web-3000@docker","security":true,"source":{"file":"shop.itsup","line":1},"changes":[{"what":"access","before":"ipAllowList","after":"","security":true}'
run 0 diff a a --format json
[ "$(cat out)" = '{"added":[],"removed":[],"changed":[]}' ]

# Two folders are two states of one project, whatever they are called: their names alone are no difference.
mkdir -p was is
for folder in was is; do
    printf 'services:\n  web: {image: nginx}\n' >$folder/compose.yml
    printf 'https://a.test -> web:80\n' >$folder/shop.itsup
done
run 0 diff was is
has out 'no router differs'
printf 'https://a.test | compress -> web:80\n' >is/shop.itsup
run 1 diff was is
has out '~ was-web-80@docker (shop.itsup:1)'
has out '0 added, 0 removed, 1 changed'
rm -r was is

# Folders of files that Traefik reads.
mkdir c d
printf 'entryPoints: {web: {address: ":80"}, websecure: {address: ":443"}}\n' >c/traefik.yml
cp c/traefik.yml d
printf 'http:\n  routers: {r: {rule: "Host(`r.test`)", service: s, entryPoints: [websecure], tls: {}}}\n  services: {s: {loadBalancer: {servers: [{url: "http://x"}]}}}\n' >c/routes.yml
sed 's/, tls: {}//; s/x"/y"/' c/routes.yml >d/routes.yml
run 1 diff c d
has out '  ! tls         on → off'
has out 'servers     http://x → http://y'
run 2 diff a
run 2 diff a nowhere
printf 'ftp://shop.test -> web:3000\n' >b/shop.itsup
run 1 diff a b
has err E0201
empty out

# Revisions of git: unpacked beside, named as they are in the worktree, and taken away again.
run 2 diff nowhere b
has err 'nowhere does not exist'
if command -v git >/dev/null; then
    mkdir repo tmp
    (
        cd repo
        git init -q .
        mkdir shop
        cp ../a/compose.yml ../a/shop.itsup shop
        git add .
        git -c user.name=a -c user.email=a@shop.test commit -qm one
        printf 'https://shop.test -> web:3000\n' >shop/shop.itsup
    )
    export TMPDIR="$PWD/tmp"
    cd repo
    run 1 diff HEAD:shop shop
    has out '~ shop-web-3000@docker (shop.itsup:1)'
    run 0 diff HEAD HEAD
    has out 'no router differs'
    cd shop
    run 1 diff HEAD . --format json
    has out '"source":{"file":"shop.itsup","line":1}'
    run 2 diff HEAD~7 .
    has err 'HEAD~7 does not exist, and git knows no such revision here'
    run 2 diff -- --output=tar .
    cd ../..
    [ -z "$(ls tmp)" ]
fi
