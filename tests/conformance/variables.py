"""Variables in compose files: what `itsupc trace --compose` puts in their place must be what Compose's own
loader does, with values from the environment and from `.env`.

usage: variables.py -b BUILD --judge PATH [--count N]
"""
import argparse
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
sys.path.insert(0, str(HERE))

import cases  # noqa: E402
from judge import Judge  # noqa: E402

VALUES = {'A': 'a', 'EMPTY': '', 'LONG_1': 'x.y', 'B': 'b', 'DOLLAR': 'u$v'}
NAMES = (*VALUES, 'GONE', 'a', '_')
WORDS = ('x', 'host', '.test', ' ', '$$', '-', '/', ':', '{', '}', '1')


def template(r, depth=0):
    name, kind = r.choice(NAMES), r.randrange(10)
    if kind < 3 or depth > 2:
        return r.choice(WORDS)
    if kind == 3:
        return f'${name}'
    if kind == 4:
        return '${' + name + '}'
    inner = ''.join(template(r, depth + 1) for _ in range(r.randrange(3))).replace('}', '') if depth > 1 else ''.join(
        template(r, depth + 1) for _ in range(r.randrange(3)))
    return '${' + name + r.choice((':-', '-', ':+', '+')) + inner + '}'


def ours(compiler, templates):
    """The rule of each, as trace reads it; None where it says nothing."""
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        labels = {f'traefik.http.routers.r{i}.rule': f'Header(`X`, `<{t}>`)' for i, t in enumerate(templates)}
        (folder / 'compose.yml').write_text(json.dumps({'services': {'s': {'image': 'x', 'expose': [80], 'labels': labels}}}))
        (folder / 'traefik.yml').write_text('entryPoints: {web: {address: ":80"}}\n')
        (folder / '.env').write_text(''.join(f"{k}='{v}'\n" for k, v in VALUES.items() if k != 'B'))
        environment = {k: v for k, v in os.environ.items() if k not in NAMES}
        run = subprocess.run([compiler, 'trace', 'http://x/', '--format', 'json', '--quiet', '--static', 'traefik.yml', '--compose', 'compose.yml'],
                             cwd=folder, env={**environment, 'B': 'b'}, text=True, capture_output=True, check=False)
        found = {c['router']: c['why'] for c in json.loads(run.stdout)['candidates']}
    out = []
    for i in range(len(templates)):
        why = found.get(f'r{i}@docker', '')
        begin, end = why.find('`<'), why.rfind('>`)')
        out.append(why[begin + 2:end] if begin >= 0 and end >= 0 else None)
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('-b', '--build', default='build')
    parser.add_argument('--judge', required=True)
    parser.add_argument('--count', type=int, default=2000)
    options = parser.parse_args()
    r, report = random.Random(1), cases.Report()
    templates = [''.join(template(r) for _ in range(r.randrange(1, 5))) for _ in range(options.count)]
    templates = [t for t in templates if '`' not in t]
    answers = Judge(options.judge).ask([
        {'kind': 'compose', 'main': ['compose.yml'], 'env': VALUES,
         'files': {'compose.yml': json.dumps({'name': 'p', 'services': {'s': {'image': 'x', 'labels': {'a': f'<{t}>'}}}})}} for t in templates])
    taken = [(t, a['value']['services']['s']['labels']['a'][1:-1]) for t, a in zip(templates, answers) if a['ok']]
    found = []
    for base in range(0, len(taken), 50):
        found += ours(cases.compiler_of(options.build), [t for t, _ in taken[base:base + 50]])
    wrong = [f'{t!r}: Compose {wanted!r}, itsupc {got!r}\n' for (t, wanted), got in zip(taken, found) if got != wanted]
    print(f'variables: {len(templates)} texts, {len(taken)} taken by Compose, {len(wrong)} differ')
    report.add('fail' if wrong else 'pass', 'conformance/variables', ''.join(wrong[:20]))
    report.finish()


main()
