#!/bin/sh
# graph: the same things and lines in each form, in an order that names alone decide.
# Backticks are part of rules.
# shellcheck disable=SC2016
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"

printf 'name: shop\nservices:\n  web: {image: nginx}\n  api: {image: nginx}\n' >compose.yml
printf 'https://shop.test | allow(10.0.0.0/8) -> web:3000\nhttps://x.test -> api:8000\n' >shop.itsup
run 0 graph
empty err
has out 'digraph itsupc {'
has out '[shape=box, label="shop-web-3000@docker"];'
has out '[shape=component, label="http://api:8000"];'
mv out first
printf 'https://x.test -> api:8000\nhttps://shop.test | allow(10.0.0.0/8) -> web:3000\n' >shop.itsup
run 0 graph --format dot
cmp first out
run 0 graph --format mermaid
has out 'flowchart LR'
has out '["shop-web-3000@docker"]'
run 0 graph --format json
has out '{"nodes":[{"id":0,"kind":"entryPoint","name":"'
has out '"kind":"middleware","name":"shop-web-3000-ipallowlist@docker"}'
has out '"edges":[{"from":0,"to":'
python3 -c 'import json; g = json.load(open("out")); assert all(e["from"] < e["to"] < len(g["nodes"]) for e in g["edges"])'
run 0 graph --format svg
has out '<svg xmlns="http://www.w3.org/2000/svg"'
has out '>shop-web-3000@docker</text>'
python3 -c 'import xml.dom.minidom as m; m.parse("out")'

# An existing configuration; names that a form would take for its own.
printf 'http:\n  routers: {"a<b&\\"c": {rule: "Path(`/a`)", service: s}}\n  services: {s: {loadBalancer: {servers: [{url: "http://x"}]}}}\n' >odd.yml
run 0 graph --dynamic odd.yml --format svg
python3 -c 'import xml.dom.minidom as m; m.parse("out")'
run 0 graph --dynamic odd.yml --format mermaid
has out 'a#60;b#38;#34;c@file'
run 0 graph --dynamic odd.yml
has out 'label="a<b&\"c@file"'
run 2 graph --format png
run 2 graph x
printf 'ftp://shop.test -> web:3000\n' >shop.itsup
run 1 graph
has err E0201
empty out
