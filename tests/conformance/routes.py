"""Random configurations, random requests: the real proxy and `itsupc trace` must agree on every one, and what
`itsupc check` says of them must come true.

usage: tests/conformance/routes.py [-b BUILD] [--asker PATH] [--seed N] [--configs N] [--requests N] [--keep DIR]

Each configuration (entry points with redirections, TLS, sanitizing; HTTP and TCP routers with random
rules, priorities, TLS options, middlewares and mistakes) is served by the parts of the real Traefik
(`asker`), with a backend for each server that tells what it saw. Plain and TLS clients with any server
name, ALPN, Host, method, path and header ask it, PostgreSQL's STARTTLS included. Where trace says that
several answers are possible, the proxy must give one of them. The findings about the configuration are
judged by the same proxy (verdicts.py). A configuration that shows a difference is
kept below DIR. Status 77: `asker` was never built (tests/conformance/setup asker).
"""
import argparse
import collections
import json
import os
import pathlib
import random
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
sys.path.insert(0, str(HERE))

import cases  # noqa: E402
import random_config  # noqa: E402
from asked import Asker, address, differs  # noqa: E402
from verdicts import Verdicts, World  # noqa: E402

TURNS = 24  # more than any weights here add up to
# Findings of these a seed of 28 configurations must have confirmed.
EXPECTED = ('E0202', 'E0311', 'E0325', 'E0421', 'R004', 'R010', 'R020', 'R025')


def served(files):
    """Whose server each backend is."""
    out = {}
    for content in files.values():
        for layer in ('http', 'tcp', 'udp'):
            for name, service in content.get(layer, {}).get('services', {}).items():
                for server in service.get('loadBalancer', {}).get('servers', []):
                    out[address(server.get('url') or server['address'])] = name.partition('.')[0]
    return out


def write(folder, static, files):
    (folder / 'dynamic').mkdir(parents=True)
    (folder / 'traefik.yml').write_text(json.dumps(static, indent=1))
    for name, content in files.items():
        (folder / 'dynamic' / name).write_text(json.dumps(content, indent=1))


def unshared(world, rows, files):
    """Where trace names several servers, all of them must be reached when a request comes again and again; and
    how many services were asked so."""
    out, done = [], set()
    kinds = {name: next(iter(service)) for layer in ('http', 'tcp') for name, service in files['dyn.yml'].get(layer, {}).get('services', {}).items()}
    for q, g, a in rows:
        bare = a.get('service', '').partition('@')[0]
        if len(a.get('servers') or []) < 2 or not g.get('seen') or bare in done or kinds.get(bare) not in ('weighted', 'loadBalancer') or len(done) == 2:
            continue
        done.add(bare)
        came = {(got.get('seen') or {}).get('backend') for got in world.reload([q] * TURNS, [a] * TURNS, inOrder=True)}
        if came != {address(server) for server in a['servers']}:
            out.append(f'{bare} leads to {sorted(map(str, came))}, trace: {a["servers"]}')
    return out, len(done)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n', maxsplit=1)[0])
    parser.add_argument('-b', '--build', default='build')
    parser.add_argument('--asker')
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--configs', type=int, default=20)
    parser.add_argument('--requests', type=int, default=150)
    parser.add_argument('--keep')
    args = parser.parse_args()
    compiler = os.environ.get('ITSUPC') or str(pathlib.Path(args.build).resolve() / 'itsupc')
    asker, verdicts, report = Asker.there(args.asker), Verdicts(), cases.Report()
    differ, turned, kinds, log = 0, 0, collections.Counter(), []
    for n in range(args.configs):
        seed = args.seed * 1000 + n
        r = random.Random(seed)
        static, files, backends = random_config.config(r)
        requests = [random_config.request(r) for _ in range(args.requests)]
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name) / 'in'
            write(folder, static, files)
            world = World(compiler, asker, folder, ['--static', 'traefik.yml', '--dynamic', 'dynamic'], served(files), static=json.dumps(static),
                          files={k: json.dumps(v) for k, v in files.items()}, backends=backends)
            wrong, before = 0, len(verdicts.wrong)
            rows = world.ask(requests)
            lines, count = unshared(world, rows, files)
            log += [f'config {seed}: {line}' for line in lines]
            wrong += len(lines)
            turned += count
            for q, g, a in rows:
                why = differs(g, a)
                kinds[a['outcome']] += 1
                wrong += bool(why)
                if why and wrong <= 2:
                    log.append(f'config {seed}: {why}\n  {json.dumps(q)}\n  the proxy: {json.dumps(g)}\n  trace: {json.dumps(a)}')
            verdicts.judge(world, world.findings())
        log += [f'config {seed}: {line}' for line in verdicts.wrong[before:]]
        differ += wrong
        if (wrong or verdicts.wrong[before:]) and args.keep:
            target = pathlib.Path(args.keep) / str(seed)
            write(target, static, files)
            (target / 'requests').write_text(''.join(json.dumps(q) + '\n' for q in requests))
    missing = [code for code in EXPECTED if args.configs >= 28 and not verdicts.confirmed[code]]
    if args.configs >= 28 and not turned:
        missing.append('shared services')
    if missing:
        log.append(f'nothing was confirmed of {missing}')
    log.append(f'seed {args.seed}: {args.configs} configurations, {sum(kinds.values())} requests, {differ} differ; ' +
               ', '.join(f'{n} {kind}' for kind, n in sorted(kinds.items())))
    log.append(f'services that shared requests among all of their servers: {turned}')
    log.append(f'findings that the proxy confirms: {verdicts.lines()}')
    print('\n'.join(log))
    name = f'conformance/routes-{args.seed} ({sum(kinds.values())} requests, {sum(verdicts.confirmed.values())} findings confirmed)'
    report.add('fail' if differ or verdicts.wrong or missing else 'pass', name, '\n'.join(log) + '\n')
    report.finish()


if __name__ == '__main__':
    sys.exit(main())
