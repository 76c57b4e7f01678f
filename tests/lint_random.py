"""Verdicts of the lints against every request there is, over small random tables.

A few routers over a small alphabet of hosts, paths, methods and headers: `itsupc trace` answers every
request, `itsupc check` says which routers never match (R002, R003, R004). A router that is said to be dead
may answer none; one that answers none must be said to be dead. What is done with the priorities of two
routers that tie (R001) is not known, so tables with ties are left out of the second question. Permuting the
routers changes no verdict.
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
DEAD = ('R002', 'R003', 'R004')


def matcher(chance):
    kind = chance.choice(['host', 'host', 'path', 'prefix', 'prefix', 'method', 'header', 'star'])
    text = {
        'host': lambda: f'Host(`{chance.choice(HOSTS[:2])}`)',
        'star': lambda: 'Host(`*.test`)',
        'path': lambda: f'Path(`{chance.choice(PATHS[:3])}`)',
        'prefix': lambda: f'PathPrefix(`{chance.choice(PATHS)}`)',
        'method': lambda: f'Method(`{chance.choice(METHODS[:2])}`)',
        'header': lambda: 'Header(`X-A`, `1`)',
    }[kind]()
    return ('!' if chance.random() < 0.15 else '') + text


def rule(chance, depth=0):
    if depth == 2 or chance.random() < 0.35:
        return matcher(chance)
    joined = f' {chance.choice(["&&", "&&", "||"])} '.join(rule(chance, depth + 1) for _ in range(2))
    return f'({joined})' if depth else joined


def table(chance):
    """Name, rule and priority of each router; half of the tables have no two priorities alike."""
    count = chance.randrange(3, 7)
    priorities = chance.sample(range(1, 100), count) if chance.random() < 0.7 else \
        [chance.randrange(1, 5) for _ in range(count)]
    return [(f'r{i}', rule(chance), priorities[i]) for i in range(count)]


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


def answering(compiler, folder):
    """The routers that answer some request, and whether some request has several."""
    requests = []
    for host, path, method, header in itertools.product([*HOSTS, 'else.where'], PATHS + ['/x/', '/xy', '/q', '/x/y/q', '/zz'], METHODS, (0, 1)):
        requests.append(json.dumps({'url': f'http://{host}{path}', 'method': method, 'entryPoint': 'web',
                                    'headers': {'X-A': '1'} if header else {}}))
    (folder / 'requests').write_text('\n'.join(requests) + '\n', encoding='utf-8')
    run = cases.Run(compiler, ['trace', '--requests', 'requests', '--dynamic', 'routes.yml'], folder)
    found, several = set(), False
    for line in run.out.decode().splitlines():
        answer = json.loads(line)
        several = several or answer['outcome'] == 'ambiguous'
        if answer['outcome'] == 'router':
            found.add(answer['router'].split('@')[0])
    return found, several


def judge(compiler, seed):
    chance = random.Random(seed)
    routers = table(chance)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        write(folder, routers)
        dead, ties = verdicts(compiler, folder)
        found, several = answering(compiler, folder)
        shuffled = routers[:]
        chance.shuffle(shuffled)
        write(folder, shuffled)
        again, _ = verdicts(compiler, folder)
    silent = {name for name, _, _ in routers} - found
    wrong = ''
    if dead & found:
        wrong += f'seed {seed}: said to be dead, and answer: {sorted(dead & found)}\n'
    if again != dead:
        wrong += f'seed {seed}: another order of routers, other verdicts: {sorted(dead ^ again)}\n'
    missed = set() if ties or several else silent - dead
    return wrong + (str(routers) + '\n' if wrong else ''), len(missed), len(silent), f'seed {seed}: {sorted(missed)} {routers}\n'


def main():
    parser = argparse.ArgumentParser(description='verdicts of the lints against every request')
    parser.add_argument('-b', '--build', default='build')
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--tables', type=int, default=300)
    options = parser.parse_args()
    compiler, report = cases.compiler_of(options.build), cases.Report()
    seeds = range(options.seed * 100000, options.seed * 100000 + options.tables)
    wrong, missed, silent, shown = '', 0, 0, ''
    for text, lost, all_silent, told in cases.each(lambda seed: judge(compiler, seed), seeds):
        wrong += text
        missed += lost
        silent += all_silent
        shown += told if lost else ''
    report.add('fail' if wrong else 'pass', 'lint_random/sound', wrong)
    few = silent < options.tables // 4 or missed * 50 > silent
    report.add('fail' if few else 'pass', f'lint_random/complete ({silent - missed} of {silent} told)', shown[:6000])
    report.finish()


if __name__ == '__main__':
    sys.exit(main())
