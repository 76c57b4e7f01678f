"""Golden tests: tests/golden/TOPIC/CASE holds an input and what the compiler makes of it.

The input is `input.itsup` (or another `input.*`), or a whole workspace below `in/`. The compiler runs
in the case's folder (in `in/`), so that no path of a machine can appear. Expectations, whichever exist:

  tokens, ast   of `itsupc tokens FILE`, `itsupc ast FILE`
  diag          standard error of `itsupc check`, as text without colour
  json          standard output of `itsupc check --format json`
  ir            standard output of `itsupc build --emit ir`
  formatted     standard output of `itsupc fmt -`
  exit          status of `check`; without it: 1 when `diag` shows an error, else 0
  out           standard output of `cmd`
  made/         the files that `itsupc build` writes, and no others

`args` adds words to check and build; `cmd` (a command line without "itsupc", run instead of the
others, reading `stdin`) has the expectations out, diag and exit. -u rewrites what exists and writes
`diag` for a case that expects nothing yet; to have another expectation, create it empty first.
"""
import difflib
import os
import re
import shutil
import tempfile
from pathlib import Path

import cases


def runs_of(case):
    """The command line behind each expectation: name -> (words, standard input, part)."""
    if case.cmd is not None:
        return {name: (case.cmd, case.stdin(), part) for name, part in
                (('out', 'out'), ('diag', 'err'), ('exit', 'status'))}
    check = ['check', *case.inputs, *case.args]
    runs = {
        'diag': (check, b'', 'err'),
        'exit': (check, b'', 'status'),
        'json': (['check', '--format', 'json', *case.inputs, *case.args], b'', 'out'),
        'ir': (['build', '--emit', 'ir', *case.inputs, *case.args], b'', 'out'),
    }
    if case.inputs:
        text = (case.cwd / case.inputs[0]).read_bytes()
        runs['tokens'] = (['tokens', case.inputs[0]], b'', 'out')
        runs['ast'] = (['ast', case.inputs[0]], b'', 'out')
        runs['formatted'] = (['fmt', '-'], text, 'out')
    return runs


def status_wanted(diag):
    return 1 if re.search(rb'^error(\[|:)', diag, re.MULTILINE) else 0


def difference(name, want, got):
    def lines(data):
        return data.decode('utf-8', 'backslashreplace').splitlines(keepends=True)
    text = ''.join(line if line.endswith('\n') else line + '\n(no newline at the end)\n'
                   for line in difflib.unified_diff(lines(want), lines(got), f'{name} (expected)', f'{name} (now)'))
    return text or f'{name}: the bytes differ\n'


def files_of(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob('*'))
            if path.is_file() and '.itsupc' not in path.parts}


def test_made(case, compiler, update):
    """What build writes, compared file by file; built twice, the second time over the first."""
    want_folder = case.folder / 'made'
    with tempfile.TemporaryDirectory() as name:
        made = Path(name) / 'made'
        made.mkdir()
        result = cases.Run(compiler, ['build', '-o', str(made), *case.inputs, *case.args], case.cwd, b'')
        if result.broke() or result.status:
            return f'build: status {result.status}\n' + result.err.decode('utf-8', 'backslashreplace')
        got = files_of(made)
        stamps = {path: os.stat(made / path).st_mtime_ns for path in got}
        cases.Run(compiler, ['build', '-o', str(made), *case.inputs, *case.args], case.cwd, b'')
        touched = [path for path in got if os.stat(made / path).st_mtime_ns != stamps[path]]
        if touched or files_of(made) != got:
            return f'a second build changed {", ".join(touched) or "something"}\n'
    want = files_of(want_folder)
    if got == want:
        return ''
    if update:
        shutil.rmtree(want_folder)
        for path, data in got.items():
            (want_folder / path).parent.mkdir(parents=True, exist_ok=True)
            (want_folder / path).write_bytes(data)
        print(f'{case.name}: made/')
        return ''
    return ''.join(difference(path, want.get(path, b''), got.get(path, b''))
                   for path in sorted(set(want) | set(got)) if want.get(path) != got.get(path))


def test(case, compiler, update):
    runs = runs_of(case)
    made = (case.folder / 'made').is_dir()
    have = [name for name in runs if (case.folder / name).exists()]
    stray = [name for name in ('tokens', 'ast', 'ir', 'json', 'formatted', 'out')
             if (case.folder / name).exists() and name not in runs]
    if stray:
        return f'an expectation that this kind of case does not have: {", ".join(stray)}\n'
    if not have and not made:
        if not update:
            return 'nothing is expected; run tests/golden.sh -u\n'
        have = ['diag']
    done, changed = {}, []
    faults = test_made(case, compiler, update) if made else ''

    def run(name):
        words, stdin, _ = runs[name]
        key = tuple(words)
        if key not in done:
            done[key] = cases.Run(compiler, words, case.cwd, stdin)
        return done[key]

    for name in have:
        result = run(name)
        part = runs[name][2]
        got = b'%d\n' % result.status if part == 'status' else getattr(result, {'out': 'out', 'err': 'err'}[part])
        if result.broke() and 'exit' not in have:
            faults += result.broke() + '\n'
            continue
        path = case.folder / name
        want = path.read_bytes() if path.exists() else None
        if got == want:
            continue
        if update:
            path.write_bytes(got)
            changed.append(name)
        else:
            faults += difference(name, want, got)
    if 'diag' in have and 'exit' not in have and not faults:
        wanted = status_wanted((case.folder / 'diag').read_bytes())
        if run('diag').status != wanted:
            faults += f'{run("diag").line}: status {run("diag").status}, but `diag` says {wanted}; ' \
                      'if that is right, create `exit`\n'
    if changed:
        print(f'{case.name}: {" ".join(changed)}')
    return faults


def main():
    parser = cases.arguments('compares the compiler with tests/golden')
    parser.add_argument('-u', '--update', action='store_true', help='rewrite the expectations that exist')
    options = parser.parse_args()
    compiler = cases.compiler_of(options.build)
    report = cases.Report()
    todo = [c for c in cases.chosen(cases.golden_cases(), options.cases) if report.wants('golden/' + c.name)]
    for case, faults in zip(todo, cases.each(lambda c: test(c, compiler, options.update), todo)):
        report.add('fail' if faults else 'pass', 'golden/' + case.name, faults)
    report.finish()


main()
