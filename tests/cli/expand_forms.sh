#!/bin/sh
# expand: each form as its reader takes it: a shell, Compose, the file provider; dollars and quotes in values.
# Backticks are part of rules; dollars are meant as they stand.
# shellcheck disable=SC2016
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"

cat >shop.itsup <<'I'
proxy {
  provider docker { network previews }
  entrypoint web :80 { redirect websecure }
  entrypoint websecure :443 { default }
}
middleware team = auth(/run/secrets/team)

https://example.com -> web:3000
template noted(id int, note = "x", path path = /) {
  https://n{id}.example.com{path} | team | headers(X-Note={note}) -> noted-{id}:8080
}
template two(id int) { https://two{id}.example.com | team -> a-{id}:80 50%, b-{id}:80 50% }
template away(id int) { https://away{id}.example.com => https://example.com }
template db(id int) { tls://db{id}.example.com:5432 -> db-{id}:5432 }
template udp(id int 9000..9010) { udp://:{id} -> game-{id}:9000 }
I

# ---- shells ----
note="it's \$x \`y\` \${HOME} \"z\""
label=traefik.http.middlewares.noted-1-8080-headers.headers.customresponseheaders.X-Note
run 0 expand noted id=1 "note=$note" --format docker
[ "$(wc -l <out)" -eq 1 ] || { echo "not one line"; exit 1; }
eval "set -- $(cat out)"
[ "$1 $2 $3 $4" = '--name noted-1 --network previews' ] || { echo "$*"; exit 1; }
printf '%s\n' "$@" | grep -qxF -e "$label=$note" || { printf '%s\n' "$@"; exit 1; }
run 0 expand noted id=1 "note=$note" --format env
(
    # shellcheck disable=SC1091
    . ./out
    [ "$ITSUP_NAME $ITSUP_URL $ITSUP_NETWORK" = 'noted-1 https://n1.example.com/ previews' ]
    [ "$ITSUP_LABEL_1" = traefik.enable=true ]
    env >/dev/null
    set | grep -q ITSUP_LABEL_10
) || { cat out; exit 1; }

# ---- Compose interpolates, nobody else does ----
run 0 expand noted id=1 "note=$note" --format compose
has out '$$x `y` $${HOME}'
has out 'container_name: noted-1'
has out 'name: previews'
run 0 expand noted id=1 "note=$note" --format labels
has out "$label=$note"
run 0 expand noted id=1 "note=$note" --format json
has out '$x `y` ${HOME} \"z\"'
run 0 expand noted id=1 "note=$note" --format dynamic
has out '$x `y` ${HOME}'
has out 'url: http://noted-1:8080'
has out '        - noted-1-8080-basicauth'

# ---- what users pass is no variable, no rule and no name of ours ----
run 1 expand noted id=1 'path=/${HOME}'
has err 'E0506'
run 1 expand noted id=1 'path=/a`) || Host(`b'
has err 'E0506'
run 0 expand noted id=1 'note={id}'
has out 'X-Note={id}'
run 1 expand noted id=1 "$(printf 'note=a\nb')"
has err 'E0904'
run 1 expand 'no such' id=1
has err 'E0316'
run 1 expand noted 'i d=1'
has err 'E0305'

# ---- what labels cannot say ----
run 1 expand two id=1
has err 'E0904'
has err '`a-1` and `b-1`'
run 0 expand two id=1 --format dynamic
has out 'weight: 50'
run 1 expand away id=1
has err 'leads to no container'
run 1 expand db id=1
has err 'E0311'
has err 'entrypoint tcp-5432 :5432'
run 0 expand db id=1 --no-proxy
run 0 expand udp id=9001 --no-proxy --format docker
has out ':9000/udp'

# ---- without a proxy ----
run 0 expand noted id=1 --no-proxy --format env
has out 'ITSUP_URL=http://localhost:'
lacks out 'LABEL'
url=$(sed -n 's/^ITSUP_URL=//p' out)
run 0 expand noted id=1 --no-proxy --format compose
port=${url#http://localhost:}
has out "127.0.0.1:${port%/}:8080"
run 0 expand noted id=1 --no-proxy --format labels
empty out
