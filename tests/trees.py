"""Generated itsUP trees: every seeded mistake is told at its line, a clean tree has none, cost is linear.

  trees/seed-N-rate-R  what bench/gen_corpus.py lists in errors.json is what `check` finds: an error at
                       each place, and no error elsewhere
  trees/clean-N        no error without seeded mistakes
  trees/import-N       the tree with all its YAML replaced by what `import` prints means the same
  trees/growth         memory and time per project do not grow with their number
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import cases

SEEDS = [(3, 1000, 0.2)] + [(seed, 300, rate) for seed, rate in
                            ((1, 0.2), (2, 1), (4, 0.5), (5, 1), (6, 0.2), (7, 1), (8, 0.5), (9, 1), (10, 1))]
SEEDS.append((5, 1000, 0.2))
CLEAN = [(1, 1000), (2, 300), (3, 300)]
FEW, MANY = 1000, 4000
MOST_BYTES = 12 * 1024  # of memory that one more project may take, its own text included


def generate(folder, projects, seed, rate=None):
    words = [sys.executable, str(cases.ROOT / 'tests/bench/gen_corpus.py'), '--projects', str(projects),
             '--seed', str(seed), '--out', str(folder)]
    if rate is not None:
        words += ['--error-rate', str(rate)]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    return folder


def errors_of(compiler, folder):
    run = cases.Run(compiler, ['check', '--format', 'json'], folder)
    if run.broke():
        return None, run.broke()
    answer = json.loads(run.out)
    errors = [d for d in answer['diagnostics'] if d['level'] == 'error']
    if len(errors) != answer['summary']['errors']:
        return None, 'more findings than are shown'
    return errors, None


def show(finding):
    return '{file}:{line}: {code} {message}'.format(**finding)


def test_seed(compiler, scratch, seed, projects, rate):
    folder = generate(scratch / f'{seed}-{projects}-{rate}', projects, seed, rate)
    found, wrong = errors_of(compiler, folder)
    if wrong:
        return wrong
    places = {(d['file'], d['line']) for d in found}
    wrongs, fair = [], set()
    for seeded in json.loads((folder / 'errors.json').read_text())['errors']:
        right = {(p['file'], p['line']) for p in [seeded, *seeded['accept_at']]}
        fair |= right
        if not right & places:
            wrongs.append('{file}:{line}: nothing about {kind} ({key}: {value})'.format(**seeded))
    wrongs += [show(d) for d in found if (d['file'], d['line']) not in fair]
    return '\n'.join(wrongs)


def test_clean(compiler, scratch, seed, projects):
    found, wrong = errors_of(compiler, generate(scratch / f'{seed}-{projects}', projects, seed))
    return wrong or '\n'.join(map(show, found))


def meaning(compiler, folder):
    run = cases.Run(compiler, ['build', '--emit', 'ir'], folder)
    return run.out, None if run.status == 0 else run.err.decode('utf-8', 'replace')


def test_import(compiler, scratch, seed, projects):
    folder = generate(scratch / f'import-{seed}', projects, seed)
    before, wrong = meaning(compiler, folder)
    jobs = [(['ingress.yml'], 'ingress.itsup', path.parent) for path in folder.glob('projects/*/ingress.yml')]
    jobs.append((['itsup.yml', 'traefik.yml', 'middlewares.yml'], 'proxy.itsup', folder / 'projects'))
    for files, name, where in jobs:
        names = [str((where / file).relative_to(folder)) for file in files]
        run = cases.Run(compiler, ['import', *names], folder)
        if wrong or run.status:
            return wrong or run.line + '\n' + run.err.decode('utf-8', 'replace')
        (where / name).write_bytes(run.out)
        for file in files:
            (where / file).unlink()
    after, wrong = meaning(compiler, folder)
    laid_out = cases.Run(compiler, ['fmt', '--check', '.'], folder)
    return wrong or ('' if after == before else 'the IR differs') or \
        ('' if laid_out.status == 0 else laid_out.out.decode())


def measured(compiler, folder):
    """Peak memory in bytes and processor time in seconds of a check; the interpreter between has a peak of its own."""
    program = ('import resource, subprocess, sys\n'
               'subprocess.run([sys.argv[1], "check", "--quiet"], stdout=subprocess.DEVNULL,'
               ' stderr=subprocess.DEVNULL)\n'
               'used = resource.getrusage(resource.RUSAGE_CHILDREN)\n'
               'print(used.ru_maxrss * 1024, used.ru_utime)\n')
    out = subprocess.run([sys.executable, '-c', program, compiler], cwd=folder, check=True, capture_output=True)
    memory, time = out.stdout.split()
    return int(memory), float(time)


def test_growth(compiler, scratch):
    (few, fast), (many, slow) = (
        min(measured(compiler, folder) for _ in range(3))
        for folder in (generate(scratch / f'grow-{n}', n, 1) for n in (FEW, MANY)))
    each = (many - few) // (MANY - FEW)
    wrongs = []
    if each > MOST_BYTES:
        wrongs.append(f'one more project takes {each} bytes')
    if slow > 0.2 and slow > 2.5 * MANY / FEW * fast:
        wrongs.append(f'{FEW} projects take {fast} s, {MANY} take {slow} s')
    return '\n'.join(wrongs)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n', maxsplit=1)[0])
    parser.add_argument('-b', '--build', default='build', help='the folder with itsupc (default: build)')
    compiler = cases.compiler_of(parser.parse_args().build)
    report = cases.Report()
    with tempfile.TemporaryDirectory() as folder:
        scratch = pathlib.Path(folder)
        tests = [(f'trees/seed-{s}-rate-{r}', lambda s=s, n=n, r=r: test_seed(compiler, scratch, s, n, r))
                 for s, n, r in SEEDS]
        tests += [(f'trees/clean-{s}', lambda s=s, n=n: test_clean(compiler, scratch, s, n)) for s, n in CLEAN]
        tests += [(f'trees/import-{s}', lambda s=s: test_import(compiler, scratch, s, 60)) for s in (1, 2)]
        tests.append(('trees/growth', lambda: test_growth(compiler, scratch)))
        for name, test in tests:
            wrong = test() if report.wants(name) else None
            if wrong is not None:
                report.add('fail' if wrong else 'pass', name, wrong)
    report.finish()


main()
