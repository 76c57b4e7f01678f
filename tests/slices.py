"""Trees built in slices: every output, message and status is that of the whole build.

  slices/golden       each itsUP tree of the goldens, the examples and the fixtures
  slices/corpus       trees of bench/gen_corpus.py, with and without mistakes; built again, changed, made smaller
  slices/random       trees of slice_trees.py, whose few words often meet; --seed and --trees for others
  slices/found        those that were built otherwise once
"""
import argparse
import collections
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

import cases
import slice_trees

SLICED = re.compile(rb'^itsupc: \d+ projects in \d+ slices\n', re.M)
SHARED = cases.ROOT.parent / 'shared' / 'systems' / 'fixtures'
TREES = 260
CORPORA = [(seed, 30 + seed * 5, rate) for seed in range(1, 7) for rate in (None, 0.2)]
FOUND = [1106, 20323]
# Of each hundred trees at least so many must really be built in slices, or nothing was shown.
LEAST = {'golden': 2, 'corpus': 50, 'random': 15}


def files_of(folder):
    return {str(p.relative_to(folder)): os.readlink(p) if p.is_symlink() else p.read_bytes() if p.is_file() else None
            for p in folder.rglob('*')} if folder.is_dir() else None


class Side:
    """One way to build a tree: its folder has the tree as `tree`, and the outputs as `out`."""

    def __init__(self, compiler, folder, tree, jobs):
        self.compiler, self.folder, self.jobs = compiler, folder, jobs
        folder.mkdir(parents=True)
        (folder / 'tree').symlink_to(tree)

    def build(self, *words):
        run = cases.Run(self.compiler, ['build', '-v', '-j', str(self.jobs), *words, '-o', 'out', 'tree'], self.folder)
        err = SLICED.sub(b'', run.err)
        return len(err) < len(run.err), {'status': run.status, 'stdout': run.out, 'stderr': err,
                                         'files': files_of(self.folder / 'out')}


def difference(whole, sliced):
    """What differs, in words; the empty text when nothing does."""
    for what in ('status', 'stdout', 'stderr'):
        if whole[what] != sliced[what]:
            return f'{what}: {whole[what]!r:.2000}\nin slices: {sliced[what]!r:.2000}'
    one, other = whole['files'], sliced['files']
    if one == other:
        return ''
    if one is None or other is None:
        return 'only one of them writes anything'
    paths = sorted(p for p in one.keys() | other.keys() if one.get(p, '-') != other.get(p, '-'))
    return '\n'.join(f'{p}:\n{one.get(p)!r:.1500}\nin slices:\n{other.get(p)!r:.1500}' for p in paths[:3])


class Comparison:
    """Builds of one tree, step by step, each by the whole and in slices."""

    def __init__(self, compiler, scratch, tree, jobs):
        self.sides = [Side(compiler, scratch / f'j{n}', tree, n) for n in (1, *jobs)]
        self.sliced = 0
        self.wrong = ''

    def step(self, what, *words, again=False):
        before = [times_of(side.folder / 'out') for side in self.sides] if again else None
        results = [side.build(*words) for side in self.sides]
        self.sliced += any(is_sliced for is_sliced, _ in results[1:])
        if results[0][0]:
            self.wrong = self.wrong or f'{what}: -j 1 is built in slices, too'
        for side, (_, result) in zip(self.sides[1:], results[1:]):
            differs = difference(results[0][1], result)
            if differs and not self.wrong:
                self.wrong = f'{what}, -j {side.jobs}: {differs}'
        after = [times_of(side.folder / 'out') for side in self.sides] if again else None
        if after != before and not self.wrong:
            self.wrong = f'{what}: files were touched'
        return results[0][1]['status']


def times_of(folder):
    return {str(p): p.stat().st_mtime_ns for p in folder.rglob('*') if p.is_file()}


# ---- trees ----

def golden_trees():
    roots = [cases.GOLDEN, cases.EXAMPLES, cases.ROOT / 'tests' / 'fixtures'] + ([SHARED] if SHARED.is_dir() else [])
    return sorted({p.parent for root in roots for p in root.rglob('projects') if p.is_dir() and 'made' not in p.parts})


def copied(tree, folder):
    """Only what is read, for outputs may stand beside it; nothing below may change the original."""
    for part in [p for p in tree.iterdir() if p.name in ('projects', 'secrets') or p.suffix == '.itsup']:
        if part.is_dir():
            shutil.copytree(part, folder / part.name, symlinks=True)
        else:
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copy(part, folder)
    return folder


def generated(folder, projects, seed, rate):
    words = [sys.executable, str(cases.ROOT / 'tests/bench/gen_corpus.py'), '--projects', str(projects),
             '--seed', str(seed), '--out', str(folder)] + (['--error-rate', str(rate)] if rate else [])
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    return folder


def random_tree(folder, seed):
    for name, text in slice_trees.make(random.Random(seed)).files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode())
    return folder


# ---- tests ----

def test_golden(compiler, scratch, tree):
    comparison = Comparison(compiler, scratch, copied(tree, scratch / 'in'), (2, 3, 16))
    if comparison.step('build') == 0:
        comparison.step('again', again=True)
    comparison.step('check', '--check')
    return comparison


def test_corpus(compiler, scratch, seed, projects, rate):
    tree = generated(scratch / 'in', projects, seed, rate)
    comparison = Comparison(compiler, scratch, tree, (2, 3, 16))
    comparison.step('build')
    comparison.step('again', again=True)
    comparison.step('check', '--check')
    rng = random.Random(seed)
    changed, gone = rng.sample(sorted((tree / 'projects').glob('*/ingress.yml')), 2)
    changed.write_text(changed.read_text().replace('example', 'changed'))
    comparison.step('check of a change', '--check', again=True)
    comparison.step('build of a change')
    shutil.rmtree(gone.parent)
    comparison.step('build of fewer')
    comparison.step('again of fewer', again=True)
    output = sorted((comparison.sides[0].folder / 'out' / 'upstream').glob('*/*.yml'))
    for side in comparison.sides if output else []:
        with open(side.folder / 'out' / 'upstream' / output[-1].parent.name / output[-1].name, 'a') as file:
            file.write('# by hand\n')
    comparison.step('build over an edit', again=True)
    comparison.step('build over an edit by force', '--force')
    return comparison


def test_random(compiler, scratch, seed):
    comparison = Comparison(compiler, scratch, random_tree(scratch / 'in', seed), (2 + seed % 2,))
    if comparison.step('build') == 0 and seed % 4 == 0:
        comparison.step('again', again=True)
    return comparison


def tests(compiler, options):
    for tree in golden_trees():
        yield 'golden', tree.name, lambda scratch, t=tree: test_golden(compiler, scratch, t)
    for seed, projects, rate in CORPORA:
        yield 'corpus', f'{seed}-{rate}', lambda scratch, s=seed, n=projects, r=rate: test_corpus(compiler, scratch, s, n, r)
    for seed in range(options.seed, options.seed + options.trees):
        yield 'random', str(seed), lambda scratch, s=seed: test_random(compiler, scratch, s)
    for seed in FOUND:
        yield 'found', str(seed), lambda scratch, s=seed: test_random(compiler, scratch, s)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n', maxsplit=1)[0])
    parser.add_argument('-b', '--build', default='build', help='the folder with itsupc (default: build)')
    parser.add_argument('--seed', type=int, default=1000, help='of the first random tree (default: 1000)')
    parser.add_argument('--trees', type=int, default=TREES, help=f'how many random trees (default: {TREES})')
    parser.add_argument('--keep', help='a folder for the trees that differ')
    options = parser.parse_args()
    compiler = cases.compiler_of(options.build)
    report = cases.Report()
    trees, sliced, wrongs = collections.Counter(), collections.Counter(), collections.defaultdict(list)
    for kind, name, test in tests(compiler, options):
        if not report.wants(f'slices/{kind}'):
            continue
        with tempfile.TemporaryDirectory() as folder:
            comparison = test(pathlib.Path(folder))
            trees[kind] += 1
            sliced[kind] += comparison.sliced > 0
            if comparison.wrong:
                wrongs[kind].append(f'{name}: {comparison.wrong}')
            if comparison.wrong and options.keep:
                shutil.copytree(folder, pathlib.Path(options.keep) / f'{kind}-{name}', symlinks=True, dirs_exist_ok=True)
    for kind, count in trees.items():
        least = LEAST.get(kind, 0) * count // 100
        if sliced[kind] < least:
            wrongs[kind].append(f'{sliced[kind]} of {count} trees are built in slices, {least} should be')
        report.add('fail' if wrongs[kind] else 'pass', f'slices/{kind}', '\n'.join(wrongs[kind]))
        print(f'{kind}: {count} trees, {sliced[kind]} of them in slices')
    report.finish()


main()
