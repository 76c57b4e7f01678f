"""Every dynamic and static file of the goldens and the examples, Traefik's own reference files, and thousands of mutants of
them: what Traefik's decoders refuse must be an error of `itsupc check`, and no error may claim a refusal that they
do not make. Both kinds of disagreement are counted.

usage: accepted.py -b BUILD --judge PATH [--static] [--count N] [--seed N]

`--static` asks for static files, of a judge that knows them. A file of which `check` says that it is a Go template and
not judged is left out.
"""
import argparse
import collections
import concurrent.futures
import json
import pathlib
import random
import re
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
sys.path.insert(0, str(HERE))

import cases  # noqa: E402
import mutate  # noqa: E402
from judge import Judge  # noqa: E402

REFERENCE = cases.ROOT.parent / 'shared' / 'traefik' / 'reference'
STATIC, DYNAMIC = re.compile(r'(?m)^(entryPoints|providers|certificatesResolvers):'), re.compile(r'(?m)^(http|tcp|udp|tls):')
NEWER = re.compile(r'v3\.8')
LEAST = 98  # of the mutants; YAML has corners (dates, tags, keys that hold nothing) where its readers part ways
SHOWN = 12
LATER = {'E0328'}  # Traefik decodes it, and stops when it opens the entry point


def sources(static):
    """Files of that kind, told by their own top-level keys."""
    wanted, other = (STATIC, DYNAMIC) if static else (DYNAMIC, STATIC)
    found = {}
    for root in (cases.GOLDEN, cases.ROOT / 'examples', cases.ROOT / 'tests' / 'fixtures'):
        for path in sorted(root.rglob('*.y*ml')):
            text = path.read_text(encoding='utf-8', errors='surrogateescape')
            if wanted.search(text) and not other.search(text) and '${' not in text and 'projects' not in path.parts:
                found.setdefault(text, str(path.relative_to(cases.ROOT)))
    return [(name, text) for text, name in found.items()]


def reference(static):
    path = REFERENCE / ('static-file.yaml' if static else 'dynamic-file.yaml')
    return [(path.name, path.read_text(encoding='utf-8'))] if path.exists() else []


def checked(compiler, static, text):
    """The errors of `check`, as (code, message, effect); None when it says that it does not judge the file."""
    with tempfile.TemporaryDirectory() as folder:
        name = 'traefik.yml' if static else 'd.yml'
        (pathlib.Path(folder) / name).write_text(text, encoding='utf-8', errors='surrogateescape')
        run = cases.Run(compiler, ['check', '--format', 'json', name], pathlib.Path(folder))
    found = json.loads(run.out)['diagnostics'] if run.out else []
    if any(d['code'] == 'E0911' for d in found):
        return None  # a Go template, which is told not to be judged
    return [(d['code'], d['message'], d.get('effect', '')) for d in found if d['level'] == 'error']


def claims(errors):
    return [e for e in errors if e[0] not in LATER and ('whole file' in e[2] or 'does not start' in e[2])]


def compared(compiler, judge, static, texts):
    """(name, text, what is wrong) of each that differs, and how many Traefik takes."""
    kind = 'static' if static else 'dynamic'
    answers = judge.ask([{'kind': kind, 'text': text, 'name': 'a.yml'} for _, text in texts])
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda row: checked(compiler, static, row[1]), texts))
    wrong, accepted = [], 0
    rows = [row for row in zip(texts, answers, found) if row[2] is not None]
    for (name, text), answer, errors in rows:
        accepted += answer['ok']
        said = ''
        if answer['ok'] and claims(errors):
            said = 'too much: ' + '; '.join(f'{c} {m}' for c, m, _ in claims(errors))
        elif not answer['ok'] and not errors:
            said = f"too little: {answer['error']}"
        if said:
            wrong.append((name, text, said))
    return wrong, accepted, len(rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('-b', '--build', default='build')
    parser.add_argument('--judge', required=True)
    parser.add_argument('--static', action='store_true')
    parser.add_argument('--count', type=int, default=2000)
    parser.add_argument('--seed', type=int, default=1)
    options = parser.parse_args()
    compiler, judge, report = cases.compiler_of(options.build), Judge(options.judge), cases.Report()
    kind, rng = 'static' if options.static else 'dynamic', random.Random(options.seed)
    own = sources(options.static)
    wrong, accepted, judged = compared(compiler, judge, options.static, own)
    print(f'{kind} files: {judged}, {accepted} taken by Traefik, {len(wrong)} differ')
    report.add('fail' if wrong else 'pass', f'conformance/accepted-{kind}', ''.join(f'{n}: {w}\n' for n, _, w in wrong))
    given = reference(options.static)
    if given:
        wrong = [row for row in compared(compiler, judge, options.static, given)[0] if not NEWER.search(row[2])]
        report.add('fail' if wrong else 'pass', f'conformance/reference-{kind}', ''.join(f'{n}: {w}\n' for n, _, w in wrong))
    else:
        report.add('skip', f'conformance/reference-{kind}', 'the reference files are not there')
    changed = []
    for _ in range(options.count):
        name, text = rng.choice(own + given)
        how, text = mutate.mutant(rng, text)
        changed.append((f'{name}: {how}', text))
    wrong, accepted, judged = compared(compiler, judge, options.static, changed)
    share = 100 * (judged - len(wrong)) / judged
    sides = collections.Counter(said.partition(':')[0] for _, _, said in wrong)
    print(f'{kind} mutants: {judged}, {accepted} taken by Traefik, {share:.2f} % agree, {dict(sides)}')
    report.add('fail' if share < LEAST else 'pass', f'conformance/mutants-{kind}',
               f'{share:.2f} % agree\n' + ''.join(f'{n}\n    {w}\n' for n, _, w in wrong[:SHOWN]))
    report.finish()


main()
