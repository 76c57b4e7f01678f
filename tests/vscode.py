"""The extension for VS Code: it is packed without a network, holds what it names, and works.

The tools come from npm once and are kept. The package is a zip with every file that its manifests name; its program
runs under Node with a stand-in for VS Code (vscode_stub.js), starts `itsupc lsp` and shows what that finds; the
grammar for rules of Traefik colours them inside a grammar of YAML.
"""
import json
import pathlib
import re
import shutil
import subprocess
import tempfile
import xml.etree.ElementTree as xml
import zipfile

import cases
import npm
from colours import EDITORS, run

SOURCE = EDITORS / 'vscode'
MANIFEST = json.loads((SOURCE / 'package.json').read_text(encoding='utf-8'))
VSX = '{http://schemas.microsoft.com/developer/vsx-schema/2011}'
# YAML as far as the test needs it.
YAML = {'scopeName': 'source.yaml', 'patterns': [{'match': '#.*', 'name': 'comment.line.yaml'},
                                                 {'begin': '"', 'end': '"', 'name': 'string.quoted.double.yaml'},
                                                 {'begin': '(?<=: )(?!")', 'end': '$', 'name': 'string.unquoted.yaml'}]}
# Lines of YAML, and what in them is what; a scope behind `-` must not be there.
MATCHER, ARGUMENT = 'support.function.matcher.traefik', 'string.quoted.other.argument.traefik'
RULES = [
    ('  - "traefik.http.routers.a.rule=Host(`a.b`) && !PathPrefix(`/x`, `/y`)"',
     [('Host', MATCHER), ('`a.b`', ARGUMENT), (' && !', 'string.quoted.double.yaml - meta.rule.traefik'), ('PathPrefix', MATCHER),
      ('`/x`', ARGUMENT), ('`/y`', ARGUMENT)]),
    ('      rule: HostSNI(`*`)', [('HostSNI', MATCHER), ('`*`', ARGUMENT)]),
    ('      name: Host (of ours)', [('Host', f'string.unquoted.yaml - {MATCHER}')]),
    ('      # Host(`in a comment`)', [('Host', f'comment.line.yaml - {MATCHER}')]),
]


def tools():
    return npm.modules([*(f'{name}@{version}' for name, version in MANIFEST['devDependencies'].items()), npm.GRAMMAR_TEST])


def alone():
    """What runs a command without a network, where the system lets us."""
    words = ['unshare', '--net', '--map-root-user']
    try:
        return words if subprocess.run([*words, 'true'], capture_output=True, check=False).returncode == 0 else []
    except FileNotFoundError:
        return []


def packed(modules, folder):
    """The extension's folder after `npm run package`."""
    copy = folder / 'editors' / 'vscode'
    shutil.copytree(SOURCE, copy, ignore=shutil.ignore_patterns('node_modules', 'dist', '*.vsix'))
    shutil.copy(cases.ROOT / 'LICENSE', folder)
    (copy / 'node_modules').symlink_to(modules)
    said, status = run([*alone(), 'npm', 'run', 'package'], copy, env={'HOME': str(folder)})
    return copy, said if status else ''


def package(copy):
    """The .vsix is whole: a zip whose manifests name only what is in it."""
    wrong = []
    with zipfile.ZipFile(copy / 'itsup.vsix') as archive:
        names = archive.namelist()
        if archive.testzip():
            wrong.append(f'{archive.testzip()} is damaged')
        types = xml.fromstring(archive.read('[Content_Types].xml'))
        known = {one.get('Extension') for one in types}
        wrong += [f'{name} has no content type' for name in names if name != '[Content_Types].xml' and pathlib.Path(name).suffix not in known]
        vsix = xml.fromstring(archive.read('extension.vsixmanifest'))
        identity = vsix.find(f'{VSX}Metadata/{VSX}Identity')
        if (identity.get('Id'), identity.get('Version'), identity.get('Publisher')) != tuple(MANIFEST[k] for k in ('name', 'version', 'publisher')):
            wrong.append(f'another identity: {identity.attrib}')
        named = [asset.get('Path') for asset in vsix.iter(f'{VSX}Asset')]
        inside = json.loads(archive.read('extension/package.json'))
    parts = inside['contributes']
    paths = [inside['main'], *(part[key] for kind in ('languages', 'grammars', 'snippets') for part in parts[kind]
                               for key in ('path', 'configuration') if key in part)]
    named += ['extension/' + path.removeprefix('./') for path in paths]
    wrong += [f'{name} is named and not there' for name in named if name not in names]
    return wrong + [f'{name} needs not be packed' for name in names if 'node_modules' in name or '/src/' in name]


def version(_):
    stated = re.search(r'project\(itsupc VERSION (\S+)', (cases.ROOT / 'CMakeLists.txt').read_text(encoding='utf-8'))[1]
    return [] if MANIFEST['version'] == stated else [f'package.json says {MANIFEST["version"]}, CMakeLists.txt {stated}']


def runs(compiler, copy, folder):
    (folder / 'shop.itsup').write_text('https://shop.example.com -> 10.0.0.5:3000\nftp://b.example.com -> 10.0.0.6:3000\n', encoding='utf-8')
    words = ['node', str(cases.ROOT / 'tests' / 'vscode_stub.js'), str(copy / 'dist' / 'extension.js'), compiler, 'shop.itsup']
    said, _ = run(words, folder)
    try:
        seen = json.loads(said)
    except ValueError:
        return [said]
    wrong = [f'it said {seen["errors"]}'] if seen['errors'] else []
    if not seen['diagnostics'] or 'ftp://' not in seen['diagnostics'][0]:
        wrong.append(f'the findings are {seen["diagnostics"]}')
    commands = sorted(one['command'] for one in MANIFEST['contributes']['commands'])
    if seen['commands'] != commands:
        wrong.append(f'package.json has the commands {commands}, the extension {seen["commands"]}')
    if not seen['shown'].startswith('# error[E0201]'):
        wrong.append(f'of a broken file is shown: {seen["shown"][:200]}')
    (folder / 'shop.itsup').write_text('https://shop.example.com | canonical -> 10.0.0.5:3000\n', encoding='utf-8')
    seen = json.loads(run(words, folder)[0])
    if 'Host(`shop.example.com`)' not in seen['shown'] or '# ---- traefik/dynamic/routers-http.yml' not in seen['shown']:
        wrong.append(f'the generated output is {seen["shown"]}')
    if 'router 10-0-0-5-3000' not in seen['traced']:
        wrong.append(f'the trace is {seen["traced"]}')
    return wrong


def missing_program(copy, folder):
    (folder / 'shop.itsup').write_text('https://shop.example.com -> 10.0.0.5:3000\n', encoding='utf-8')
    said, _ = run(['node', str(cases.ROOT / 'tests' / 'vscode_stub.js'), str(copy / 'dist' / 'extension.js'), '/nowhere/itsupc',
                   'shop.itsup'], folder)
    return [] if 'itsupc could not be started as \\"/nowhere/itsupc\\"' in said else [said]


def rules_in_yaml(modules, folder):
    (folder / 'yaml.json').write_text(json.dumps(YAML), encoding='utf-8')
    text = ['# SYNTAX TEST "source.yaml" "rules of Traefik"']
    for line, parts in RULES:
        text.append(line)
        text += ['#' + ' ' * (line.index(part) - 1) + '^' * len(part) + ' ' + scope for part, scope in parts]
    (folder / 'rules.yml').write_text('\n'.join(text) + '\n', encoding='utf-8')
    grammar = next(g for g in MANIFEST['contributes']['grammars'] if 'injectTo' in g)
    config = {'contributes': {'languages': [{'id': 'yaml', 'extensions': ['.yml']}], 'grammars': [
        {'language': 'yaml', 'scopeName': 'source.yaml', 'path': './yaml.json'},
        dict(grammar, path='./rule.json')]}}
    shutil.copy(SOURCE / grammar['path'], folder / 'rule.json')
    (folder / 'package.json').write_text(json.dumps(config), encoding='utf-8')
    said, status = run([str(modules / '.bin' / 'vscode-tmgrammar-test'), '--config', 'package.json', 'rules.yml'], folder)
    return [re.sub('\x1b\\[[0-9;]*m', '', said)] if status else []


def main():
    options = cases.arguments(__doc__.split('\n', maxsplit=1)[0]).parse_args()
    compiler, report = cases.compiler_of(options.build), cases.Report()
    names = ('vscode/version', 'vscode/package', 'vscode/runs', 'vscode/missing-program', 'vscode/rules-in-yaml')
    if not any(report.wants(name) for name in names):
        report.finish()
    modules = tools() if shutil.which('node') else None
    server = subprocess.run([compiler, 'help', 'lsp'], capture_output=True, check=False).returncode == 0
    with tempfile.TemporaryDirectory() as scratch:
        base = pathlib.Path(scratch)
        copy, said = packed(modules, base) if modules else (None, '')

        def test(name, missing, ask):
            if missing:
                report.add('skip', name, missing)
                return
            folder = base / name.replace('/', '-')
            folder.mkdir()
            wrong = ask(folder)
            report.add('fail' if wrong else 'pass', name, '\n'.join(wrong))

        fetched = None if modules else 'npm cannot fetch the tools of the extension here'
        test(names[0], None, version)
        test(names[1], fetched, lambda _: [said] if said else package(copy))
        fetched = fetched or ('the extension could not be packed' if said else None)
        test(names[2], fetched or (None if server else 'itsupc has no language server'), lambda folder: runs(compiler, copy, folder))
        test(names[3], fetched, lambda folder: missing_program(copy, folder))
        test(names[4], fetched, lambda folder: rules_in_yaml(modules, folder))
    report.finish()


main()
