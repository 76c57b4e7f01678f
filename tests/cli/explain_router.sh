#!/bin/sh
# explain ROUTER: from which line, in which file, and what goes without saying.
# Backticks are part of rules.
# shellcheck disable=SC2016
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"

printf 'name: shop\nservices:\n  web: {image: nginx}\n' >compose.yml
printf '\nhttps://shop.test | allow(10.0.0.0/8) -> web:3000\n' >shop.itsup
run 0 explain shop-web-3000
empty err
has out 'router shop-web-3000@docker  (shop.itsup:2)'
has out 'written to   compose.ingress.yml:'
has out 'rule         Host(`shop.test`)'
has out 'priority     17, by default: the length of the rule'
has out 'middlewares  shop-web-3000-ipallowlist@docker'
has out 'servers      http://web:3000'
run 0 explain shop-web-3000@docker
run 2 explain shop-wep-3000
has err 'did you mean shop-web-3000?'
empty out

printf 'entryPoints: {websecure: {address: ":443", http: {tls: {certResolver: le}}}}\ncertificatesResolvers: {le: {acme: {tlsChallenge: {}}}}\n' >traefik.yml
printf 'http:\n  routers:\n    r: {rule: "Host(`r.test`)", service: s}\n    q: {rule: "Hots(`r.test`)", service: s}\n  services: {s: {loadBalancer: {servers: [{url: "http://x"}]}}}\n' >routes.yml
run 0 explain r --static traefik.yml --dynamic routes.yml
has out 'entry point  websecure :443, by default: the router names none  (traefik.yml:1)'
has out 'TLS          on, options default, resolver le, by default of the entry point  (traefik.yml:1)'
run 0 explain q --static traefik.yml --dynamic routes.yml
has out 'not loaded'
printf 'ftp://shop.test -> web:3000\n' >shop.itsup
run 1 explain shop-web-3000
has err E0201
empty out
