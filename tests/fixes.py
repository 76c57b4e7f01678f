"""What a finding offers as a fix mends it: applied to each golden input, the finding is gone.

Every `fixes[].edits` of `itsupc check --format json` is applied to a copy of the case by itself. Checked
again, the copy has fewer findings of that code or none in that place, and none about syntax that
was not there before.
"""
import json
import pathlib
import shutil
import tempfile
from collections import Counter

import cases


def findings(compiler, case, folder):
    run = cases.Run(compiler, ['check', '--format', 'json', *case.inputs, *case.args], folder)
    if run.broke():
        return None, run.broke()
    return json.loads(run.out)['diagnostics'], None


def apply(folder, edits):
    """Writes the edits, last first; what is wrong with them, or None."""
    for name in sorted({edit['file'] for edit in edits}):
        path = folder / name
        text = path.read_bytes()
        end = len(text)
        for edit in sorted((e for e in edits if e['file'] == name), key=lambda e: e['start'], reverse=True):
            if not 0 <= edit['start'] <= edit['end'] <= end:
                return f'{name}: an edit of [{edit["start"]}, {edit["end"]}) before {end}'
            end = edit['start']
            text = text[:edit['start']] + edit['text'].encode() + text[edit['end']:]
        path.write_bytes(text)
    return None


def is_syntax(code):
    return code.startswith('E01')


def try_fix(compiler, case, before, finding, fix):
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch) / 'case'
        shutil.copytree(case.cwd, folder)
        wrong = apply(folder, fix['edits'])
        if wrong:
            return wrong
        after, wrong = findings(compiler, case, folder)
        if wrong:
            return wrong
    old, new = Counter(d['code'] for d in before), Counter(d['code'] for d in after)
    place = [finding[key] for key in ('code', 'file', 'line', 'column')]
    if new[finding['code']] >= old[finding['code']] and \
            any(place == [d[key] for key in ('code', 'file', 'line', 'column')] for d in after):
        return 'the finding is still there'
    worse = [code for code in new if is_syntax(code) and new[code] > old[code]]
    if worse:
        return 'now there is ' + ', '.join(worse)
    return None


def test(compiler, case):
    """How many fixes were tried, and what is wrong with some of them."""
    before, wrong = findings(compiler, case, case.cwd)
    if wrong:
        return 0, [wrong]
    tried, wrongs = 0, []
    for finding in before:
        for fix in finding.get('fixes', []):
            tried += 1
            wrong = try_fix(compiler, case, before, finding, fix)
            if wrong:
                wrongs.append('{file}:{line}:{column} {code} {message}\n    fix: {title}: {wrong}'.format(
                    **finding, title=fix['title'], wrong=wrong))
    return tried, wrongs


def snapshot(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob('*'))
            if p.is_file() and not p.is_symlink()}


def line_ends(text):
    return text.startswith(b'\xef\xbb\xbf'), b'\r\n' in text, text.replace(b'\r\n', b'').count(b'\n') > 0


def try_fix_all(compiler, case):
    """What is wrong with `check --fix`; None when it had nothing to do."""
    words = [*case.inputs, *case.args]
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch) / 'case'
        shutil.copytree(case.cwd, folder, symlinks=True)
        before = snapshot(folder)
        old = cases.Run(compiler, ['check', '--format', 'json', *words], folder)
        run = cases.Run(compiler, ['check', '--fix', '--format', 'json', *words], folder)
        if run.broke() or old.broke():
            return [run.broke() or old.broke()]
        fixed = snapshot(folder)
        if run.status == 2 or fixed == before:
            return None if run.out == old.out else ['nothing was fixed, yet it tells something else']
        after = cases.Run(compiler, ['check', '--format', 'json', *words], folder)
        again = cases.Run(compiler, ['check', '--fix', '--format', 'json', *words], folder)
        wrong = []
        if (run.out, run.status) != (after.out, after.status):
            wrong.append('what --fix tells is not what check tells afterwards')
        if snapshot(folder) != fixed or b'itsupc: fixed' in again.err or again.out != run.out:
            wrong.append('a second --fix still finds something to fix')
        for name, text in fixed.items():
            if name not in before or (line_ends(before[name]) != line_ends(text) and text.count(b'\n') > 1):
                wrong.append(f'{name}: other line ends, or a new file')
        bad = [sum(is_syntax(d['code']) for d in json.loads(r.out)['diagnostics']) for r in (old, after)]
        if bad[1] > bad[0]:
            wrong.append('more text that cannot be read than before')
    return wrong


def main():
    options = cases.arguments(__doc__.split('\n', maxsplit=1)[0]).parse_args()
    compiler = cases.compiler_of(options.build)
    report = cases.Report()
    chosen = [c for c in cases.chosen(cases.golden_cases(), options.cases)
              if c.cmd is None and report.wants('fixes/' + c.name)]
    for case, (tried, wrongs) in zip(chosen, cases.each(lambda c: test(compiler, c), chosen)):
        if wrongs:
            report.add('fail', 'fixes/' + case.name, '\n'.join(wrongs))
        elif tried:
            report.add('pass', 'fixes/' + case.name)
    for case, wrongs in zip(chosen, cases.each(lambda c: try_fix_all(compiler, c), chosen)):
        if wrongs is not None:
            report.add('fail' if wrongs else 'pass', 'fixes/all/' + case.name, '\n'.join(wrongs))
    report.finish()


main()
