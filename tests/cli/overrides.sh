#!/bin/sh
# compose.yml and compose.prod.yml beside it are one project, joined as `docker compose -f` joins them; files of
# other folders and of other names are projects of their own.
# Backticks are part of rules.
# shellcheck disable=SC2016
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"

mkdir app other
cat >app/compose.yml <<'Y'
services:
  traefik:
    image: traefik:v3.6
    command: ["--providers.docker=true", "--providers.docker.exposedbydefault=false", "--entrypoints.web.address=:80"]
    ports: ["80:80"]
  web:
    image: web
    labels:
      - traefik.enable=true
      - traefik.http.routers.x.rule=Host(`a.test`)
      - traefik.http.routers.x.entrypoints=web
      - traefik.http.services.x.loadbalancer.server.port=3000
Y
cat >app/compose.prod.yml <<'Y'
services:
  traefik:
    command: ["--providers.docker=true", "--providers.docker.exposedbydefault=false", "--entrypoints.websecure.address=:443"]
    ports: ["443:443"]
  web:
    labels:
      - traefik.http.routers.x.entrypoints=websecure
      - traefik.http.routers.x.tls=true
      - traefik.http.routers.x.middlewares=slow
      - traefik.http.middlewares.slow.ratelimit.average=1
Y
cat >other/compose.yml <<'Y'
services:
  api:
    image: api
    labels:
      - traefik.enable=true
      - traefik.http.routers.api.rule=Host(`b.test`)
      - traefik.http.routers.api.entrypoints=websecure
      - traefik.http.routers.api.tls=true
      - traefik.http.services.api.loadbalancer.server.port=3000
Y

# Labels and flags of the second file count; the order of a glob does not matter.
run 0 trace https://a.test --compose app/compose.prod.yml --compose app/compose.yml --compose other/compose.yml
has out 'x@docker'
has out 'slow@docker'
has out 'app/compose.prod.yml'
lacks out 'declare it differently'
run 0 trace https://b.test --compose app/compose.yml --compose app/compose.prod.yml --compose other/compose.yml
has out 'api@docker'
run 1 trace http://a.test --compose app/compose.yml --compose app/compose.prod.yml
run 0 trace http://a.test --compose app/compose.yml
has out 'x@docker'

# The other way round when two change it: the later one wins.
cat >app/compose.late.yml <<'Y'
services:
  web:
    labels: {traefik.http.routers.x.rule: "Host(`late.test`)"}
Y
run 0 trace https://late.test --compose app/compose.yml --compose app/compose.prod.yml --compose app/compose.late.yml
has out 'x@docker'
run 1 trace https://a.test --compose app/compose.yml --compose app/compose.prod.yml --compose app/compose.late.yml
rm app/compose.late.yml

# check: alone the second file would lack an image and a rule.
run 0 check app/compose.yml app/compose.prod.yml
has err 'no findings in 2 files'
run 0 check app
has err 'no findings in 2 files'
mv app/compose.prod.yml app/compose.override.yml
cp other/compose.yml app/compose-other.yml
run 0 check app
has err 'no findings in 3 files'
# A mistake in the second file stands at its place there.
sed -i 's/ratelimit.average=1/ratelimit.avrage=1/' app/compose.override.yml
run 1 check app
has err 'compose.override.yml:10:'
lacks err 'neither an image'
