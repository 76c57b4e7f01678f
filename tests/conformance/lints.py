"""The findings of `itsupc check` about every golden case and example that the real proxy can load, asked of it.

usage: tests/conformance/lints.py -b BUILD --judge PATH --asker PATH [CASE...]

A case is an existing configuration (a static file or flags, dynamic files, compose files whose services run as
containers) or a workspace of ours, which is built first. Each service is reached at a server of our own. What a finding
says of a request must come true (verdicts.py); each code of EXPECTED must have come true somewhere, and a lint of the
catalogue that is neither there nor in UNSEEN fails the run. Cases that do not load are counted.
"""
import argparse
import collections
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
sys.path.insert(0, str(HERE))

import cases  # noqa: E402
from asked import Asker  # noqa: E402
from docker_api import containers_of  # noqa: E402
from judge import Judge  # noqa: E402
from random_config import certificate  # noqa: E402
from verdicts import UNSEEN, Verdicts, World  # noqa: E402

EXPECTED = ('C001', 'C002', 'C011', 'E0310', 'E0311', 'R001', 'R002', 'R003', 'R004', 'R005', 'R006', 'R007', 'R009', 'R010',
            'R011', 'R012', 'R013', 'R014', 'R015', 'R017', 'R018', 'R019', 'R020', 'R021', 'R022', 'R023', 'R024', 'R025', 'R026', 'R027',
            'R028', 'R029', 'R030', 'R031', 'R033', 'R034', 'R035', 'R036', 'R037', 'R041', 'X008', 'X010')
CODES = cases.ROOT / 'compiler' / 'source' / 'codes.def'
LINT = re.compile(r'^CODE\(\w+, "([RCX]\d+)"', re.MULTILINE)
STATIC = re.compile(r'^(entryPoints|providers|api|ping|certificatesResolvers|core|experimental|accessLog|log):', re.MULTILINE)
LARGEST = 200_000
# Without one the proxy makes a default certificate anew each time, which takes long.
FALLBACK = {'zz.yml': json.dumps({'tls': {'stores': {'default': {'defaultCertificate': certificate('fallback.test')}}}})}


class Unfit(Exception):
    """The case is none that the proxy could load."""


def kind(path):
    text = path.read_text(encoding='utf-8')
    if re.search(r'^services:', text, re.MULTILINE):
        return 'compose'
    return 'static' if STATIC.search(text) else 'dynamic'


def tree_of(flags):
    """--a.b.c=v as a tree."""
    root = {}
    for flag in flags:
        path, _, value = re.sub(r'^-+', '', flag).partition('=')
        *above, last = path.split('.')
        at = root
        for key in above:
            at = at.setdefault(key, {})
            if not isinstance(at, dict):
                raise Unfit('flags')
        if not isinstance(at.get(last), dict):
            at[last] = value or 'true'
    return root


def made_up(texts):
    """Entry points of their usual ports, and whatever others the files name."""
    names = {n.strip(' "\'') for text in texts for found in re.findall(r'entry[pP]oints["\']?\s*[:=]\s*\[?([^\]\n]*)', text) for n in found.split(',')}
    ports = {'web': ':80', 'websecure': ':443'}
    ports.update({name: f':{9000 + i}' for i, name in enumerate(sorted(names - {'', 'web', 'websecure'})) if re.fullmatch(r'[\w-]+', name)})
    streams = {n.strip(' "\'') for text in texts for section in re.findall(r'(?ms)^udp:(.*?)(?=^\S|\Z)', text)
               for found in re.findall(r'entryPoints: *\[?([^\]\n]*)', section) for n in found.split(',')}
    ports.update({name: ports[name] + '/udp' for name in streams & set(ports)})
    return {'entryPoints': {name: {'address': at} for name, at in ports.items()}, 'providers': {'docker': {}, 'file': {'directory': 'dynamic'}}}


def containers(judge, files):
    """What runs, and the flags of the proxy among it."""
    out, flags = {}, []
    for number, (name, text) in enumerate(files):
        project = pathlib.Path(name).parent.name or 'box'
        answer, = judge.ask([{'kind': 'compose', 'files': {name: text}, 'main': [name]}])
        if not answer['ok']:
            raise Unfit('Compose')
        for service in (answer['value'].get('services') or {}).values():
            words = service.get('command') or []
            if 'traefik' in str(service.get('image')) and any(str(w).startswith('--') for w in words):
                flags = [str(w) for w in words if str(w).startswith('--')]
        out.update(containers_of(answer['value'], project, 10, f'127.0.{20 + number}'))
    return out, flags


def existing(compiler, judge, asker, folder):
    """The world of existing files, and their findings."""
    paths = sorted(p for p in folder.rglob('*.y*ml') if p.is_file())
    files = {k: [str(p.relative_to(folder)) for p in paths if kind(p) == k] for k in ('compose', 'static', 'dynamic')}
    texts = {str(p.relative_to(folder)): p.read_text(encoding='utf-8') for p in paths}
    if sum(len(text) for text in texts.values()) > LARGEST:
        raise Unfit('so large that the proxy reads it for minutes')
    running, flags = containers(judge, [(name, texts[name]) for name in files['compose']])
    words = [word for name in files['compose'] for word in ('--compose', name)]
    if len(files['static']) > 1:
        raise Unfit('several static configurations')
    if files['static']:
        static = texts[files['static'][0]]
        words += ['--static', files['static'][0]]
    elif flags:
        static = json.dumps(tree_of(flags))
    else:
        static = json.dumps(made_up(texts.values()))
        (folder / 'made-up.json').write_text(static)
        words += ['--static', 'made-up.json']
    if files['dynamic']:
        tops = {pathlib.Path(name).parent for name in files['dynamic']}
        folders = [str(t) for t in tops if not any(t != o and t.is_relative_to(o) for o in tops)]
        words += [word for name in (files['dynamic'] if '.' in folders else folders) for word in ('--dynamic', name)]
    return World(compiler, asker, folder, words, static=static, files={**{n: texts[n] for n in files['dynamic']}, **FALLBACK},
                 containers=running, ownServers=True)


def built(compiler, judge, asker, folder, findings):
    """The world of a workspace: what was told of it is allowed."""
    allowed = [word for code in sorted({f['code'] for f in findings}) for word in ('--allow', code)]
    run = subprocess.run([compiler, 'build', '--quiet', *allowed], cwd=folder, capture_output=True, text=True, check=False)
    if run.returncode:
        raise Unfit('it does not build')
    static = next(iter(sorted(folder.rglob('traefik.yml'))), None)
    names = [n for n in ('compose.yml', 'compose.yaml', 'compose.ingress.yml') if (folder / n).exists()]
    running = {}
    if names:
        answer, = judge.ask([{'kind': 'compose', 'files': {n: (folder / n).read_text() for n in names}, 'main': names}])
        if not answer['ok']:
            raise Unfit('Compose')
        running = containers_of(answer['value'], answer['value'].get('name') or 'box', 10, '127.0.20')
    dynamic = {p.name: p.read_text() for p in sorted(folder.glob('**/dynamic/*.yml'))}
    if not dynamic and not running:
        raise Unfit('nothing is routed')
    text = static.read_text() if static else json.dumps(made_up([*dynamic.values(), *[(folder / n).read_text() for n in names]]))
    return World(compiler, asker, folder, [], static=text, files={**dynamic, **FALLBACK}, containers=running, ownServers=True)


def judged(compiler, judge, asker, case, verdicts):
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch) / 'in'
        if case.workspace:
            shutil.copytree(case.cwd, folder, symlinks=True)
        else:
            folder.mkdir()
            for name in case.inputs:
                shutil.copy(case.cwd / name, folder / name)
        run = subprocess.run([compiler, 'check', '--format', 'json', *case.args], cwd=folder, capture_output=True, text=True, check=False)
        try:
            findings = json.loads(run.stdout)['diagnostics']
        except ValueError as wrong:
            raise Unfit('it is not checked') from wrong
        if not any(f['code'][0] in 'RCX' or 'Traefik' in (f.get('effect') or '') for f in findings):
            raise Unfit('nothing is told of it')
        if list(folder.glob('**/*.itsup')) or (folder / 'projects').exists() or list(folder.glob('phoenix*.json')):
            world = built(compiler, judge, asker, folder, findings)
        else:
            world = existing(compiler, judge, asker, folder)
        verdicts.judge(world, findings)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('-b', '--build', default='build')
    parser.add_argument('--judge', required=True)
    parser.add_argument('--asker', required=True)
    parser.add_argument('cases', nargs='*')
    options = parser.parse_args()
    compiler, report = cases.compiler_of(options.build), cases.Report()
    judge, asker, verdicts, unfit = Judge(options.judge), Asker(options.asker), Verdicts(), collections.Counter()
    for case in cases.golden_cases() + cases.example_cases():
        if case.cmd or (options.cases and case.name not in options.cases):
            continue
        before = len(verdicts.wrong)
        try:
            judged(compiler, judge, asker, case, verdicts)
        except (Unfit, RuntimeError, UnicodeDecodeError) as reason:
            unfit[str(reason).partition('\n')[0][:60]] += 1
            if options.cases:
                print(reason)
            continue
        verdicts.wrong[before:] = [f'{case.name}: {line}' for line in verdicts.wrong[before:]]
    for reason, count in sorted(unfit.items()):
        print(f'{count} cases: {reason}')
    for code, count in sorted(verdicts.confirmed.items()):
        report.add('pass', f'conformance/lint-{code} ({count} confirmed)', '')
    print(verdicts.lines())
    lints = LINT.findall(CODES.read_text())
    missing = [code for code in EXPECTED if not verdicts.confirmed[code]]
    unknown = [code for code in lints if code not in EXPECTED and code not in UNSEEN]
    text = f'not confirmed at all: {missing}\nneither expected nor in UNSEEN: {unknown}\n' + ''.join(line + '\n' for line in verdicts.wrong)
    whole = not options.cases
    report.add('fail' if verdicts.wrong or (whole and (missing or unknown)) else 'pass', 'conformance/lints', text)
    report.finish()


if __name__ == '__main__':
    sys.exit(main())
