"""Verdicts of the lints against every request there is, over small random tables.

A few routers over a small alphabet of hosts, paths, methods and headers: `itsupc trace` answers every
request, `itsupc check` says which routers never match (R002, R003, R004). A router that is said to be dead
may answer none; one that answers none must be said to be dead. What is done with the priorities of two
routers that tie (R001) is not known, so tables with ties are left out of the second question. Permuting the
routers changes no verdict.

The same for crowds: tables of thirty routers with one or two hosts, where routers are found by an index of paths, methods,
headers, queries and clients. Trace lists every router of such a table with its answer, found without the
index: the first one that matches must be the one that takes the request.
"""
import argparse
import itertools
import json
import random
import re
import sys
import tempfile
from pathlib import Path

import cases

HOSTS = ['a.test', 'b.test', 'c.test']
PATHS = ['/', '/x', '/x/y', '/z']
METHODS = ['GET', 'POST', 'PUT']
HEADERS = [{}, {'X-A': '1'}, {'X-A': ['1', '2']}]
CLIENTS = ['10.1.2.3', '10.2.0.1', '192.0.2.1']
DEAD = ('R002', 'R003', 'R004')


KINDS = ['host', 'host', 'path', 'prefix', 'prefix', 'method', 'header', 'star']
CROWD_KINDS = ['path', 'path', 'prefix', 'prefix', 'method', 'header', 'header', 'query', 'client']


def matcher(chance, kinds):
    kind = chance.choice(kinds)
    text = {
        'host': lambda: f'Host(`{chance.choice(HOSTS[:2])}`)',
        'star': lambda: 'Host(`*.test`)',
        'path': lambda: f'Path(`{chance.choice(PATHS[:3])}`)',
        'prefix': lambda: f'PathPrefix(`{chance.choice(PATHS)}`)',
        'method': lambda: f'Method(`{chance.choice(METHODS[:2])}`)',
        'header': lambda: f'Header(`X-A`, `{chance.choice("12") if kinds is CROWD_KINDS else 1}`)',
        'query': lambda: f'Query(`q`, `{chance.choice("12")}`)',
        'client': lambda: f'ClientIP(`{chance.choice(["10.0.0.0/8", "10.1.0.0/16", "10.1.2.3"])}`)',
    }[kind]()
    return ('!' if chance.random() < 0.15 else '') + text


def rule(chance, kinds, depth=0):
    if depth == 2 or chance.random() < 0.35:
        return matcher(chance, kinds)
    joined = f' {chance.choice(["&&", "&&", "||"])} '.join(rule(chance, kinds, depth + 1) for _ in range(2))
    return f'({joined})' if depth else joined


def table(chance):
    """Name, rule and priority of each router; half of the tables have no two priorities alike."""
    count = chance.randrange(3, 7)
    priorities = chance.sample(range(1, 100), count) if chance.random() < 0.7 else \
        [chance.randrange(1, 5) for _ in range(count)]
    return [(f'r{i}', rule(chance, KINDS), priorities[i]) for i in range(count)]


def crowd(chance):
    """Thirty routers of one host, a few of them of another or of any, no two priorities alike."""
    routers = []
    for i, priority in enumerate(chance.sample(range(1, 1000), 30)):
        host = chance.choice(['Host(`a.test`) && ', 'Host(`a.test`) && ', 'Host(`a.test`) && ', 'Host(`*.test`) && ', ''])
        asked = rule(chance, CROWD_KINDS)
        # Broad rules come late, or they would take everything.
        late = priority if '&&' in asked else priority // 4 + 1
        routers.append((f'r{i}', f'{host}({asked})' if host and '||' in asked else host + asked, late * 100 + i))
    return routers


def write(folder, routers):
    text = 'http:\n  routers:\n'
    for name, written, priority in routers:
        text += f'    {name}:\n      rule: "{written}"\n      entryPoints: [web]\n      priority: {priority}\n      service: {name}\n'
    text += '  services:\n'
    for name, _, _ in sorted(routers):
        text += f'    {name}:\n      loadBalancer:\n        servers:\n          - url: http://{name}.test:1\n'
    (folder / 'routes.yml').write_text(text, encoding='utf-8')


def verdicts(compiler, folder):
    run = cases.Run(compiler, ['check', '--format', 'json'], folder)
    dead, ties = set(), False
    for finding in json.loads(run.out)['diagnostics']:
        ties = ties or finding['code'] == 'R001'
        if finding['code'] in DEAD:
            dead.add(re.search(r'router `(\w+)`', finding['message']).group(1))
    return dead, ties


ALL_PATHS = PATHS + ['/x/', '/xy', '/q', '/x/y/q', '/zz']
REQUESTS = {
    table: [HOSTS + ['else.where'], ALL_PATHS, METHODS, HEADERS[:2], [''], CLIENTS[:1]],
    crowd: [['a.test', 'b.test', 'else.where'], ALL_PATHS, METHODS, HEADERS + [{'X-A': '2'}], ['', '?q=1', '?q=2', '?q=1&q=2'], CLIENTS],
}


def answering(compiler, folder, kind):
    """The routers that answer some request, whether some request has several, and where the index was wrong."""
    requests = []
    for host, path, method, headers, query, client in itertools.product(*REQUESTS[kind]):
        requests.append(json.dumps({'url': f'http://{host}{path}{query}', 'method': method, 'entryPoint': 'web',
                                    'headers': headers, 'ip': client}))
    (folder / 'requests').write_text('\n'.join(requests) + '\n', encoding='utf-8')
    run = cases.Run(compiler, ['trace', '--requests', 'requests', '--dynamic', 'routes.yml'], folder)
    found, several, wrong = set(), False, ''
    for request, line in zip(requests, run.out.decode().splitlines()):
        answer = json.loads(line)
        first = next((c['router'] for c in answer.get('candidates', ()) if c['matches']), None)
        if answer['outcome'] in ('router', 'none') and answer.get('router') != first:
            wrong = f'{request}: {answer.get("router")} takes it, and {first} matches\n'
        several = several or answer['outcome'] == 'ambiguous'
        if answer['outcome'] == 'router':
            found.add(answer['router'].split('@')[0])
    return found, several, wrong


def judge(compiler, seed, kind):
    chance = random.Random(seed)
    routers = kind(chance)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        write(folder, routers)
        dead, ties = verdicts(compiler, folder)
        found, several, lost = answering(compiler, folder, kind)
        shuffled = routers[:]
        chance.shuffle(shuffled)
        write(folder, shuffled)
        again, _ = verdicts(compiler, folder)
    silent = {name for name, _, _ in routers} - found
    wrong = f'seed {seed}: {lost}' if lost else ''
    if dead & found:
        wrong += f'seed {seed}: said to be dead, and answer: {sorted(dead & found)}\n'
    if again != dead:
        wrong += f'seed {seed}: another order of routers, other verdicts: {sorted(dead ^ again)}\n'
    missed = set() if ties or several else silent - dead
    return wrong + (str(routers) + '\n' if wrong else ''), len(missed), len(silent), f'seed {seed}: {sorted(missed)} {routers}\n'


def ask(compiler, report, options, kind, name):
    seeds = range(options.seed * 100000, options.seed * 100000 + options.tables)
    wrong, missed, silent, shown = '', 0, 0, ''
    for text, lost, all_silent, told in cases.each(lambda seed: judge(compiler, seed, kind), seeds):
        wrong += text
        missed += lost
        silent += all_silent
        shown += told if lost else ''
    report.add('fail' if wrong else 'pass', f'{name}/sound', wrong[:6000])
    few = silent < options.tables // 4 or missed * 50 > silent
    report.add('fail' if few else 'pass', f'{name}/complete ({silent - missed} of {silent} told)', shown[:6000])


def main():
    parser = argparse.ArgumentParser(description='verdicts of the lints against every request')
    parser.add_argument('-b', '--build', default='build')
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--tables', type=int, default=300)
    options = parser.parse_args()
    compiler, report = cases.compiler_of(options.build), cases.Report()
    ask(compiler, report, options, table, 'lint_random')
    ask(compiler, report, options, crowd, 'lint_random/crowds')
    report.finish()


if __name__ == '__main__':
    sys.exit(main())
