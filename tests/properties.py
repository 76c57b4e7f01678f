"""What must hold for every input, tried on all golden inputs and examples.

  fmt-twice       formatting what was formatted changes nothing
  fmt-comments    formatting keeps each comment
  fmt-meaning     the IR before and after formatting is the same
  same-bytes      checking twice says the same, byte for byte
  same-status     the text form and the JSON form exit alike
  check-tells     `check` tells what `build` would tell, but for values that are given when it runs
  json            the JSON form is valid, complete, and in order of file, line, column
  variant-*       CRLF line ends, a BOM, a missing last newline: the same findings at the same places
"""
import json
import pathlib
import shutil
import tempfile
from collections import Counter

import cases

BLANKS = b' \t\r'
ENDS = b' \t\r\n"`()[]{},;|=<>\\'
LETTERS = frozenset(b'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789-.')


def interpolation_end(text, at):
    """The offset behind `{name}` or `${…}` at `at`, or 0 when there is none."""
    if text.startswith(b'${', at):
        end = text.find(b'}', at)
        line = text.find(b'\n', at)
        return end + 1 if end >= 0 and (line < 0 or end < line) else 0
    if text.startswith(b'{', at):
        end = at + 1
        while end < len(text) and text[end] in LETTERS:
            end += 1
        return end + 1 if end > at + 1 and text.startswith(b'}', end) else 0
    return 0


def word_end(text, at):
    """The offset behind the word at `at`: words hold {x}, ${X}, `#`, `=` after `?`, bracketed IPv6."""
    start, query = at, False
    while at < len(text):
        skip = interpolation_end(text, at)
        if skip:
            at = skip
            continue
        byte = text[at:at + 1]
        if byte == b'[' and text[start:at].endswith(b'//'):
            end = text.find(b']', at)
            if end > 0 and b'\n' not in text[at:end]:
                at = end + 1
                continue
        if byte == b'=' and query:
            at += 1
            continue
        if byte in ENDS:
            break
        query = query or byte == b'?'
        at += 1
    return at


def comments(text):
    """Every comment of a file in our language, without the blanks behind it: a Counter."""
    found, at = Counter(), 0
    while at < len(text):
        byte = text[at:at + 1]
        if text.startswith(b'"""', at):
            end = text.find(b'"""', at + 3)
            at = len(text) if end < 0 else end + 3
        elif byte == b'"':
            at += 1
            while at < len(text) and text[at:at + 1] not in (b'"', b'\n'):
                at += 2 if text[at:at + 1] == b'\\' and text[at + 1:at + 2] != b'\n' else 1
            at += 1
        elif byte == b'`':
            at += 1
            while at < len(text) and text[at:at + 1] not in (b'`', b'\n'):
                at += 1
            at += 1
        elif byte == b'#':
            end = text.find(b'\n', at)
            end = len(text) if end < 0 else end
            found[text[at:end].rstrip(BLANKS)] += 1
            at = end
        else:
            at = max(word_end(text, at), at + 1)
    return found


def without_bytes(findings):
    """What a finding says and where, without byte offsets (they move with CRLF and BOM)."""
    return [{k: v for k, v in f.items() if k != 'fixes'} for f in findings]


def at_end(findings, ends):
    """Places at or behind the end of a file are one place, whether or not a newline is the last byte."""
    def place(finding, line, column):
        end = ends.get(finding.get('file'))
        if end and line in finding and (finding[line], finding.get(column, 1)) >= end:
            finding[line], finding[column] = end
    for finding in findings:
        for part in (finding, *finding.get('notes', [])):
            place(part, 'line', 'column')
            place(part, 'endLine', 'endColumn')
    return findings


def end_of(text):
    lines = text.decode('utf-8', 'replace').rstrip('\n').split('\n')
    return len(lines), len(lines[-1]) + 1


class Tester:
    def __init__(self, compiler):
        self.compiler = compiler

    def run(self, words, cwd, stdin=b''):
        return cases.Run(self.compiler, words, cwd, stdin)

    def fmt(self, text, cwd):
        return self.run(['fmt', '-'], cwd, text)

    def check_json(self, case, cwd):
        run = self.run(['check', '--format', 'json', *case.inputs, *case.args], cwd)
        if run.broke():
            return run, None, run.broke()
        try:
            return run, json.loads(run.out.decode('utf-8')), ''
        except ValueError as error:
            return run, None, f'{run.line}: {error}\n{run.out[:2000]!r}\n'

    def format_file(self, text, cwd):
        """name -> fault for the properties of the formatter on one text; the formatted text."""
        once = self.fmt(text, cwd)
        if once.broke():
            return {'fmt-twice': once.broke()}, None
        faults = {'fmt-twice': '', 'fmt-comments': ''}
        twice = self.fmt(once.out, cwd)
        if twice.broke():
            faults['fmt-twice'] = twice.broke()
        elif twice.out != once.out:
            faults['fmt-twice'] = f'once:\n{show(once.out)}\ntwice:\n{show(twice.out)}\n'
        before, after = comments(text.removeprefix(b'\xef\xbb\xbf')), comments(once.out)
        if before != after:
            faults['fmt-comments'] = f'lost: {list((before - after).elements())}\n' \
                                     f'gained: {list((after - before).elements())}\n{show(once.out)}\n'
        return faults, once.out

    def in_copy(self, case, change):
        """A copy of the case with each file of our language changed; None when a change is refused."""
        base = pathlib.Path(tempfile.mkdtemp()) / case.cwd.name  # a project may be named after its folder
        shutil.copytree(case.cwd, base, symlinks=True)
        for path in case.languages():
            text = change((case.cwd / path).read_bytes())
            if text is None:
                shutil.rmtree(base.parent)
                return None
            (base / path).write_bytes(text)
        return base

    def test(self, case):
        """name -> fault ('' when it holds)."""
        faults = {}
        formatted = {}
        for path in case.languages():
            text = (case.cwd / path).read_bytes()
            found, formatted[text] = self.format_file(text, case.cwd)
            for name, fault in found.items():
                faults[name] = faults.get(name, '') + (f'{path}: {fault}' if fault else '')
        if case.cmd is not None:
            return faults
        run, answer, fault = self.check_json(case, case.cwd)
        faults['json'] = fault or self.wrong_json(answer)
        if answer is None:
            return faults
        again = self.run(['check', '--format', 'json', *case.inputs, *case.args], case.cwd)
        faults['same-bytes'] = '' if again.out == run.out else f'{show(run.out)}\nthen\n{show(again.out)}\n'
        text = self.run(['check', *case.inputs, *case.args], case.cwd)
        faults['same-status'] = '' if text.status == run.status else f'text {text.status}, json {run.status}\n'
        faults['check-tells'] = self.untold(case, answer)
        if not case.languages():
            return faults
        if answer['summary']['errors'] == 0 and None not in formatted.values():
            faults['fmt-meaning'] = self.meaning(case, formatted)
        for name, change in VARIANTS.items():
            fault = self.variant(case, answer, change)
            if fault is not None:
                faults['variant-' + name] = fault
        return faults

    def untold(self, case, answer):
        """What `build` finds and `check` does not; a value that nothing gives is the machine's matter."""
        with tempfile.TemporaryDirectory() as folder:
            run = self.run(['build', '--format', 'json', '-o', folder, *case.inputs, *case.args], case.cwd)
        try:
            found = json.loads(run.out.decode('utf-8'))['diagnostics']
        except ValueError:
            return ''  # no workspace to build
        told = {(f['code'], f['file'], f['line'], f['column']) for f in answer['diagnostics']}
        lacks = [f for f in found if f['code'] not in HERE and
                 (f['code'], f['file'], f['line'], f['column']) not in told]
        return f'{run.line}\n{json.dumps(lacks, indent=1)}\n' if lacks else ''

    def meaning(self, case, formatted):
        words = ['build', '--emit', 'ir', *case.inputs, *case.args]
        before = self.run(words, case.cwd)
        copy = self.in_copy(case, lambda text: formatted[text])
        after = self.run(words, copy)
        shutil.rmtree(copy.parent)
        if (before.out, before.status) == (after.out, after.status):
            return ''
        return f'before ({before.status}):\n{show(before.out)}\nafter ({after.status}):\n{show(after.out)}\n' \
               f'{show(after.err)}\n'

    def variant(self, case, answer, change):
        copy = self.in_copy(case, change)
        if copy is None:
            return None
        _, changed, fault = self.check_json(case, copy)
        shutil.rmtree(copy.parent)
        if fault:
            return fault
        ends = {str(path): end_of((case.cwd / path).read_bytes()) for path in case.languages()}
        before = at_end(without_bytes(answer['diagnostics']), ends)
        after = at_end(without_bytes(changed['diagnostics']), ends)
        if before == after:
            return ''
        return f'before:\n{json.dumps(before, indent=1)}\nafter:\n{json.dumps(after, indent=1)}\n'

    @staticmethod
    def wrong_json(answer):
        """What in the answer breaks the contract, or ''."""
        wrong = ''
        places = []
        counts = Counter()
        for finding in answer['diagnostics']:
            missing = {'code', 'level', 'message', 'file', 'line', 'column', 'endLine', 'endColumn'} - finding.keys()
            if missing:
                wrong += f'{finding}: lacks {sorted(missing)}\n'
                continue
            if min(finding[k] for k in ('line', 'column', 'endLine', 'endColumn')) < 1:
                wrong += f'{finding}: lines and columns count from 1\n'
            if (finding['endLine'], finding['endColumn']) < (finding['line'], finding['column']):
                wrong += f'{finding}: ends before it begins\n'
            if finding['file'].startswith('/'):
                wrong += f'{finding}: an absolute path\n'
            places.append((finding['file'], finding['line'], finding['column']))
            counts[finding['level']] += 1
        if places != sorted(places):
            wrong += f'not in order: {places}\n'
        if len(answer['diagnostics']) < 1000:
            for level, key in (('error', 'errors'), ('warning', 'warnings')):
                if counts[level] != answer['summary'][key]:
                    wrong += f'{counts[level]} of level {level}, but the summary says {answer["summary"]}\n'
        return wrong


def show(data):
    return data[:4000].decode('utf-8', 'backslashreplace')


def crlf(text):
    return None if b'\r' in text or b'\n' not in text else text.replace(b'\n', b'\r\n')


def bom(text):
    return None if text.startswith(b'\xef\xbb\xbf') else b'\xef\xbb\xbf' + text


def no_newline(text):
    return text[:-1] if text.endswith(b'\n') and not text.endswith((b'\n\n', b'\r\n')) else None


HERE = {'E0417', 'E0423'}  # what the machine gives, and a compose file that is not in view
VARIANTS = {'crlf': crlf, 'bom': bom, 'no-newline': no_newline}


def main():
    options = cases.arguments('tries what must hold for every input').parse_args()
    tester = Tester(cases.compiler_of(options.build))
    report = cases.Report()
    todo = cases.chosen(cases.golden_cases() + cases.example_cases(), options.cases)
    for case, faults in zip(todo, cases.each(tester.test, todo)):
        for name, fault in faults.items():
            report.add('fail' if fault else 'pass', f'{name}/{case.name}', fault)
    report.finish()


if __name__ == '__main__':
    main()
