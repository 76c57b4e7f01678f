#!/bin/sh
# init: a first ingress.itsup for a compose file, which check and fmt accept as it is.
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"

cat >compose.yml <<'YML'
services:
  web_app:
    image: registry.example.com/library/nginx:1.27@sha256:0123
  shop:
    image: x
    ports: ["127.0.0.1:8000:3000", "8443:443", "9100:9100"]
  api:
    image: y
    expose: ["8080"]
  db:
    image: postgres:16
    ports: ["5432:5432"]
  vpn:
    image: z
    ports: ["51820:51820/udp"]
  worker:
    image: w
  hidden:
    image: v
    ports: ["${PORT}:${PORT}"]
  agent:
    image: u
    network_mode: host
  old:
    image: t
    labels:
      traefik.enable: "true"
YML
run 0 init
has err 'wrote ingress.itsup'
cat >want <<'TXT'
# The services of compose.yml as routes; `itsupc check` judges them.
let domain = example.com  # write your own

https://web-app.{domain} -> web_app:80
https://shop.{domain} -> shop:3000
https://shop-9100.{domain} -> shop:9100
https://api.{domain} -> api:8080
# db: PostgreSQL, so no route; for one, write tcp://:5432 -> db:5432, and keep it out of `ports:`
# vpn: UDP, so no route; for one, write udp://:51820 -> vpn:51820, and keep it out of `ports:`
# worker: its port is not known; write https://worker.example.com -> worker:PORT
# hidden: its ports are variables; write https://hidden.example.com -> hidden:PORT
# agent: has no network of its own; it is reached by an address of its host
# old: has labels of Traefik, which `itsupc import` reads
TXT
diff want ingress.itsup
run 0 check ingress.itsup
run 0 fmt --check ingress.itsup

# Never over a file that is there.
run 2 init
has err 'is there already'
diff want ingress.itsup
run 2 init --from nowhere.yml
mkdir empty other
run 2 -C empty init
has err 'no compose file here'
[ ! -e empty/ingress.itsup ]

# Another name is imported; the file lies beside it.
printf 'services:\n  web:\n    image: nginx\n' >other/stack.yml
run 0 init -q --from other/stack.yml
empty err
has other/ingress.itsup 'import compose "stack.yml"'
run 0 check other/ingress.itsup
rm other/ingress.itsup

# A compose file that cannot be read gives its findings and no file.
printf 'services: [\n' >other/stack.yml
run 1 init --from other/stack.yml
has err other/stack.yml
[ ! -e other/ingress.itsup ]
printf 'services:\n' >other/stack.yml
mkdir other/folder.yml
run 1 init --from other/folder.yml
[ ! -e other/ingress.itsup ]
