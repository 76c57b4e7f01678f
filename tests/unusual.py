"""Existing configurations of Traefik that are right, and the same with one key misspelt.

  unusual/NAME       every setup of tests/fixtures/unusual, and itsupc has nothing to say about it
  unusual/misspelt   every option in their labels, flags and files, misspelt: at least 99 of 100 are told at
                     their place with the right word
"""
import argparse
import json
import pathlib
import random
import re
import shutil
import sys
import tempfile

import cases

SETUPS = cases.ROOT / 'tests' / 'fixtures' / 'unusual'
TABLES = cases.ROOT / 'compiler' / 'options'
ENOUGH = 0.99


def options():
    """The paths of all options, each a tuple of names in small letters; None stands for a user's name."""
    paths = set()
    for name in ('dynamic', 'static'):
        for line in (TABLES / f'{name}.tsv').read_text(encoding='utf-8').splitlines()[1:]:
            path = line.split('\t')[0].replace('[n]', '')
            paths.add(tuple(None if part.startswith('<') else part.lower() for part in path.split('.')))
    whole = set()
    for path in paths:
        for end in range(1, len(path) + 1):
            whole.add(path[:end])
    return whole


OPTIONS = options()


def known(path):
    """The option that a path of names leads to: each name an option's or, where one may be chosen, any."""
    found = [()]
    for name in path:
        name = re.sub(r'\[\d+\]$', '', name.lower())
        found = [option + (part,) for option in found for part in (name, None) if option + (part,) in OPTIONS]
    return found


def spellings(word, chance):
    """Some ways to misspell a word."""
    at = chance.randrange(1, len(word))
    yield word[:at] + word[at + 1:]
    yield word[:at] + word[at] + word[at:]
    if at + 1 < len(word) and word[at] != word[at + 1]:
        yield word[:at] + word[at + 1] + word[at] + word[at + 2:]
    yield word[:at] + ('q' if word[at] != 'q' else 'x') + word[at + 1:]


def names_of_line(line):
    """The path of a label or a flag, and where it begins in the line."""
    match = re.search(r'(?:traefik\.(?=(?:http|tcp|udp)\.)|--(?=[a-z]))([A-Za-z0-9_.\[\]-]+)', line)
    return (match.group(1).split('.'), match.start(1)) if match and '.' in match.group(1) else (None, 0)


def keys_of_line(line, above):
    """The path of a key of YAML, and where its last name begins; `above` holds the keys around it."""
    match = re.match(r'(\s*(?:- )*)([A-Za-z0-9]+):(?=\s|$)', line)
    if not match:
        return None, 0
    indent = len(match.group(1))
    while above and above[-1][0] >= indent:
        above.pop()
    above.append((indent, match.group(2)))
    return [name for _, name in above], match.start(2)


def mutants(path, chance):
    """(line number, column, the right word, the text with it misspelt) for every option in a file."""
    lines = path.read_text(encoding='utf-8').splitlines(keepends=True)
    compose, above = path.name in ('compose.yml',), []
    for number, line in enumerate(lines):
        names, start = names_of_line(line) if compose else keys_of_line(line, above)
        if not names:
            continue
        for depth in range(1, len(names) + 1) if compose else [len(names)]:
            word = names[depth - 1]
            leads = known(names[:depth])
            if len(word) < 3 or not leads or any(option[-1] is None for option in leads) or '[' in word:
                continue
            if depth == 1:
                continue  # what kind of file it is hangs on the names at the top
            column = start + (sum(len(name) + 1 for name in names[:depth - 1]) if compose else 0)
            for wrong in spellings(word, chance):
                if known(names[:depth - 1] + [wrong]):
                    continue
                changed = line[:column] + wrong + line[column + len(word):]
                yield number + 1, column, word, ''.join(lines[:number] + [changed] + lines[number + 1:])
                if chance.random() < 0.6:
                    break


def ask(compiler, setup, file, mutant):
    number, _, word, text = mutant
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch) / 'in'
        shutil.copytree(setup, folder)
        (folder / file).write_text(text, encoding='utf-8')
        run = cases.Run(compiler, ['check', '--format', 'json'], folder)
    try:
        findings = json.loads(run.out)['diagnostics']
    except (ValueError, KeyError):
        return f'no report: {run.err.decode("utf-8", "replace")}'
    here = [d for d in findings if d.get('file') == file and d.get('line') == number]
    said = [json.dumps(d, ensure_ascii=False) for d in here]
    if any(re.search(rf'[^A-Za-z]{re.escape(word)}[^A-Za-z]', text, re.IGNORECASE) for text in said):
        return ''
    return f'{setup.name}/{file}:{number}: {text.splitlines()[number - 1].strip()}: {"no word" if said else "silence"}\n'


def main():
    parser = argparse.ArgumentParser(description='right configurations, and the same with a key misspelt')
    parser.add_argument('-b', '--build', default='build')
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--most', type=int, default=1200, help='how many misspelt keys are tried')
    options_given = parser.parse_args()
    compiler, report, chance = cases.compiler_of(options_given.build), cases.Report(), random.Random(options_given.seed)
    work = []
    for setup in sorted(SETUPS.iterdir()):
        run = cases.Run(compiler, ['check'], setup)
        said = run.err.decode('utf-8', 'replace')
        report.add('pass' if said.startswith('no findings') and not run.status else 'fail',
                   f'unusual/{setup.name}', said)
        if setup.name.endswith('go-template'):
            continue
        for path in sorted(setup.rglob('*.y*ml')):
            work += [(setup, str(path.relative_to(setup)), mutant) for mutant in mutants(path, chance)]
    chance.shuffle(work)
    work = work[:options_given.most]
    missed = [text for text in cases.each(lambda item: ask(compiler, *item), work) if text]
    right = 1 - len(missed) / len(work)
    wrong = '' if right >= ENOUGH and len(work) > 500 else ''.join(missed[:40])
    report.add('fail' if wrong else 'pass', f'unusual/misspelt ({len(work)} keys, {100 * right:.1f} % told)', wrong)
    report.finish()


if __name__ == '__main__':
    sys.exit(main())
