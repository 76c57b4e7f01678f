"""Every format tells the same findings: each golden input is checked once, with a report in each of them.

The JSON form is what the others are compared with: code, level, file, line and, where a form has it, column.
Each report must also be what its readers take: XML that parses, commands that are escaped, fingerprints that
differ, and SARIF that its schema accepts where that schema is at hand (a folder in ITSUPC_SCHEMAS, or
../shared/schemas beside the project; it belongs to others and is no part of this one).
"""
import json
import os
import pathlib
import re
import sys
import tempfile
import urllib.parse
import xml.etree.ElementTree as xml

import cases

MACHINE = ('json', 'jsonl', 'sarif', 'github', 'gitlab', 'junit')
SCHEMAS = pathlib.Path(os.environ.get('ITSUPC_SCHEMAS') or cases.ROOT.parent / 'shared' / 'schemas')
GITHUB = {'error': 'error', 'warning': 'warning', 'note': 'notice'}
GITLAB = {'error': 'major', 'warning': 'minor', 'note': 'info'}


def unescaped(text):
    return re.sub('%(25|0A|0D|3A|2C)', lambda m: chr(int(m[1], 16)), text)


def visible(text):
    """Without what github and junit show as a mark, so that texts can be compared."""
    return re.sub(r'[^\x21-\x7e]', '', text).replace('%', '')


def of_jsonl(text):
    lines = [json.loads(line) for line in text.splitlines()]
    if list(lines[-1]) != ['summary']:
        raise ValueError('the last line is no summary')
    return lines[:-1]


def of_sarif(text, fixes):
    log = json.loads(text)
    run = log['runs'][0]
    rules = run['tool']['driver']['rules']
    found = []
    for r in run['results']:
        if rules[r['ruleIndex']]['id'] != r['ruleId']:
            raise ValueError(f'ruleIndex of {r["ruleId"]} leads to {rules[r["ruleIndex"]]["id"]}')
        place = r['locations'][0]['physicalLocation'] if r['locations'] else None
        region = place['region'] if place else {'startLine': 1, 'startColumn': 1, 'endLine': 1, 'endColumn': 1}
        if (region['endLine'], region['endColumn']) < (region['startLine'], region['startColumn']):
            raise ValueError(f'a region that ends before it starts: {region}')
        file = urllib.parse.unquote(place['artifactLocation']['uri'].removeprefix('file://')) if place else ''
        found.append((r['ruleId'], r['level'], file, region['startLine'], region['startColumn']))
        fixes += r.get('fixes', [])
    if len({rule['id'] for rule in rules}) != len(rules):
        raise ValueError('a rule stands twice')
    return found


def of_github(text):
    found = []
    for line in text.splitlines()[:-1]:
        m = re.fullmatch(r'::(error|warning|notice) (?:file=([^,]*),line=(\d+),endLine=\d+(?:,col=\d+,endColumn=\d+)?,)?'
                         r'title=([A-Z]\d+)::(.*)', line)
        if not m:
            raise ValueError(f'no workflow command: {line}')
        found.append((m[4], m[1], unescaped(m[2] or ''), int(m[3] or 1)))
    return found


def of_gitlab(text):
    entries = json.loads(text)
    prints = [e['fingerprint'] for e in entries]
    if len(set(prints)) != len(prints):
        raise ValueError('a fingerprint stands twice')
    return [(e['check_name'], e['severity'], e['location']['path'], e['location']['lines']['begin'])
            for e in entries if e['check_name'] != 'summary']


def of_junit(text):
    suite = xml.fromstring(text)[0]
    tests = suite.findall('testcase')
    failures = [t for t in tests if t.find('failure') is not None]
    if int(suite.get('tests')) != len(tests) or int(suite.get('failures')) != len(failures):
        raise ValueError('the totals are not those of the elements')
    return [(t.get('name').split(' ')[0], t.find('failure') is not None, t.get('file') or '', int(t.get('line')))
            for t in tests if t.get('name') != 'no findings']


def differences(folder):
    """What is wrong with the reports in a folder, and the SARIF log."""
    texts = {name: (folder / name).read_text(encoding='utf-8') for name in MACHINE}
    wanted = json.loads(texts['json'])
    found = wanted['diagnostics']
    fixes, wrong = [], []

    def same(name, got, make):
        want = [make(d) for d in found]
        if got != want:
            lost = [w for w in want if w not in got][:5]
            more = [g for g in got if g not in want][:5]
            wrong.append(f'{name}: {len(got)} findings, json has {len(want)}; missing {lost}, strange {more}')

    try:
        same('jsonl', of_jsonl(texts['jsonl']), lambda d: d)
        if json.loads(texts['jsonl'].splitlines()[-1])['summary'] != wanted['summary']:
            wrong.append('jsonl: another summary')
        same('sarif', of_sarif(texts['sarif'], fixes),
             lambda d: (d['code'], d['level'], d['file'], d['line'], d['column']))
        same('github', [(c, l, visible(f), n) for c, l, f, n in of_github(texts['github'])],
             lambda d: (d['code'], GITHUB[d['level']], visible(d['file']), d['line']))
        same('gitlab', of_gitlab(texts['gitlab']),
             lambda d: (d['code'], GITLAB[d['level']], d['file'] or '.', d['line']))
        same('junit', [(c, l, visible(f), n) for c, l, f, n in of_junit(texts['junit'])],
             lambda d: (d['code'], d['level'] == 'error', visible(d['file']), d['line']))
        if len(fixes) != sum(len([f for f in d['fixes'] if f['edits']]) for d in found):
            wrong.append('sarif: another number of fixes')
        text = (folder / 'text').read_text(encoding='utf-8')
        if [(c, l) for l, c in re.findall(r'^(error|warning|note)\[(\w+)\]: ', text, re.MULTILINE)] != \
                [(d['code'], d['level']) for d in found]:
            wrong.append('text: other findings')
    except (ValueError, KeyError, IndexError, TypeError, xml.ParseError) as error:
        wrong.append(f'{type(error).__name__}: {error}')
    return wrong, json.loads(texts['sarif'])


def test(compiler, case):
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        words = [word for name in (*MACHINE, 'text') for word in ('--format', f'{name}:{folder / name}')]
        plain = cases.Run(compiler, ['check', *case.inputs, *case.args], case.cwd)
        run = cases.Run(compiler, ['check', *case.inputs, *case.args, *words], case.cwd)
        if run.broke() or run.status == 2:
            return ([run.broke()] if run.broke() else []), None
        wrong, log = differences(folder)
    if run.status != plain.status:
        wrong.append(f'status {run.status} with reports, {plain.status} without')
    if run.err != plain.err or run.out:
        wrong.append('a report in a file changed what the terminal shows')
    return wrong, log


def validate(report, logs):
    """All logs at once, as one log of many runs: the schema is read once."""
    name = 'formats/sarif-schema'
    schema = SCHEMAS / 'sarif-2.1.0.json'
    if not report.wants(name):
        return
    if not schema.exists():
        report.add('skip', name, 'the SARIF schema is not here (ITSUPC_SCHEMAS names its folder)')
        return
    try:
        import jsonschema  # pylint: disable=import-outside-toplevel
    except ImportError:
        report.add('skip', name, f'{sys.executable} has no module jsonschema')
        return
    whole = dict(logs[0], runs=[run for log in logs for run in log['runs']])
    checker = jsonschema.Draft7Validator(json.loads(schema.read_text(encoding='utf-8')))
    errors = [f'{"/".join(map(str, e.absolute_path))}: {e.message[:300]}' for e in checker.iter_errors(whole)]
    report.add('fail' if errors else 'pass', name, '\n'.join(errors[:20]))


def main():
    options = cases.arguments(__doc__.split('\n', maxsplit=1)[0]).parse_args()
    compiler = cases.compiler_of(options.build)
    report = cases.Report()
    chosen = [c for c in cases.chosen(cases.golden_cases(), options.cases) if c.cmd is None]
    logs = []
    for case, (wrong, log) in zip(chosen, cases.each(lambda c: test(compiler, c), chosen)):
        report.add('fail' if wrong else 'pass', 'formats/' + case.name, '\n'.join(wrong))
        if log:
            logs.append(log)
    validate(report, logs)
    report.finish()


main()
