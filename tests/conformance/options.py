"""Every option of our tables (compiler/options/*.tsv) against Traefik's own decoders.

Each row becomes a file (dynamic or static), and labels or flags where it may stand there, with a value
of its type: Traefik must know the key. The same with one letter more in the key must be refused, and so
must a row that is newer than that Traefik.
"""
import argparse
import json
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE.parent))
sys.path.insert(0, str(HERE))

import cases  # noqa: E402
from judge import Judge  # noqa: E402

SAMPLES = (
    ('bool', 'true'), ('int', '1'), ('uint', '1'), ('float', '0.5'), ('duration', '1s'), ('bytes', '1'), ('cidr', '10.0.0.0/8'),
    ('url', 'http://10.0.0.1:80'), ('port', '80'), ('percent', '50'), ('rule', 'Host(`a.example`)'), ('regex', '^a$'),
)


LATER = ('v3.8',)  # newer than the Traefik of go.mod


def rows(path):
    lines = path.read_text(encoding='utf-8').splitlines()
    head = lines[0].split('\t')
    return [dict(zip(head, line.split('\t'))) for line in lines[1:]]


def sample(kind):
    """A value of the type, and whether it is a list; None for what holds other options."""
    inner = re.fullmatch(r'list<(.*)>', kind)
    if inner:
        value = sample(inner.group(1))
        return None if value is None else [value]
    if kind.startswith('enum'):
        return re.search(r'\{([^,}|]*)', kind).group(1)
    if kind.startswith(('object', 'map')):
        return None
    for name, value in SAMPLES:
        if kind.startswith(name):
            return value
    return 'x'


def steps(path):
    """("http", "routers", "n", …); a list is the step 0 behind its name."""
    out = []
    for part in path.split('.'):
        out.append(re.sub(r'^<\w+>$', 'n', part.replace('[n]', '')))
        if part.endswith('[n]'):
            out.append(0)
    return out


def as_file(path, value):
    for step in reversed(path):
        value = [value] if step == 0 else {step: value}
    return json.dumps(value)  # JSON is YAML


def as_key(path):
    return ''.join(f'[{s}]' if s == 0 else '.' + s for s in path)[1:]


def flat(value):
    return value[0] if isinstance(value, list) else value


def misspelt(path):
    names = [i for i, s in enumerate(path) if s != 0]
    return path[:names[-1]] + [path[names[-1]] + 'x'] + path[names[-1] + 1:]


def questions_of(row, static):
    """(what, question, whether Traefik must know the key)."""
    value = sample(row['type'])
    if value is None:
        return
    path = steps(row['path'].replace('tls.stores.<name>', 'tls.stores.default'))
    later = row['since'] in LATER
    free = path[-1] == 'n' or path[-1] == 0
    for wrong in (False, True):
        if wrong and free:
            continue
        where = misspelt(path) if wrong else path
        if row['allowed'] != 'label':
            kind = 'static' if static else 'dynamic'
            yield kind, {'kind': kind, 'text': as_file(where, value)}, not wrong and not later
        if static:
            yield 'flags', {'kind': 'flags', 'text': [f'--{as_key(where)}={flat(value)}']}, not wrong and not later
        elif row['allowed'] != 'file':
            kind = 'swarm-labels' if path[0] == 'swarm' else 'labels'
            yield kind, {'kind': kind, 'text': {f'traefik.{as_key(where)}': flat(value)}}, not wrong and not later


UNKNOWN = re.compile(r'field not found|unknown flag|is unknown|incompatible deprecated')


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--judge', required=True)
    parser.add_argument('--static', action='store_true', help='the static configuration instead, by a judge that knows it')
    parser.add_argument('-v', '--verbose', action='store_true', help='tell of values that are refused')
    options = parser.parse_args()
    judge, report = Judge(options.judge), cases.Report()
    known = {}
    for line in (HERE / 'options_exceptions.txt').read_text().splitlines():
        if line and not line.startswith('#'):
            key, _, reason = line.partition('\t')
            known[key] = reason
    for name, static in (('dynamic', False), ('static', True)):
        if static != options.static:
            continue
        asked = [(row['path'], what, q, wanted) for row in rows(ROOT / f'compiler/options/{name}.tsv')
                 for what, q, wanted in questions_of(row, static)]
        answers = judge.ask([q for _, _, q, _ in asked])
        faults, odd = [], []
        for (path, what, q, wanted), answer in zip(asked, answers):
            refused = not answer['ok'] and UNKNOWN.search(answer['error'] + ' '.join(answer.get('log', [])))
            if f'{what} {path}' in known:
                continue
            if wanted and refused:
                faults.append(f"{what}: {path}: Traefik knows no such key: {answer['error']}\n")
            elif not wanted and answer['ok']:
                faults.append(f'{what}: {path}: Traefik takes the key, which is misspelt or newer\n')
            elif wanted and not answer['ok']:
                odd.append(f"{what} {path}: {answer['error'][:150]}")
        print(f'{name}: {len(asked)} questions, {len(faults)} wrong, {len(odd)} keys known but the value alone refused')
        if options.verbose:
            print(''.join(f'  {line}\n' for line in odd), end='')
        report.add('fail' if faults else 'pass', f'conformance/options-{name}', ''.join(faults))
    report.finish()


main()
