"""What docs/ci.md offers to copy, tried out: the hooks exist, the steps of action.yml run, GitLab's job writes what it
names as its reports."""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml

import cases

try:
    import yaml
except ImportError:
    print('python3-yaml is not installed')
    sys.exit(77)

DOCS = (cases.ROOT / 'docs' / 'ci.md').read_text(encoding='utf-8')
ACTION = yaml.safe_load((cases.ROOT / 'action.yml').read_text(encoding='utf-8'))
HOOKS = yaml.safe_load((cases.ROOT / '.pre-commit-hooks.yaml').read_text(encoding='utf-8'))
BAD = 'ftp://shop.example.com -> 10.0.0.5:3000\n'
GOOD = 'https://shop.example.com -> 10.0.0.5:3000\n'


def snippet(section):
    return yaml.safe_load(re.search(rf'^## {section}\n.*?```yaml\n(.*?)```', DOCS, re.MULTILINE | re.DOTALL)[1])


def hooks():
    known = {hook['id'] for hook in HOOKS}
    used = {hook['id'] for repo in snippet('pre-commit')['repos'] for hook in repo['hooks']} | set(re.findall(r'`(itsupc-[a-z-]+)`', DOCS))
    return [f'docs/ci.md names the hook {name}, which does not exist' for name in used - known] + \
        [f'docs/ci.md does not name the hook {name}' for name in known - used]


def inputs():
    """Of the action: those that the docs set, those that its steps read, and those that it declares, are the same."""
    steps = [step for job in snippet('GitHub')['jobs'].values() for step in job['steps']]
    given = {name for step in steps if '/itsupc@' in step.get('uses', '') for name in step['with']}
    read = set(re.findall(r'inputs\.([a-z]+)', json.dumps(ACTION['runs'])))
    declared = set(ACTION['inputs'])
    wrong = [f'docs/ci.md gives {name}, which action.yml does not take' for name in given - declared]
    wrong += [f'action.yml does not use its input {name}' for name in declared ^ read]
    return wrong + [f'docs/ci.md does not tell of the input {name}' for name in declared if f'`{name}`' not in DOCS and name not in given]


def steps(compiler, folder, given):
    """The last step of the action with these inputs: its output and status."""
    step = ACTION['runs']['steps'][-1]
    (folder / 'action' / 'editors' / 'pre-commit').mkdir(parents=True)
    (folder / 'action' / 'editors' / 'pre-commit' / 'itsupc').symlink_to(compiler)
    env = {name: re.sub(r'\$\{\{ inputs\.([a-z]+) \}\}', lambda m: given.get(m[1], ACTION['inputs'][m[1]]['default']), value)
           for name, value in step['env'].items()}
    done = subprocess.run(['bash', '--noprofile', '--norc', '-eo', 'pipefail', '-c', step['run']], cwd=folder / 'repo', capture_output=True,
                          text=True, check=False, env={**os.environ, **env, 'GITHUB_ACTION_PATH': str(folder / 'action')})
    return done.stdout + done.stderr, done.returncode


def action(compiler, folder):
    (folder / 'repo').mkdir()
    (folder / 'repo' / 'a.itsup').write_text(BAD, encoding='utf-8')
    said, status = steps(compiler, folder, {'sarif': 'out.sarif', 'arguments': '--deny warnings'})
    wrong = [] if status == 1 and '::error file=a.itsup,line=1' in said else [f'status {status}: {said}']
    results = json.loads((folder / 'repo' / 'out.sarif').read_text(encoding='utf-8'))['runs'][0]['results']
    return wrong + ([] if [r['ruleId'] for r in results] == ['E0201'] else [f'SARIF has {results}'])


def clean_action(compiler, folder):
    (folder / 'repo').mkdir()
    (folder / 'repo' / 'a.itsup').write_text(GOOD, encoding='utf-8')
    said, status = steps(compiler, folder, {'paths': 'a.itsup'})
    return [] if status == 0 and '::error' not in said else [f'status {status}: {said}']


def gitlab(compiler, folder):
    job = snippet('GitLab')['ingress']
    (folder / 'bin').mkdir()
    (folder / 'bin' / 'itsupc').symlink_to(compiler)
    (folder / 'a.itsup').write_text(BAD, encoding='utf-8')
    done = subprocess.run(['sh', '-euc', '\n'.join(job['script'])], cwd=folder, capture_output=True, text=True, check=False,
                          env={**os.environ, 'PATH': f'{folder}/bin:{os.environ["PATH"]}'})
    reports = job['artifacts']['reports']
    wrong = [] if done.returncode == 1 else [f'status {done.returncode}: {done.stderr}']
    quality = json.loads((folder / reports['codequality']).read_text(encoding='utf-8'))
    failed = xml.parse(folder / reports['junit']).getroot().findall('.//failure')
    if [entry['check_name'] for entry in quality] != ['E0201'] or len(failed) != 1:
        wrong.append(f'code quality has {quality}, JUnit {len(failed)} failures')
    return wrong


def main():
    options = cases.arguments(__doc__.split('\n', maxsplit=1)[0]).parse_args()
    compiler, report = cases.compiler_of(options.build), cases.Report()
    report.add('fail' if hooks() else 'pass', 'ci/hooks', '\n'.join(hooks()))
    report.add('fail' if inputs() else 'pass', 'ci/inputs', '\n'.join(inputs()))
    for name, test in (('action', action), ('action-clean', clean_action), ('gitlab', gitlab)):
        with tempfile.TemporaryDirectory() as scratch:
            wrong = test(compiler, pathlib.Path(scratch))
        report.add('fail' if wrong else 'pass', f'ci/{name}', '\n'.join(wrong))
    report.finish()


main()
