"""Every request that a lint names is answered by `itsupc trace` as the finding says.

All golden cases whose findings name a request are asked; a case that trace cannot read is told by name.
"""
import argparse
import json
import re
import sys

import cases

REQUEST = (r'(?:(?P<method>[A-Z]+) )?(?P<url>https?://[^ ,]+)(?P<headers>(?: \([^()]+: [^()]*\))*)'
           r'(?: from (?P<ip>[0-9a-f.:]+))?')
SAYS = [
    (re.compile(REQUEST + r' is answered by `(?P<router>[^`]+)`'), 'router'),
    (re.compile(REQUEST + r' is answered by (?P<service>[a-z-]+@internal)'), 'service'),
    (re.compile(REQUEST + r' goes to `(?P<router>[^`]+)`'), 'router'),
    (re.compile(REQUEST + r' is answered (?P<status>\d+)'), 'status'),
    (re.compile(REQUEST + r' is sent to (?P<location>[^ ,]+),'), 'location'),
    (re.compile(REQUEST + r' is redirected'), 'redirect'),
]
# A connection, which trace asks for otherwise; a sentence about every second request.
LEAST = 12


def sources(folder):
    """The words that give trace the files of a case."""
    words, dynamic = [], []
    for path in sorted(folder.rglob('*.y*ml')):
        text, name = path.read_text(encoding='utf-8'), str(path.relative_to(folder))
        if re.search(r'^services:', text, re.MULTILINE):
            words += ['--compose', name]
        elif re.search(r'^(entryPoints|providers|api|certificatesResolvers):', text, re.MULTILINE):
            words += ['--static', name]
        else:
            dynamic.append(name)
    if len(dynamic) > 1 or (dynamic and '/' in dynamic[0]):
        dynamic = [dynamic[0].rsplit('/', 1)[0] if '/' in dynamic[0] else '.']
    return words + [word for name in dynamic for word in ('--dynamic', name)]


def answer(compiler, folder, found):
    words = ['trace', found['url'], '--format', 'json', *sources(folder)]
    if found['method']:
        words += ['--method', found['method']]
    for header in re.findall(r'\(([^()]+): ([^()]*)\)', found['headers'] or ''):
        words += ['--header', '='.join(header)]
    if found['ip']:
        words += ['--client', found['ip']]
    run = cases.Run(compiler, words, folder)
    try:
        return json.loads(run.out), ''
    except ValueError:
        return None, run.err.decode('utf-8', 'replace')


def difference(kind, found, said):
    want = found.groupdict().get(kind)
    if kind == 'router':
        got = (said.get('router') or '').split('@')[0]
    elif kind == 'service':
        got = said.get('service')
    elif kind == 'status':
        got, want = said.get('status'), int(want)
    elif kind == 'location':
        got = said.get('location')
    else:
        got, want = said.get('outcome'), 'redirect'
    return '' if got == want else f'{found.group(0)}: trace says {json.dumps(said)}\n'


def main():
    parser = argparse.ArgumentParser(description='asks trace for the requests that findings name')
    parser.add_argument('-b', '--build', default='build')
    compiler, report, asked = cases.compiler_of(parser.parse_args().build), cases.Report(), 0
    for diag in sorted(cases.GOLDEN.glob('*/*/diag')):
        folder = diag.parent / 'in'
        if not folder.is_dir() or list(folder.glob('**/*.itsup')):
            continue
        text, name = diag.read_text(encoding='utf-8'), f'witness/{diag.parent.parent.name}-{diag.parent.name}'
        for pattern, kind in SAYS:
            for found in pattern.finditer(text):
                said, wrong = answer(compiler, folder, found)
                asked += 1
                wrong = wrong or difference(kind, found, said)
                report.add('fail' if wrong else 'pass', name, wrong)
    report.add('pass' if asked >= LEAST else 'fail', 'witness/count', f'only {asked} requests were found\n')
    report.finish()


if __name__ == '__main__':
    sys.exit(main())
