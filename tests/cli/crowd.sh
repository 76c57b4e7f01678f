#!/bin/sh
# Many routers of one host, and many of any host: each that never answers is told, and none besides.
# Backticks are part of rules and messages.
# shellcheck disable=SC2016
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"

python3 - <<'PY'
import json
import random

ROUTERS = 6000
chance = random.Random(7)


def own(n):
    """A rule that no other one covers."""
    return [
        lambda: f'PathPrefix(`/app{n}/`)',
        lambda: f'Path(`/app{n}`)',
        lambda: f'PathPrefix(`/app{n}/`) && Method(`POST`)',
        lambda: f'Header(`X-Tenant`, `t{n}`)',
        lambda: f'Query(`user`, `u{n}`) && Method(`GET`)',
        lambda: f'ClientIP(`10.{n // 250}.{n % 250}.0/24`) && PathPrefix(`/in/`)',
    ][n % 6]()


def dead(n):
    """A rule that the one of n - 6 * k covers."""
    return [
        lambda: f'PathPrefix(`/app{n}/`) && Header(`X-A`, `1`)',
        lambda: f'Path(`/app{n}`) && Method(`GET`)',
        lambda: f'Path(`/app{n}/api`) && Method(`POST`)',
        lambda: f'Header(`X-Tenant`, `t{n}`) && PathPrefix(`/x`)',
        lambda: f'Path(`/y`) && Query(`user`, `u{n}`) && Method(`GET`)',
        lambda: f'ClientIP(`10.{n // 250}.{n % 250}.7`) && Path(`/in/side`)',
    ][n % 6]()


for kind, host in (('one', 'Host(`shop.test`) && '), ('any', '')):
    routers = {f'r{n}': {'rule': host + own(n), 'priority': 100} for n in range(ROUTERS)}
    seeded = chance.sample(range(ROUTERS), 90)
    for n in seeded:
        routers[f'dead{n}'] = {'rule': host + dead(n), 'priority': 50}
    # Two together: what a method takes, and what it leaves.
    routers['reading'] = {'rule': host + 'PathPrefix(`/both`) && Method(`GET`)', 'priority': 90}
    routers['writing'] = {'rule': host + 'PathPrefix(`/both`) && !Method(`GET`)', 'priority': 80}
    routers['deadboth'] = {'rule': host + 'PathPrefix(`/both/cart`)', 'priority': 10}
    names = list(routers)
    chance.shuffle(names)
    for name in names:
        routers[name].update(entryPoints=['web'], service=name)
    services = {name: {'loadBalancer': {'servers': [{'url': f'http://{name}.test'}]}} for name in names}
    with open(f'{kind}.yml', 'w', encoding='utf-8') as out:
        json.dump({'http': {'routers': {name: routers[name] for name in names}, 'services': services}}, out)
    with open(f'{kind}.dead', 'w', encoding='utf-8') as out:
        out.writelines(sorted(f'dead{n}\n' for n in [*seeded, 'both']))
PY

for kind in one any; do
    run 1 check --format json $kind.yml --deny warnings
    python3 -c '
import json, re, sys
for d in json.load(sys.stdin)["diagnostics"]:
    if d["code"] in ("R001", "R004", "R005", "R042"):
        print(d["code"], d["message"])
    elif d["code"] in ("R002", "R003"):
        print(re.search("router `(.*?)` never", d["message"]).group(1))' <out | sort >told
    sort $kind.dead | diff - told
done

# The decision is the same whoever looks for it: the router is found, though it is not among the first.
run 0 trace 'http://shop.test/app3600/x' --dynamic one.yml
has out "r3600@file"
has out "more routers"

# Of child routers, too.
{
    printf 'http:\n  routers:\n    top: {rule: "Host(`a.test`)", entryPoints: [web]}\n'
    seq 1 150 | while read -r n; do
        printf '    c%s: {rule: "Path(`/%s`)", parentRefs: [top], service: s}\n' "$n" "$n"
    done
    printf '  services: {s: {loadBalancer: {servers: [{url: "http://s.test"}]}}}\n'
} >children.yml
run 0 trace http://a.test/77 --dynamic children.yml
has out "c77@file"
