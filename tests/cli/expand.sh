#!/bin/sh
# expand: one instance of a template in every form; what is refused prints nothing.
# Backticks are part of rules.
# shellcheck disable=SC2016
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"

cat >shop.itsup <<'I'
let domain = example.com

proxy {
  provider docker { network previews }
  entrypoint web :80 { redirect websecure }
  entrypoint websecure :443 { default; cert public }
  resolver public acme { email ops@example.com; http-01 web }
}
middleware team = auth(/run/secrets/team)

https://{domain} -> web:3000
template code(id int 1..9999) {
  https://app.{domain}/code/user/{id} | team | strip -> code-server-user-{id}:8080
}
template preview(project int, branch slug(20) = "main") {
  https://project-{project}-{branch}.{domain} | team -> preview-{project}-{branch}:3000
}
template noted(id int, note = "") {
  https://n{id}.{domain} | team | headers(X-Note={note}) -> noted-{id}:80
}
I

# ---- labels and JSON ----
run 0 expand code id=7
empty err
cat >want <<'W'
traefik.enable=true
traefik.docker.network=previews
traefik.http.routers.code-server-user-7-8080.entrypoints=websecure
traefik.http.routers.code-server-user-7-8080.rule=Host(`app.example.com`) && (Path(`/code/user/7`) || PathPrefix(`/code/user/7/`))
traefik.http.routers.code-server-user-7-8080.priority=3001202
traefik.http.routers.code-server-user-7-8080.middlewares=code-server-user-7-8080-basicauth,code-server-user-7-8080-stripprefix
traefik.http.routers.code-server-user-7-8080.service=code-server-user-7-8080
traefik.http.routers.code-server-user-7-8080.tls=true
traefik.http.services.code-server-user-7-8080.loadbalancer.server.port=8080
traefik.http.middlewares.code-server-user-7-8080-basicauth.basicauth.usersfile=/run/secrets/team
traefik.http.middlewares.code-server-user-7-8080-stripprefix.stripprefix.prefixes=/code/user/7
W
diff want out
run 0 expand shop.itsup:preview project=7 'branch=Feature/Add_Login--Page!!' --format json
has out '{"name":"preview-7-feature-add-login-pa","url":"https://project-7-feature-add-login-pa.example.com","network":"previews","labels":{"traefik.enable":"true",'
run 0 expand code id=7 --no-proxy --format json
has out '{"name":"code-server-user-7","url":"http://localhost:2'
has out '"network":"","labels":{},"publish":"127.0.0.1:2'

# ---- refusals print nothing ----
for form in labels json env docker compose dynamic; do
    run 1 expand code id=0 --format $form
    empty out
    has err 'E0506'
    has err 'it is outside 1..9999'
done
run 1 expand code
has err 'E0304'
run 1 expand code id=1 ids=2
has err 'E0305'
run 1 expand cod id=1
has err 'did you mean `code`?'
run 1 expand preview project=3 branch=---
has err 'E0509'
run 2 expand code 7
run 2 expand code id=7 --format yaml
run 2 expand
run 2 expand missing.itsup:code id=7

# ---- beside what was built without it: a wider instance stays below, others have their number ----
cat >wide.itsup <<'I'
middleware team = auth(/run/secrets/team)
https://one.example.com/cart -> cart:80
template all(id int) { https://one.example.com | team -> all-{id}:80 }
template star(id int) { https://*.example.com | team -> star-{id}:80 }
template below(id int) { https://one.example.com/cart/{id} | team -> below-{id}:80 }
I
run 0 expand wide.itsup:all id=1
has out 'all-1-80.priority=2'
run 0 expand wide.itsup:star id=1
has out 'star-1-80.priority=2'
run 0 expand wide.itsup:below id=1
has out 'below-1-80.priority=3000702'
