#!/bin/sh
# trace: the answer alone on standard output, what is not loaded on standard error, and the status.
# Backticks are part of rules and messages.
# shellcheck disable=SC2016
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"

mkdir -p dynamic/more
cat >traefik.yml <<'Y'
entryPoints:
  web: {address: ":80", http: {redirections: {entryPoint: {to: websecure}}}}
  websecure: {address: ":443", http: {middlewares: [headers@file], tls: {certResolver: le}}}
  dns: {address: ":53/udp"}
certificatesResolvers: {le: {acme: {httpChallenge: {entryPoint: web}}}}
providers: {docker: {exposedByDefault: false}, file: {directory: dynamic}}
Y
cat >dynamic/a.yml <<'Y'
http:
  routers:
    shop: {rule: "Host(`shop.test`)", service: shop, entryPoints: [websecure]}
    cart: {rule: "Host(`shop.test`) && Path(`/cart`)", service: missing, entryPoints: [websecure]}
    regex: {rule: "HostRegexp(`^[a-z]+[.]test$`)", service: shop, entryPoints: [websecure], priority: 3}
  services: {shop: {loadBalancer: {servers: [{url: "http://10.0.0.1"}, {url: "http://10.0.0.2"}]}}}
  middlewares: {headers: {headers: {frameDeny: true}}}
tls: {options: {strict: {minVersion: VersionTLS13}}}
Y
cat >dynamic/more/b.yml <<'Y'
udp:
  routers: {a: {service: s, entryPoints: [dns]}, b: {service: s, entryPoints: [dns]}}
  services: {s: {loadBalancer: {servers: [{address: "10.0.0.3:53"}]}}}
Y
cat >compose.yml <<'Y'
name: box
services:
  app:
    image: traefik:v3.7.8
    expose: [8080, 3000]
    labels:
      traefik.enable: "true"
      traefik.http.routers.app.rule: Host(`app.test`)
      traefik.http.routers.app.entrypoints: websecure
      traefik.http.routers.app.middlewares: strip
      traefik.http.middlewares.strip.stripprefix.prefixes: /x
  hidden:
    labels: [ "traefik.http.routers.hidden.rule=Host(`hidden.test`)" ]
  broken:
    labels:
      traefik.enable: "true"
      traefik.http.routers.broken.rul: Host(`broken.test`)
Y
all='--static traefik.yml --dynamic dynamic --compose compose.yml'

# shellcheck disable=SC2086 # several words
{
    run 0 trace https://shop.test/cart $all
    has out 'https://shop.test/cart → router shop@file'
    has out 'service      shop@file → http://10.0.0.1, http://10.0.0.2'
    has out 'middlewares  headers@file'
    has out 'declared     dynamic/a.yml:3'
    has out 'cart@file: there is no service `missing@file`'
    has err "compose.yml:17:7: there is no option \`rul\`; is \`rule\` meant? (container \`broken\` is left out, with all of its routers)"
    run 0 trace http://shop.test/x?y=1 $all --quiet
    has out '301, redirected to https://shop.test/x?y=1'
    empty err
    run 0 trace http://shop.test/.well-known/acme-challenge/t $all --format json
    has out '"outcome":"acme"'
    run 0 trace https://app.test/ $all --format json
    has out '"router":"app@docker"'
    has out '"server":"http://app:3000"'
    has out '"middlewares":["headers@file","strip@docker"]'
    run 1 trace https://hidden.example/ $all
    has out '404: no router matches'
    run 1 trace https://nobody.test/%zz $all
    has out '400'
    run 0 trace udp://:53 $all
    has out 'router b@file'
    run 2 trace https://shop.test/ $all --client nobody
    has err "a client is an IP address, not \`nobody\`"
    run 0 trace https://x/ $all --host shop.test --sni '' --method PUT --header X-A=b --client 10.0.0.9 --alpn h2,http/1.1
    has out 'TLS without a server name'
    run 1 trace http://x/ $all --entrypoint websecure --host shop.test
    has out "answers with TLS only"
}

# Where nothing listens nobody answers: that is an answer, too.
printf 'entryPoints: {web: {address: ":80"}}\n' >plain.yml
run 1 trace udp://:9 --static plain.yml --format json
has out '"outcome":"none","status":"close","why":"no entry point listens on port 9'
printf '{"url":"udp://:9"}\n' >requests
run 0 trace --requests requests --static plain.yml

# Many at once: one line each, whatever the outcome; a line that is no request is a finding.
printf '%s\n' '{"url":"https://shop.test/"}' '' '{"url":"https://no.example/","headers":{"A":["b","c"]}}' >requests
# shellcheck disable=SC2086
{
    run 0 trace --requests requests $all
    [ "$(wc -l <out)" -eq 2 ]
    run 1 trace --requests - $all <traefik.yml
    has out '"outcome":"error"'
    printf '{"url":"nowhere"}\n{"uri":1}\n' >requests
    run 1 trace --requests requests $all
    has out 'a URL begins with'
    has out 'a request has no `uri`'
}

# A file that is wrong keeps the whole folder out; one that cannot be read is a finding.
printf 'http:\n  routers:\n    x: {rul: "Host(`x`)"}\n' >dynamic/c.yml
run 1 trace https://shop.test/ --static traefik.yml --dynamic dynamic
has err 'dynamic/c.yml:3:9: there is no option `rul`; is `rule` meant? (Traefik reads none of the folder'
printf 'http: [\n' >dynamic/c.yml
run 1 trace https://shop.test/ --static traefik.yml --dynamic dynamic
has err 'dynamic/c.yml:1:8'
has out '404'

# The version counts.
printf 'http:\n  routers: {w: {rule: "Host(`*.a.test`)", service: s}}\n  services: {s: {loadBalancer: {servers: [{url: "http://x"}]}}}\n' >w.yml
run 0 trace http://b.a.test/ --dynamic w.yml
run 1 trace http://b.a.test/ --dynamic w.yml --traefik 3.6
has out 'before Traefik 3.7.0 a star stands for itself'

# Without files the workspace answers, and routers lead back to its lines.
mkdir shop
printf 'services:\n  web: {image: nginx}\n  api: {image: nginx}\n' >shop/compose.yml
printf 'https://shop.test -> web:3000\nhttps://shop.test/api -> api:8000\n' >shop/shop.itsup
run 0 -C shop trace https://shop.test/api/x
has out 'router shop-api-8000@docker'
has out '→ http://api:8000'
has out 'declared     shop.itsup:2'
run 1 -C shop trace https://other.test/ --format json
has out '"status":404'
printf 'ftp://shop.test -> web:3000\n' >shop/shop.itsup
run 1 -C shop trace https://shop.test/
has err 'E0201'
empty out

# Docker's published ports lead to the entry point behind them.
printf 'entryPoints: {in: {address: ":7000"}, out: {address: ":7001"}}\n' >ports.yml
printf 'services: {proxy: {image: "traefik:v3.7", ports: ["80:7000", "8443:7001"]}}\n' >ports.compose.yml
run 1 trace http://a.test/ --static ports.yml --compose ports.compose.yml
has out 'entry point  in (:7000)'
run 1 trace https://a.test:8443/ --static ports.yml --compose ports.compose.yml
has out 'entry point  out (:7001)'

# What is asked in the wrong way.
run 2 trace --dynamic w.yml
run 2 trace http://a.test/ --dynamic w.yml --requests requests
run 2 trace http://a.test/ --dynamic nowhere.yml
run 2 trace a.test --dynamic w.yml
run 2 trace http://a.test/ --dynamic w.yml --entrypoint nowhere
run 2 trace http://a.test/ --dynamic w.yml --header x
run 2 trace --requests nowhere --dynamic w.yml
