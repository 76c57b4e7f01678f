#!/bin/sh
# Variables of a compose file: the environment, then --env-file, then `.env` beside it; names without a value
# are told.
# shellcheck disable=SC2016
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"

mkdir box
cat >box/compose.yml <<'Y'
services:
  app:
    image: traefik:${TAG:-v3.6}
    expose: ["${PORT:-8080}"]
    environment: {PASSWORD: "${SECRET}"}
    labels:
      - "traefik.http.routers.app.rule=Host(`${DOMAIN}`) && PathPrefix(`/${V:?which}`)"
      - "traefik.http.routers.deep.rule=Host(`${A:-${B:-deep.test}}`) && Path(`/$$`)${X+ && Method(`PUT`)}"
Y
cat >box/.env <<'E'
# remark
export DOMAIN="shop.test"  # another
V='v1'
E
run 0 trace http://shop.test/v1/x --compose box/compose.yml
has out 'router app@docker'
has out 'Traefik      3.6'
has out 'http://app:8080'
empty err
run 0 trace 'http://deep.test/$' --compose box/compose.yml
has out 'router deep@docker'
printf 'DOMAIN=other.test\nPORT=90\n' >given
run 0 trace http://other.test/ --compose box/compose.yml --env-file given
has err 'box/compose.yml:7:9: `V` has no value (Compose refuses the file)'
lacks err SECRET
lacks err '`B`'
V=v2 run 0 trace http://other.test/v2 --compose box/compose.yml --env-file given --format json
has out '"server":"http://app:90"'
empty err
DOMAIN=env.test V=v2 run 0 trace http://env.test/v2 --compose box/compose.yml --env-file given
has out 'router app@docker'
X='' run 1 trace 'http://deep.test/$' --compose box/compose.yml
has out 'Method(`PUT`): the method is `GET`'
COMPOSE_PROJECT_NAME=named run 0 trace http://shop.test/v1 --compose box/compose.yml
has out 'app-named@docker'
rm box/.env
run 1 trace http://shop.test/v1 --compose box/compose.yml
has err '`DOMAIN` has no value (Compose puts nothing in its place)'
