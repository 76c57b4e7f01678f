"""Compose files: what itsupc understands and refuses against Compose's own loader.

Every compose file of the tests, of the examples and of a generated corpus is loaded by both; what one
refuses the other must refuse, and the models must agree. `--mutants N` changes such files in small
ways, N times, and counts how often the two agree on refusing.

Exceptions stand in compose_exceptions.txt: a name, a tab, the reason; the name is a file's, or of a
class of mutants a regular expression on what Compose says.
"""
import argparse
import collections
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE.parent))
sys.path.insert(0, str(HERE))

import cases  # noqa: E402
import compose_model  # noqa: E402
import mutate  # noqa: E402
from judge import Judge  # noqa: E402

LEAST = 95  # per cent of the mutants on which both agree
PLACES = ('tests/fixtures', 'tests/golden', 'tests/conformance/projects', 'examples')
NAME = re.compile(r'(docker-)?compose[\w.-]*\.ya?ml$')

PART = re.compile(r'\.(override|ingress)\.')  # added to another file, no project by itself


class Project:
    """A compose file and everything beside it that it may name."""

    def __init__(self, name, folder, main):
        self.name, self.main = name, main
        self.files = {}
        for path in sorted(folder.rglob('*')):
            if path.is_file() and path.suffix in ('.yml', '.yaml', '.env') and len(self.files) < 50:
                self.files[str(path.relative_to(folder))] = path.read_bytes().decode('utf-8', 'surrogateescape')

    def mains(self):
        stem, dot, end = self.main.rpartition('.')
        beside = [f'{stem}.override.{e}' for e in ('yml', 'yaml')]
        return [self.main] + [name for name in beside if name in self.files][:1]

    def question(self):
        files = {k: v.encode('utf-8', 'surrogateescape').decode('utf-8', 'replace') for k, v in self.files.items()}
        return {'kind': 'compose', 'files': files, 'main': self.mains(),
                'env': compose_model.must_be_set('\n'.join(files.values()))}

    def with_text(self, text):
        other = Project.__new__(Project)
        other.name, other.main, other.files = self.name, self.main, {**self.files, self.main: text}
        return other


def repository_projects():
    out = []
    for place in PLACES:
        for path in sorted((ROOT / place).rglob('*')):
            if NAME.fullmatch(path.name) and path.is_file() and not PART.search(path.name):
                out.append(Project(str(path.relative_to(ROOT)), path.parent, path.name))
    return out


def corpus_projects(count, seed):
    folder = tempfile.TemporaryDirectory()
    subprocess.run([sys.executable, str(ROOT / 'tests/bench/gen_corpus.py'), '--projects', str(count), '--seed', str(seed),
                    '--out', folder.name], check=True, stdout=subprocess.DEVNULL)
    out = [Project('corpus/' + path.parent.name, path.parent, path.name)
           for path in sorted(pathlib.Path(folder.name).glob('projects/*/docker-compose.yml'))]
    folder.cleanup()
    return out


def our_answer(compiler, project):
    """(status, model or None, findings of level error)."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in project.files.items():
            path = pathlib.Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode('utf-8', 'surrogateescape'))
        run = cases.Run(compiler, ['dump', 'compose', project.main], folder)
    try:
        model = json.loads(run.out) if run.out else None
    except ValueError:
        model = None
    return run.status, model, run.err.decode('utf-8', 'replace')


def exceptions():
    rows = {}
    for line in (HERE / 'compose_exceptions.txt').read_text().splitlines():
        if line and not line.startswith('#'):
            name, _, reason = line.partition('\t')
            rows[name] = reason
    return rows


def verdicts(compiler, judge, projects):
    """For each project (agrees, what to say of it)."""
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        mine = pool.map(lambda p: our_answer(compiler, p), projects)
        answers = judge.ask([p.question() for p in projects])
        return list(zip(projects, mine, answers))


def fault_of(mine, answer):
    status, model, findings = mine
    if status not in (0, 1):
        return f'itsupc ended with {status}\n{findings}'
    if (status == 0) != answer['ok']:
        return f"Compose refuses: {answer['error']}" if not answer['ok'] else 'itsupc refuses:\n' + findings
    if answer['ok']:
        return '\n'.join(compose_model.differences(model, answer['value']))
    return ''


def compare(report, compiler, judge, projects, known):
    for project, mine, answer in verdicts(compiler, judge, projects):
        fault = fault_of(mine, answer)
        if project.name in known:
            if fault:
                report.add('pass', 'conformance/compose/' + project.name)
            else:
                report.add('fail', 'conformance/compose/' + project.name, 'is listed as an exception, and agrees\n')
        else:
            report.add('fail' if fault else 'pass', 'conformance/compose/' + project.name, fault)


def compare_mutants(report, compiler, judge, projects, known, count, seed, show):
    changed = [(how, p.with_text(text)) for p, how, text in mutate.mutants(projects, count, seed)]
    rows = verdicts(compiler, judge, [p for _, p in changed])
    patterns = [re.compile(k[1:]) for k in known if k.startswith('~')]
    tally, classes = collections.Counter(), collections.defaultdict(list)
    for (how, _), (project, mine, answer) in zip(changed, rows):
        status, _, findings = mine
        fault, said = fault_of(mine, answer), answer.get('error', '') + '\n' + findings
        if status not in (0, 1):
            kind = 'itsupc broke'
        elif not fault:
            kind = 'agree'
        elif any(p.search(said) or p.search(fault) for p in patterns):
            kind = 'listed exception'
        elif (status == 0) == answer['ok']:
            kind = 'model differs'
        else:
            kind = 'only Compose refuses' if status == 0 else 'only itsupc refuses'
        tally[kind] += 1
        if kind not in ('agree', 'listed exception'):
            classes[kind + ': ' + gist(answer.get('error') or fault)].append(f'{project.name}: {how}\n{fault}\n')
    total = sum(tally.values())
    print(f'{total} mutants: ' + ', '.join(f'{n} {what}' for what, n in tally.most_common()))
    text = ''.join(f'{len(found)} x {name}\n    such as {found[0][:600]}'
                   for name, found in sorted(classes.items(), key=lambda row: -len(row[1]))[:show])
    if text:
        print(text, end='')
    agreeing = 100 * (total - sum(len(found) for found in classes.values())) / max(total, 1)
    bad = agreeing < LEAST or tally['itsupc broke']
    report.add('fail' if bad else 'pass', 'conformance/compose/mutants', f'{agreeing:.2f} % agree\n{text}')


def gist(said):
    """A message without its names and numbers, to count alike ones together."""
    said = re.sub(r'(services|networks|volumes|secrets|configs)[.\[][\w.\[\]-]*', r'\1.X', said.strip())
    said = re.sub(r'"[^"]*"|\'[^\']*\'|`[^`]*`', 'X', said)
    return ' '.join(re.sub(r'\d+', 'N', said).split())[:120]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('-b', '--build', default='build')
    parser.add_argument('--judge', required=True)
    parser.add_argument('--corpus', type=int, default=200)
    parser.add_argument('--mutants', type=int, default=0)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--show', type=int, default=40)
    parser.add_argument('names', nargs='*')
    options = parser.parse_args()
    compiler, judge, known = cases.compiler_of(options.build), Judge(options.judge), exceptions()
    report = cases.Report()
    projects = repository_projects() + corpus_projects(options.corpus, 3)
    if options.names:
        projects = [p for p in projects if any(n in p.name for n in options.names)]
    compare(report, compiler, judge, projects, known)
    if options.mutants:
        compare_mutants(report, compiler, judge, projects, known, options.mutants, options.seed, options.show)
    report.finish()


main()
