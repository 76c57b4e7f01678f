"""Random configurations, random requests: the real proxy and `itsupc trace` must agree on every one.

usage: tests/conformance/routes.py [-b BUILD] [--asker PATH] [--seed N] [--configs N] [--requests N] [--keep DIR]

Each configuration (entry points with redirections, TLS, sanitizing; HTTP and TCP routers with random
rules, priorities, TLS options, middlewares and mistakes) is served by the parts of the real Traefik
(`asker`), with a backend for each server that tells what it saw. Plain and TLS clients with any server
name, ALPN, Host, method, path and header ask it, PostgreSQL's STARTTLS included. Where trace says that
several answers are possible, the proxy must give one of them. A configuration that shows a difference is
kept below DIR. Status 77: `asker` was never built (tests/conformance/setup asker).
"""
import argparse
import collections
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

import random_config
from asked import Asker, differs

HERE = pathlib.Path(__file__).resolve().parent


def trace(compiler, folder, static, files, requests):
    """What itsupc says of each request."""
    (folder / 'dynamic').mkdir()
    (folder / 'traefik.yml').write_text(json.dumps(static))
    for name, content in files.items():
        (folder / 'dynamic' / name).write_text(json.dumps(content))
    (folder / 'requests').write_text(''.join(json.dumps(q) + '\n' for q in requests))
    run = subprocess.run([compiler, 'trace', '--requests', 'requests', '--static', 'traefik.yml', '--dynamic', 'dynamic', '--quiet'],
                         cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    if len(answers) != len(requests):
        sys.exit(f'trace: status {run.returncode}: {run.stderr}')
    return answers


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
    asker = Asker.there(args.asker)
    differ, kinds = 0, collections.Counter()
    for n in range(args.configs):
        seed = args.seed * 1000 + n
        r = random.Random(seed)
        static, files, backends = random_config.config(r)
        requests = [random_config.request(r) for _ in range(args.requests)]
        asker.start(static=json.dumps(static), files={k: json.dumps(v) for k, v in files.items()}, backends=backends, requests=requests)
        with tempfile.TemporaryDirectory() as name:
            said = trace(compiler, pathlib.Path(name), static, files, requests)
        got, wrong = asker.results(), 0
        for q, g, a in zip(requests, got, said):
            why = differs(g, a)
            kinds[a['outcome']] += 1
            wrong += bool(why)
            if why and wrong <= 2:
                print(f'config {seed}: {why}\n  {json.dumps(q)}\n  the proxy: {json.dumps(g)}\n  trace: {json.dumps(a)}')
        differ += wrong
        if wrong and args.keep:
            target = pathlib.Path(args.keep) / str(seed)
            (target / 'dynamic').mkdir(parents=True, exist_ok=True)
            (target / 'traefik.yml').write_text(json.dumps(static, indent=1))
            (target / 'dynamic' / 'dyn.yml').write_text(json.dumps(files['dyn.yml'], indent=1))
            (target / 'requests').write_text(''.join(json.dumps(q) + '\n' for q in requests))
    print(f'seed {args.seed}: {args.configs} configurations, {sum(kinds.values())} requests, {differ} differ; ' +
          ', '.join(f'{n} {kind}' for kind, n in sorted(kinds.items())))
    return differ > 0


if __name__ == '__main__':
    sys.exit(main())
