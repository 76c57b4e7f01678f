"""Mistakes made on purpose in the YAML of the fixture trees: each is told where it was made.

  mutations/TREE-keys    every key, misspelt in several ways, gets its right spelling as the suggestion at its
                         place
  mutations/TREE-types   every scalar, replaced by a list or a mapping, is told at its place
  mutations/labels       every segment of every label of the option table, misspelt, gets its right spelling
"""
import json
import re
import shutil
import tempfile
import pathlib

import cases

FIXTURES = cases.ROOT / 'tests' / 'fixtures'
TREES = ['itsup', 'itsup-gen1', 'itsup-gen2']
FILES = ['projects/*.yml', 'projects/*/itsup-project.yml', 'projects/*/ingress.yml', 'projects/*/traefik.yml']
# Keys below these are names that the user chooses, or are not judged: `path` is what leads to them.
CHOSEN = re.compile(r'^(backup|alert)\.|^(certificatesResolvers|entryPoints|experimental\.plugins)\.[^.]+$'
                    r'|^(http|tcp|udp)\.(middlewares|routers|services)\.[^.]+$|\.plugin\.[^.]+(\.|$)'
                    r'|^plugins\.[^.]+\.options\.')


class Line:
    """One `key: value` of a block mapping or of a mapping in braces: where it stands, and its path."""

    def __init__(self, number, column, key, path, value, value_column):
        self.number, self.column, self.key, self.path = number, column, key, path
        self.value, self.value_column = value, value_column


PAIR = re.compile(r'([A-Za-z_][A-Za-z0-9_]*):(?=\s|$)')


def code_of(text):
    """The line without its comment."""
    return re.sub(r'(^|\s)#.*', '', text)


def open_braces(code):
    """The keys whose mapping in braces is open where this part of a line ends."""
    inside = []
    for match in re.finditer(r'[{}\[\]]', code):
        if match.group() in '{[':
            named = re.search(r'([A-Za-z_][A-Za-z0-9_]*): *$', code[:match.start()])
            inside.append(named and named.group(1))
        elif inside:
            inside.pop()
    return [key for key in inside if key]


def pairs(text):
    """Every key of the file that begins a line, stands behind `- ` or in braces on one line."""
    found, above = [], []  # above: (indentation, key)
    for number, line in enumerate(text.splitlines(), 1):
        code = code_of(line)
        first = re.match(r'\s*(- )*', code).end()
        for match in PAIR.finditer(code):
            quoted = len(re.findall(r'["\']', code[:match.start()])) % 2
            before = code[:match.start()].rstrip()
            if quoted or not (match.start() == first or before.endswith(('{', ','))):
                continue
            if match.start() == first:
                while above and above[-1][0] >= first:
                    above.pop()
                above.append((first, match.group(1)))
                path = '.'.join(key for _, key in above)
            else:
                inner = open_braces(code[:match.start()])
                outer = [key for indent, key in above if indent < first or key not in inner]
                path = '.'.join(dict.fromkeys(outer + inner + [match.group(1)]))
            value = re.match(r'\s*("[^"]*"|\'[^\']*\'|[^\s,{}\[\]#&*|>][^,{}\[\]#]*?)\s*(?=$|[,}])', code[match.end():])
            at = match.end() + (value.start(1) if value else 0)
            found.append(Line(number, match.start() + 1, match.group(1), path, value and value.group(1), at + 1))
    return found


def misspellings(key):
    """Slips of the finger that make no other key of it: a letter too few, two swapped, one too many, a wrong one."""
    if len(key) < 4:
        return [key + key[-1]]
    swapped = key[:2] + key[3] + key[2] + key[4:]
    wrong = key[:-2] + ('x' if key[-2] != 'x' else 'y') + key[-1]
    return [key[:1] + key[2:], key[:-1] + key[-1] * 2, wrong] + ([swapped] if swapped != key and len(key) > 5 else [])


def findings(compiler, folder):
    run = cases.Run(compiler, ['check', '--format', 'json'], folder)
    if run.broke():
        return run.broke()
    return json.loads(run.out)['diagnostics']


def replaced(text, line, column, old, new):
    lines = text.splitlines(keepends=True)
    row = lines[line - 1]
    lines[line - 1] = row[:column - 1] + new + row[column - 1 + len(old):]
    return ''.join(lines)


def told(found, file, line, column=None):
    return [d for d in found if d['file'] == file and d['line'] <= line <= d['endLine'] and
            (column is None or d['column'] == column)]


def try_key(compiler, folder, name, text, pair, wrong):
    (folder / name).write_text(replaced(text, pair.number, pair.column, pair.key, wrong))
    found = findings(compiler, folder)
    if isinstance(found, str):
        return found
    here = [d for d in told(found, name, pair.number, pair.column) if wrong in d['message']]
    if any(pair.key in d.get('help', '') + json.dumps(d.get('fixes', [])) for d in here):
        return None
    return f'{name}:{pair.number}:{pair.column}: {pair.path} as `{wrong}`: ' + \
        ('; '.join('{message} ({help})'.format(**{'help': '', **d}) for d in here) or 'nothing')


def try_type(compiler, folder, name, text, pair, before):
    for wrong in ('[wrong, type]', '{wrong: type}'):
        (folder / name).write_text(replaced(text, pair.number, pair.value_column, pair.value, wrong))
        found = findings(compiler, folder)
        if isinstance(found, str):
            return found
        new = [d for d in told(found, name, pair.number) if d['level'] == 'error' and d['message'] not in before]
        if not new:
            return f'{name}:{pair.number}: {pair.path}: {pair.value} as {wrong}: nothing'
    return None


def test(compiler, tree):
    """What is wrong with keys, and with types."""
    keys, types = [], []
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch) / 'tree'
        shutil.copytree(FIXTURES / tree, folder)
        before = {d['message'] for d in findings(compiler, folder)}
        for path in sorted({p for pattern in FILES for p in folder.glob(pattern)}):
            name, text = str(path.relative_to(folder)), path.read_text()
            for pair in pairs(text):
                if CHOSEN.search(pair.path):
                    continue
                keys += [try_key(compiler, folder, name, text, pair, wrong) for wrong in misspellings(pair.key)]
                if pair.value:
                    types.append(try_type(compiler, folder, name, text, pair, before))
            path.write_text(text)
    return keys, types


def labels():
    """(label, misspelt, right): each word of the table's labels, misspelt, as containers know them."""
    lines = (cases.ROOT / 'compiler' / 'options' / 'dynamic.tsv').read_text().splitlines()
    head = lines[0].split('\t')
    rows = [dict(zip(head, line.split('\t'))) for line in lines[1:]]
    known, seen = {row['path'].lower() for row in rows}, set()
    for row in rows:
        steps = row['path'].split('.')
        if row['allowed'] in ('file', 'ignored') or row['type'].startswith(('object', 'map')) or \
                steps[0] in ('consulCatalog', 'nomad'):
            continue
        for at, step in enumerate(steps):
            name, above = step.replace('[n]', ''), '.'.join(steps[:at])
            if at == 0 or step.startswith('<') or (above, step) in seen:
                continue
            seen.add((above, step))
            for wrong in misspellings(name):
                if f'{above}.{wrong}'.lower() in known:
                    continue
                words = [re.sub(r'^<\w+>$', 'default' if steps[0] == 'tls' else 'n', s) for s in steps]
                words[at] = step.replace(name, wrong)
                yield 'traefik.' + '.'.join(words).replace('[n]', '[0]'), wrong, name


def test_labels(compiler):
    """One container a label: labels that got no right suggestion, and how many were tried."""
    tried, wrong = list(labels()), []
    with tempfile.TemporaryDirectory() as scratch:
        for start in range(0, len(tried), 200):
            part = tried[start:start + 200]
            text = ''.join(f'  s{i}:\n    image: x\n    labels:\n      {label}: "1"\n' for i, (label, _, _) in enumerate(part))
            (pathlib.Path(scratch) / 'compose.yml').write_text('services:\n' + text)
            found = findings(compiler, scratch)
            for i, (label, misspelt, name) in enumerate(part):
                here = [d for d in found if d['line'] == 5 + 4 * i]
                if len(here) != 1 or misspelt not in here[0]['message'] or f'`{name}`' not in here[0].get('help', ''):
                    wrong.append(f'{label}: ' + ('; '.join(d['message'] for d in here) or 'nothing'))
    return wrong, len(tried)


def main():
    options = cases.arguments(__doc__.split('\n', maxsplit=1)[0]).parse_args()
    compiler = cases.compiler_of(options.build)
    report = cases.Report()
    trees = [tree for tree in TREES if report.wants(f'mutations/{tree}')]
    for tree, (keys, types) in zip(trees, cases.each(lambda t: test(compiler, t), trees)):
        for what, results in (('keys', keys), ('types', types)):
            wrong = [r for r in results if r]
            if len(results) < 20:
                wrong.append(f'only {len(results)} places were found')
            report.add('fail' if wrong else 'pass', f'mutations/{tree}-{what}', '\n'.join(wrong))
    if report.wants('mutations/labels'):
        wrong, count = test_labels(compiler)
        few = [f'only {count} labels were tried'] if count < 1000 else []
        report.add('fail' if wrong or few else 'pass', 'mutations/labels', '\n'.join(wrong + few))
    report.finish()


main()
