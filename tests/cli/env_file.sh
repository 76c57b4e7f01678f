#!/bin/sh
# What `${NAME}` in Traefik's files may stand for: the environment, secrets/itsup.txt, --env-file; and no
# value is ever shown.
# shellcheck disable=SC2016
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"

mkdir -p projects/nas secrets
printf 'traefikDomain: traefik.example.com\nrouterIP: 192.0.2.1\nversions: {traefik: v3.7.8}\ncrowdsec: {enabled: false}\n' \
    >projects/itsup.yml
printf 'host: nas.lan\ningress:\n  - domain: ${NAS}.example.com\n' >projects/nas/itsup-project.yml
printf 'log:\n  filePath: ${LOG}/x\n' >projects/traefik.yml
printf 'LETSENCRYPT_EMAIL=s3cret@example.com\nTRAEFIK_ADMIN=admin:s3cret\nno s3cret line\n' >secrets/itsup.txt

nothing() { lacks out s3cret; lacks err s3cret; }

# Each missing one is told at its place; the words to type name the file.
run 1 check
has err '${NAS}'
has err '${LOG}'
has err 'write NAS=… into secrets/itsup.txt'
has err 'projects/traefik.yml:2:13'
has err 'secrets/itsup.txt:3:1'
nothing
run 1 check --format json
nothing

# The environment, a file given, or both.
export NAS=nas LOG=s3cret
run 0 check
nothing

# The values stand in the artefacts alone; those that stay YAML, too.
printf 'http:\n  middlewares:\n    rate-limit: {rateLimit: {average: "${LOG}"}}\n' >projects/middlewares.yml
run 0 build -o made
nothing
has made/proxy/traefik/traefik.yml 's3cret@example.com'
has made/proxy/traefik/traefik.yml 's3cret/x'
has made/proxy/traefik/dynamic/middlewares.yml 'average: s3cret'
has made/proxy/traefik/dynamic/routers-http.yml 'nas.example.com'
lacks made/proxy/docker-compose.yml s3cret
rm projects/middlewares.yml
unset NAS LOG
printf 'NAS=nas\nLOG=/s3cret\nalso s3cret\n' >values
run 0 check --env-file values
has err 'values:3:1'
nothing
printf 'NAS=nas\n' >half
export LOG=/l
run 0 check --env-file half
unset LOG
run 0 build --emit ir --env-file half --env-file values
run 1 check --env-file half
run 0 -C projects check --env-file ../values ..

# What a value makes of a host, a path, a target or a rule is held to what those may say; nothing is written,
# and the value is not told.
mkdir hosts
printf 'https://a.example.com -> web:80\n' >hosts/plain.itsup
told() { # CODE ROUTE VALUE
    printf '%s\n' "$2" >hosts/values.itsup
    V=$3 run "${4:-1}" build -o made2 hosts/values.itsup
    [ "${4:-1}" = 0 ] || { has err "$1" && has err 'with the value given'; }
    lacks err s3cret
    [ ! -e made2 ] || [ "${4:-1}" = 0 ] || { echo 'something was written'; exit 1; }
    rm -rf made2
}
told E0401 'https://${V}.example.com -> 10.0.0.1:80' 's3cret host'
told E0401 'https://${V}.example.com -> 10.0.0.1:80' 's3cret`) || Host(`b'
told E0401 'https://${V}.example.com -> 10.0.0.1:80' ''
told E0401 'https://${V}.example.com -> 10.0.0.1:80' '*'
told E0401 'tls://${V}:5432 -> 10.0.0.1:80' 's3cret_'
told E0413 'https://a.example.com/${V} -> 10.0.0.1:80' 's3cret`'
told E0405 'https://a.example.com -> http://${V}:80' 's3cret s'
told E0405 'https://a.example.com -> 10.0.0.1:${V}' 99999
told E0421 'https://a.example.com -> 10.0.0.1:80 { where header X = ${V} }' 's3cret`'
told - 'https://${V}.example.com/${V} -> http://${V}:80 { where header X = ${V} }' s3cret 0
rm -r hosts

# Only the encrypted file: how to run under sops.
mv secrets/itsup.txt secrets/itsup.enc.txt
run 1 check
has err 'sops exec-file'
has err 'secrets/itsup.enc.txt'
has err '--env-file {}'
lacks err 'into secrets/itsup.txt'
printf 'LETSENCRYPT_EMAIL=e\nTRAEFIK_ADMIN=a\n' >>half
export LOG=/l
run 0 check --env-file half
unset LOG
mv secrets/itsup.enc.txt secrets/itsup.txt

# The same in our language.
mv projects/traefik.yml projects/itsup.yml .
run 0 import itsup.yml traefik.yml
mv out projects/proxy.itsup
export NAS=nas
run 1 check
has err 'projects/proxy.itsup:'
has err '${LOG}'
export LOG=/l
run 0 check
unset NAS LOG

# Usage.
run 2 check --env-file missing
has err 'missing'
run 1 check --env-file projects
has err '`projects` is no regular file'
mkfifo fifo
run 1 build --check --env-file fifo
has err '`fifo` is no regular file'
rm fifo
run 2 check --env-file
run 2 fmt --env-file values
