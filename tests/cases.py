"""The golden folders as data, and how the compiler is run on them. Used by golden.py and properties.py."""
import argparse
import concurrent.futures
import os
import pathlib
import shlex
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
GOLDEN = ROOT / 'tests' / 'golden'
EXAMPLES = ROOT / 'examples'
SECONDS = 60  # no run may take longer; generous, since sanitizers and other programs slow it down


class Case:
    """A folder with one input (`input.*`) or one workspace (`in/`), and its expectations.

    A workspace that git cannot hold is made by the script `make`, in an empty folder.

    `args` holds more words of the command line; `cmd` a whole command line to use instead of all
    others; `stdin` what it reads.
    """

    def __init__(self, folder, name):
        self.folder, self.name = folder, name
        inside = folder / 'in'
        self.made = made_by(folder / 'make')
        if self.made:
            inside = pathlib.Path(self.made.name)
        self.workspace = inside.is_dir()
        self.cwd = inside if self.workspace else folder
        self.inputs = [] if self.workspace else sorted(p.name for p in folder.glob('input.*'))
        self.args = self.words('args') or []
        self.cmd = self.words('cmd')

    def words(self, name):
        path = self.folder / name
        return shlex.split(path.read_text(), comments=True) if path.exists() else None

    def stdin(self):
        path = self.folder / 'stdin'
        return path.read_bytes() if path.exists() else b''

    def languages(self):
        """The files of our language in it, relative to its cwd."""
        return [] if self.made else sorted(p.relative_to(self.cwd) for p in self.cwd.rglob('*.itsup') if p.is_file())


def made_by(script):
    """A temporary folder that the script filled, or None when there is no script."""
    if not script.exists():
        return None
    folder = tempfile.TemporaryDirectory()
    subprocess.run(['sh', script], cwd=folder.name, check=True)
    return folder


def is_case(folder):
    return any((folder / name).exists() for name in ('in', 'make')) or (folder / 'cmd').exists() or any(folder.glob('input.*'))


def golden_cases():
    return [Case(p, str(p.relative_to(GOLDEN))) for p in sorted(GOLDEN.glob('*/*')) if p.is_dir() and is_case(p)]


def example_cases():
    cases = []
    for folder in sorted(p for p in EXAMPLES.glob('*') if p.is_dir()):
        case = Case(folder, 'examples/' + folder.name)
        case.workspace, case.cwd, case.inputs = True, folder, []
        cases.append(case)
    return cases


class Run:
    """One finished run of the compiler."""

    def __init__(self, compiler, words, cwd, stdin=b''):
        self.line = ' '.join(['itsupc', *map(shlex.quote, words)])
        env = {k: v for k, v in os.environ.items()
               if k not in ('NO_COLOR', 'COLUMNS') and not k.startswith('ITSUPC_')}
        env['LC_ALL'] = 'C'
        try:
            done = subprocess.run([compiler, *words], cwd=cwd, input=stdin, env=env, timeout=SECONDS,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
            self.out, self.err, self.status = done.stdout, done.stderr, done.returncode
        except subprocess.TimeoutExpired:
            self.out, self.err, self.status = b'', b'ran for %d s\n' % SECONDS, -1

    def broke(self):
        """Why this run is wrong whatever was expected, or None."""
        if self.status < 0 or self.status > 2:
            tail = self.err.decode('utf-8', 'replace')[-3000:]
            return f'{self.line}: status {self.status}\n{tail}'
        return None


class Report:
    """Results, to tests/run when it asked (ITSUPC_RESULTS), and the failures to people."""

    def __init__(self):
        self.path = os.environ.get('ITSUPC_RESULTS')
        self.keep = os.environ.get('ITSUPC_KEEP') or (tempfile.mkdtemp() if self.path else None)
        self.filter = os.environ.get('ITSUPC_FILTER', '')
        self.counts = {'pass': 0, 'fail': 0, 'skip': 0}
        self.lines = []

    def wants(self, name):
        return self.filter in name

    def add(self, word, name, text=''):
        if not self.wants(name):
            return
        self.counts[word] += 1
        extra = text
        if word == 'fail':
            print(f'FAIL {name}\n' + ''.join(f'  | {line}\n' for line in text.splitlines()), end='')
            if self.path:
                extra = os.path.join(self.keep, f'failure-{self.counts["fail"]}')
                pathlib.Path(extra).write_text(text, encoding='utf-8', errors='replace')
        self.lines.append(f'{word}\t{name}\t{extra}\n')

    def finish(self):
        if self.path:
            with open(self.path, 'a', encoding='utf-8') as out:
                out.writelines(self.lines)
        print('{pass} passed, {fail} failed, {skip} skipped'.format(**self.counts))
        sys.exit(1 if self.counts['fail'] else 0)


def arguments(description):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument('-b', '--build', default='build', help='the folder with itsupc (default: build)')
    parser.add_argument('cases', nargs='*', metavar='CASE', help='TOPIC, TOPIC/CASE or a path to one (default: all)')
    return parser


def compiler_of(build):
    path = (ROOT / build).resolve() / 'itsupc'
    if not path.exists():
        sys.exit(f'{path.relative_to(ROOT) if path.is_relative_to(ROOT) else path} does not exist: build first')
    return str(path)


def chosen(cases, wanted):
    if not wanted:
        return cases
    names = []
    for word in wanted:
        path = pathlib.Path(word).resolve()
        names.append(str(path.relative_to(GOLDEN)) if path.is_relative_to(GOLDEN) else word.strip('/'))
    result = [c for c in cases if any(c.name == n or c.name.startswith(n + '/') for n in names)]
    if not result:
        sys.exit('no such case: ' + ' '.join(wanted))
    return result


def each(function, items):
    """Runs function over items on all cores; the results in order."""
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        return list(pool.map(function, items))
