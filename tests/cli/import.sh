#!/bin/sh
# import and convert: the answer alone on standard output, losses on standard error, and the status.
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"

mkdir -p projects/shop
printf 'services:\n  web:\n    image: nginx\n' >projects/shop/docker-compose.yml
printf '# The shop.\ningress:\n  - service: web\n    domain: shop.example.com\n    port: 3000\n' \
    >projects/shop/itsup-project.yml
printf 'traefikDomain: traefik.example.com\nrouterIP: 192.0.2.1\nversions: {traefik: v3.7.8}\nalert: {command: x}\n' \
    >projects/itsup.yml

# Losses alone are no failure, unless a warning or note was denied.
run 0 import projects/itsup.yml
has out 'dashboard traefik.example.com'
has err 'E0903'
run 1 import --deny E0903 projects/itsup.yml
run 0 import --format json projects/itsup.yml
has out 'proxy traefik {'
has err '"code":"E0903"'

# What was imported says the same as what it came from, and is laid out.
run 0 import projects/shop/itsup-project.yml
has out '# The shop.'
empty err
cp out shop.itsup
run 0 fmt --check shop.itsup
run 0 build --emit ir projects/shop/itsup-project.yml
cp out yaml.ir
mv projects/shop/itsup-project.yml shop.yml
cp shop.itsup projects/shop/ingress.itsup
run 0 build --emit ir projects/shop/ingress.itsup
cmp out yaml.ir

# Our own language is only laid out; standard input is told by its content.
loose_file loose.itsup
clean_file want
run 0 import loose.itsup
cmp out want
run 0 import - <loose.itsup
cmp out want
run 0 import - <shop.yml
has out 'https://shop.example.com -> web:3000'
run 0 convert --to json - <loose.itsup
has out '"kind": "route"'
run 0 convert --to itsup loose.itsup
cmp out want

# There and back.
run 0 convert --to yaml projects/shop/ingress.itsup
mv projects/shop/ingress.itsup old.itsup
cp out projects/shop/itsup-project.yml
run 0 import projects/shop/itsup-project.yml
cp out back
run 0 import old.itsup
lacks back '# The shop.'
grep -v '^#' out | cmp - back

# What a form cannot say: the rest is printed, and the status tells.
printf 'https://a.example.com => https://b.example.com\nhttps://b.example.com -> web:80\n' >two.itsup
run 1 convert --to yaml two.itsup
has out 'domain: b.example.com'
lacks out 'a.example.com'
has err 'two.itsup:1:1'

# Nothing is printed of what does not read.
broken_file broken.itsup
run 1 import loose.itsup broken.itsup
empty out
has err 'broken.itsup:1:'
printf '{ "a": 1 }' >odd.json
run 1 import odd.json
has err E0901
run 1 import projects
has err E0121
run 1 check odd.json
has err E0901

# Usage.
run 2 import
run 2 convert loose.itsup
has err '--to'
run 2 convert --to xml loose.itsup
run 2 import missing.yml
empty out
