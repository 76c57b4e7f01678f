"""Random workspaces of ours, built, and random requests: what `itsupc trace` says of the workspace must be what the
real proxy does with what was built.

usage: tests/conformance/workspaces.py -b BUILD --judge PATH --asker PATH [--seed N] [--count N] [--requests N] [--keep DIR]

Hosts, wildcards, several names, paths, priorities, conditions, modes of TLS, redirections, passthrough, TCP and middlewares
over a small alphabet, so that routes meet. What `check` says of a workspace must come true, too (verdicts.py). A workspace that `build` refuses, for routes that claim the same, is not asked.
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

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
sys.path.insert(0, str(HERE))

import cases  # noqa: E402
from asked import Asker, differs  # noqa: E402
from docker_api import containers_of  # noqa: E402
from judge import Judge  # noqa: E402
from random_config import PATHS, certificate  # noqa: E402
from verdicts import Verdicts, World  # noqa: E402

HOSTS = ('a.test', 'b.test', 'x.a.test', 'y.a.test', '*.a.test', '*.b.test')
ASKED = ('p1.a.test', 'p2.a.test', 'a.test', 'b.test', 'x.a.test', 'y.a.test', 'xy.a.test', 'x.b.test', 'A.test', 'a.test.', 'c.test')
SERVICES = {f's{i}': 3000 + i for i in range(8)}
ROUTE_PATHS = ('', '', '', '/a', '/a/', '/a$', '/a/b', '/b', '/')
USUAL = ('/', '/', '/a', '/a/b', '/a/', '/b', '/b/b?q=1')
LINKS = ('strip', 'strip-prefix(prefixes=[/a])', 'add-prefix(prefix=/p)', 'allow(127.0.0.1)', 'allow(10.0.0.0/8)', 'headers(X-A="1")',
         'replace-path(path=/new)', 'rate(100000/s, burst=100000)', 'redirect-regex(regex=`^https?://([^/]+)/a(.*)`, replacement=`http://new.test$2`)',
         'compress')
CONDITIONS = ('where method GET', 'where not method POST', 'where header X-A = 1', 'where query q = 1', 'where client 127.0.0.1',
              'where path ~ `b$`', 'where not client 10.0.0.0/8')
# What is told of such routes, and what may be built all the same: they are shadowed, or their TLS options disagree.
ALLOWED = [word for code in ('R002', 'R010', 'R034') for word in ('--allow', code)]
# Findings of these a seed of 28 workspaces must have confirmed.
EXPECTED = ('R002', 'R034')
PROXY = """proxy traefik {
  entrypoint web :80 %s
  entrypoint websecure :443 { default }
  resolver le acme { email a@b.test; storage /acme.json; http-01 web }
  resolver wild acme { email a@b.test; storage /acme.json; dns-01 cloudflare }
  provider docker { network proxynet }
  provider file /etc/traefik/dynamic
}
%s
"""


def settings(r, plain):
    out = []
    if r.random() < 0.25:
        out.append(f'priority {r.choice([5, 900000, 5000001, 6000000])}')
    if r.random() < 0.3:
        out.append(r.choice(CONDITIONS))
    if not plain and r.random() < 0.2:
        out.append('no-redirect')
    if not plain and r.random() < 0.2:
        out.append('tls strict')
    return ' { ' + '; '.join(out) + ' }' if out else ''


def route(r, number):
    service = r.choice(list(SERVICES))
    target = f'{service}:{SERVICES[service]}'
    wild = ' { resolver wild }'
    kind = r.randrange(20)
    hosts = r.sample(HOSTS, r.choice([1, 1, 1, 2]))
    if kind == 0:
        return f'tcp://:{7000 + number} -> {target}'
    if kind == 1:
        return f'passthrough://p{number}.a.test -> {target}'
    if kind == 2:
        return f'tls://{hosts[0]}{r.choice(["", ":7443"])} -> {target}{wild}'
    mode = 'http' if kind < 7 else 'https'
    source = f'{mode}://' + ', '.join(hosts) + r.choice(ROUTE_PATHS)
    if kind == 7:
        return f'{source} => https://{r.choice(["new.test", "new.test/x"])} {r.choice(["301", "302", "308"])}'
    path = source.rpartition('test')[2]
    links = ''.join(' | ' + link for link in r.sample(LINKS[not path:], r.choice([0, 0, 0, 1, 2])))
    return f'{source}{links} -> {target}{settings(r, mode == "http")}'


def workspace(r):
    redirect = '{ redirect websecure }' if r.random() < 0.3 else ''
    more = 'tls strict { min 1.2%s }\ndefaults https { resolver wild }' % ('; sni-strict' if r.random() < 0.5 else '')
    return PROXY % (redirect, more) + '\n'.join(route(r, n) for n in range(r.randrange(3, 9))) + '\n'


def compose():
    services = {name: {'image': 'x', 'networks': ['proxynet'], 'expose': [str(port)]} for name, port in SERVICES.items()}
    return json.dumps({'name': 'box', 'services': services, 'networks': {'proxynet': {'external': True}}})


def request(r):
    scheme, port = r.choice([('http', '')] * 2 + [('https', '')] * 6 + [('http', ':443'), ('https', ':80'), ('tls', ':443'),
                             ('tls', ':7443'), ('tcp', f':{7000 + r.randrange(9)}')])
    host = r.choice(ASKED)
    out = {'url': f"{scheme}://{host}{port}{r.choice(r.choice((PATHS, USUAL))) if scheme.startswith('http') else ''}", 'ip': r.choice(['127.0.0.1', '127.0.0.2']),
           'host': host, 'sni': host.rstrip('.').lower()}
    if r.random() < 0.2:
        out['sni'] = r.choice(['', 'a.test', 'zz.test'])
    if r.random() < 0.3:
        out['method'] = r.choice(['POST', 'PUT', 'HEAD'])
    if r.random() < 0.3:
        out['headers'] = {'X-A': r.choice(['1', '2'])}
    if r.random() < 0.3:
        out['alpn'] = ['h2', 'http/1.1'] if scheme == 'https' and r.random() < 0.5 else ['http/1.1']
    return out


def reached(containers, services):
    """Addresses of the containers: what listens there, and whose it is."""
    names, backends = {}, []
    for c in containers.values():
        service = c['Config']['Labels']['com.docker.compose.service']
        for network in c['NetworkSettings']['Networks'].values():
            backends.append(f"{network['IPAddress']}:{services[service]}")
            names[backends[-1]] = f'{service}:{services[service]}'
    return names, backends


def one(compiler, judge, asker, r, folder, count):
    """The world of what was built, and the requests; None when the workspace is refused."""
    (folder / 'box.itsup').write_text(workspace(r))
    (folder / 'compose.yml').write_text(compose())
    requests = [request(r) for _ in range(count)]
    if subprocess.run([compiler, 'build', '--quiet', *ALLOWED], cwd=folder, capture_output=True, check=False).returncode:
        return None
    files = {n: (folder / n).read_text() for n in ('compose.yml', 'compose.ingress.yml') if (folder / n).exists()}
    answer, = judge.ask([{'kind': 'compose', 'files': files, 'main': list(files)}])
    if not answer['ok']:
        sys.exit(f"Compose: {answer['error']}")
    containers = containers_of(answer['value'], 'box', 10, '127.0.9')
    names, backends = reached(containers, SERVICES)
    dynamic = {p.name: p.read_text() for p in folder.glob('traefik/dynamic/*.yml')}
    # Without one the proxy makes a default certificate anew each time, which takes long.
    dynamic['zz.yml'] = json.dumps({'tls': {'stores': {'default': {'defaultCertificate': certificate('fallback.test')}}}})
    world = World(compiler, asker, folder, [], names=names, static=(folder / 'traefik' / 'traefik.yml').read_text(), files=dynamic,
                  containers=containers, backends=backends)
    # Where nothing listens there is nothing to ask.
    return world, [q for q, a in zip(requests, world.trace(requests)) if a['outcome'] != 'error']


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n', maxsplit=1)[0])
    parser.add_argument('-b', '--build', default='build')
    parser.add_argument('--judge', required=True)
    parser.add_argument('--asker', required=True)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--count', type=int, default=40)
    parser.add_argument('--requests', type=int, default=100)
    parser.add_argument('--keep')
    args = parser.parse_args()
    compiler = os.environ.get('ITSUPC') or str(pathlib.Path(args.build).resolve() / 'itsupc')
    judge, asker, verdicts = Judge(args.judge), Asker(args.asker), Verdicts()
    differ, refused, kinds, log = 0, 0, collections.Counter(), []
    report = cases.Report()
    for n in range(args.count):
        r = random.Random(args.seed * 1000 + n)
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            made = one(compiler, judge, asker, r, folder, args.requests)
            if not made:
                refused += 1
                continue
            world, requests = made
            rows, before = world.ask(requests), len(verdicts.wrong)
            verdicts.judge(world, world.findings())
            wrong = [(q, g, a, differs(g, a)) for q, g, a in rows if differs(g, a)]
            kinds.update(a['outcome'] for _, _, a in rows)
            for q, g, a, why in wrong[:2]:
                log.append(f'workspace {args.seed * 1000 + n}: {why}\n  {json.dumps(q)}\n  the proxy: {json.dumps(g)}\n  trace: {json.dumps(a)}')
            wrong += verdicts.wrong[before:]
            log += [f'workspace {args.seed * 1000 + n}: {line}' for line in verdicts.wrong[before:]]
            if wrong and args.keep:
                subprocess.run(['cp', '-r', folder, f'{args.keep}/{args.seed * 1000 + n}'], check=True)
            differ += len(wrong)
    missing = [code for code in EXPECTED if args.count >= 28 and not verdicts.confirmed[code]]
    if missing:
        log.append(f'nothing was confirmed of {missing}')
    log.append(f'seed {args.seed}: {args.count - refused} workspaces ({refused} refused), {sum(kinds.values())} requests, {differ} differ; ' +
               ', '.join(f'{n} {kind}' for kind, n in sorted(kinds.items())))
    log.append(f'findings that the proxy confirms: {verdicts.lines()}')
    print('\n'.join(log))
    name = f'conformance/workspaces-{args.seed} ({sum(kinds.values())} requests, {sum(verdicts.confirmed.values())} findings confirmed)'
    report.add('fail' if differ or missing or refused * 2 > args.count else 'pass', name, '\n'.join(log) + '\n')
    report.finish()


if __name__ == '__main__':
    sys.exit(main())
