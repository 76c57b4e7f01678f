#!/bin/sh
# What stands between a router and its server: middlewares that answer or change the path, child routers,
# certificates and refused handshakes; as a person reads it, and as a program does.
# shellcheck disable=SC2016
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"

cat >traefik.yml <<'Y'
entryPoints: {web: {address: ":80"}, websecure: {address: ":443"}}
certificatesResolvers: {le: {acme: {httpChallenge: {entryPoint: web}}}}
Y
cat >d.yml <<'Y'
http:
  routers:
    api: {rule: "Host(`a.test`)", entryPoints: [websecure], tls: {certResolver: le, options: strict}, middlewares: [in, out]}
    v1: {rule: "PathPrefix(`/v1`) && Header(`X-Seen`, `1`)", parentRefs: [api], service: s, middlewares: [strip]}
    lost: {rule: "PathPrefix(`/v2`)", parentRefs: [nobody], service: s}
    door: {rule: "Host(`door.test`)", entryPoints: [web], service: s, middlewares: [limit, users]}
    old: {rule: "Host(`old.test`) && Path(`/{id:[0-9]+}`)", ruleSyntax: v2, entryPoints: [web], service: s}
  middlewares:
    in: {headers: {customRequestHeaders: {X-Seen: "1"}}}
    out: {ipAllowList: {sourceRange: [10.0.0.0/8]}}
    strip: {stripPrefix: {prefixes: [/v1]}}
    limit: {rateLimit: {average: 5, burst: 10}}
    users: {basicAuth: {users: ["a:$apr1$x$y"]}}
  services: {s: {loadBalancer: {servers: [{url: "http://10.0.0.1"}]}}}
tls: {options: {strict: {sniStrict: true}}}
Y
all='--static traefik.yml --dynamic d.yml'

# shellcheck disable=SC2086 # several words
{
    run 0 trace https://a.test/v1/x $all --client 10.0.0.9
    has out 'router v1@file'
    has out 'certificate  of resolver le, for a.test'
    has out 'asked first  router api@file, which has child routers'
    has out 'in@file sets for the server X-Seen'
    has out 'out@file lets the client, one of 10.0.0.0/8 in'
    has out 'strip@file makes /x of the path /v1/x'
    has out 'child routers of api@file, in the order in which they are asked'
    has err 'router `lost@file`: there is no parent router `nobody@file` (Traefik does not load it)'
    run 0 trace https://a.test/v1/x $all --client 10.0.0.9 --format json
    has out '"parents":["api@file"]'
    has out '"middlewares":["in@file","out@file","strip@file"]'
    has out '"path":"/x"'
    has out '"certificate":{"from":"resolver","name":"le","names":["a.test"]}'
    run 0 trace https://a.test/v1/x $all --client 192.0.2.1 --format json
    has out '"answer":{"status":403,"middleware":"out@file"}'
    run 1 trace https://a.test/v3 $all --client 10.0.0.9
    has out '404: none of its child routers matches'
    run 1 trace https://b.test/ $all --sni a.test
    has out '404'
    run 0 trace http://door.test/ $all
    has out 'router door@file, whose middleware users@file answers 401'
    has out 'limit@file answers 429 above 5 requests in 1s, 10 at once'
    run 0 trace http://old.test/12 $all
    has out 'router old@file'
    run 1 trace http://old.test/x $all
}

# A name without a certificate, where the options want one.
printf 'http:\n  routers: {r: {rule: "Host(`c.test`)", entryPoints: [websecure], tls: {options: strict}, service: s}}\n  services: {s: {loadBalancer: {servers: [{url: "http://x"}]}}}\ntls:\n  options: {strict: {sniStrict: true}}\n' >e.yml
run 1 trace https://c.test/ --static traefik.yml --dynamic e.yml
has out 'the connection is closed: the handshake is refused: no certificate is for this server name (sniStrict)'
run 1 trace https://c.test/ --static traefik.yml --dynamic e.yml --format json
has out '"outcome":"none","status":"close"'
printf '  certificates: [{certFile: missing.pem, keyFile: missing.key}]\n' >>e.yml
run 0 trace https://c.test/ --static traefik.yml --dynamic e.yml
has out 'unless missing.pem, which cannot be read here, is for the name'

# A route that another hides is an error of build, and trace shows which one it is.
mkdir ws
printf 'services: {a: {image: x, expose: ["80"]}, b: {image: x, expose: ["80"]}}\n' >ws/compose.yml
cat >ws/in.itsup <<'I'
proxy traefik {
  entrypoint web :80
  entrypoint websecure :443 { default }
  provider docker { network net }
}
http://h.test   -> a:80 { priority 6000000 }
http://h.test/x -> b:80 { where method GET }
I
run 1 -C ws build
has err 'error[R002]'
run 0 -C ws trace http://h.test/x
has out 'priority 6000000  it matches, and takes it'
