"""TOML that Traefik's reader refuses must be refused by ours, at least for its form, and the other way round: every TOML
file of the tests, and mutants of them, as files of the file provider.

usage: toml.py -b BUILD --judge PATH [--count N] [--seed N]

Traefik's reader takes some tables that TOML forbids to be added to, and keeps one of the two or both without a word: where
ours tells a key given twice (E0702), that is no disagreement.
"""
import argparse
import concurrent.futures
import json
import pathlib
import random
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
sys.path.insert(0, str(HERE))

import cases  # noqa: E402
from judge import Judge  # noqa: E402

FORM = {'E0101', 'E0102', 'E0108', 'E0702', 'E0704', 'E0716'}  # bytes, keys given twice, limits, syntax
TWICE = {'E0702'}
LEAST = 50  # of a hundred mutants must be refused: otherwise they ask too little
BITS = ['"', "'", '"""', "'''", '[', ']', '[[', ']]', '{', '}', '.', '=', ',', '\n', '#', '\\', '\\u00e9', '\\x41', '\\e', '\r\n',
        '\t', '\x7f', ' ', '_', 'é', '1_000', '0x1F', '0b2', '1979-05-27T07:32:00Z', '1979-02-29', '07:32', 'true', 'True', 'inf',
        '-0', '01', '1.', '.5', '1__0', '+1.5e3', '9223372036854775808', 'a.b = 1\n', '[a]\n', '[a.b]\n', '[[a]]\n',
        '[[a.b]]\n', '[http]\n', '[http.routers]\n', 'x = [1, 2,]\n', 'y = {a = 1, b.c = 2}\n', 'z = {a = 1,}\n',
        '"a" = 1\n', "'b' . c = 2\n", 'm = """\nx\\\n  y"""\n', "n = '''x''''\n"]


def mutant(rng, text):
    for _ in range(rng.randint(1, 3)):
        at, lines = rng.randrange(len(text) + 1), text.split('\n')
        line = rng.randrange(len(lines))
        how = rng.randrange(5)
        if how == 0:
            text = text[:at] + rng.choice(BITS) + text[at:]
        elif how == 1:
            text = text[:at] + text[at + rng.randint(1, 4):]
        elif how == 2:
            text = '\n'.join(lines[:line] + [rng.choice(lines)] + lines[line:])
        elif how == 3:
            text = '\n'.join(lines[:line] + lines[line + 1:])
        else:
            text = '\n'.join(rng.sample(lines, len(lines)))
    return text or 'a = 1'


def checked(compiler, text):
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / 'd.toml').write_bytes(text.encode('utf-8', 'surrogateescape'))
        run = cases.Run(compiler, ['check', '--format', 'json', 'd.toml'], pathlib.Path(folder))
    return [d['code'] for d in json.loads(run.out)['diagnostics'] if d['code'] in FORM]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('-b', '--build', default='build')
    parser.add_argument('--judge', required=True)
    parser.add_argument('--count', type=int, default=2000)
    parser.add_argument('--seed', type=int, default=1)
    options = parser.parse_args()
    compiler, rng, report = cases.compiler_of(options.build), random.Random(options.seed), cases.Report()
    own = [path.read_text(encoding='utf-8') for path in sorted(cases.GOLDEN.rglob('*.toml'))]
    texts = own + [mutant(rng, rng.choice(own)) for _ in range(options.count)]
    answers = Judge(options.judge).ask([{'kind': 'dynamic', 'text': text, 'name': 'a.toml'} for text in texts])
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda text: checked(compiler, text), texts))
    wrong, refused = [], 0
    for text, answer, codes in zip(texts, answers, found):
        error = answer.get('error', '')
        form = error.startswith('toml: ')
        refused += form
        if form != bool(codes) and not set(codes) & TWICE:
            wrong.append(f'{"too little: " + error if form else f"too much: {codes}"}\n{text}\n')
    print(f'toml: {len(texts)} texts, {refused} refused by Traefik, {len(wrong)} differ')
    report.add('fail' if wrong else 'pass', 'conformance/toml', '\n'.join(wrong[:5]))
    report.add('pass' if refused * 100 >= LEAST * options.count else 'fail', 'conformance/toml-asks', f'{refused} refused')
    report.finish()


main()
