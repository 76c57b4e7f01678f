"""Every YAML file that a build writes is one tree to three readers: libyaml and PyYAML (YAML 1.1), and a strict
one (yaml.v3, which Traefik and Compose stand on). What is ours has the same types in all three, too; what a
user wrote may be `on` to one and text to another.

A value of any characters comes back as it was written, from files and, through Compose's loader, from labels.

usage: readback.py -b BUILD --judge PATH
"""
import argparse
import pathlib
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import cases  # noqa: E402
import yaml  # noqa: E402
from judge import Judge  # noqa: E402

VALUES = ['yes', 'on', 'Null', '~', '', ' ', ' lead', 'trail ', '0x1F', '0o17', '0755', '1e3', '1_000', '2222:22', '12:30:45', '.inf', '.NaN',
          '2024-01-02', '2024-01-02T03:04:05Z', '=', '<<', '- a', '-', '? a', ': a', 'a: b', 'a:', 'a #b', '#b', '&a', '*a', '!a', '!!int 5',
          '|', '>', '%a', '@a', '`a`', '"a"', "'a'", "it's", 'a"b', '\\', 'a\\nb', '{a}', '{{ .X }}', '[a]', 'a, b', 'a,', '$X', '$$', '${', '$1',
          'a$', '${1}', 'ü', '日本語', '🚦', '\u2028', '\u2029', '\x85', '\ufeff', '\u00a0', '\t', 'a\tb', 'true', 'False', '1', '-1', '1.5', '+1', '...',
          '---', 'x' * 5000, 'a' + ' b' * 400]


def tree(node, seen=()):
    """As judge/yaml.go gives it."""
    if isinstance(node, yaml.SequenceNode):
        return [tree(item) for item in node.value]
    if isinstance(node, yaml.MappingNode):
        keys = [key.value for key, _ in node.value]
        if len(keys) != len(set(keys)):
            raise yaml.YAMLError(f'a key twice among {keys}')
        return {'map': [[key.value, tree(value)] for key, value in node.value]}
    return '!!' + node.tag.rsplit(':', 1)[1] + ' ' + node.value


def untagged(value):
    if isinstance(value, list):
        return [untagged(item) for item in value]
    if isinstance(value, dict):
        return {'map': [[key, untagged(item)] for key, item in value['map']]}
    return value.split(' ', 1)[1]


def read(loader, text):
    node = yaml.compose(text, Loader=loader)
    return None if node is None else tree(node)


def fault_of(path, text, strict):
    try:
        plain = read(yaml.SafeLoader, text)
        fast = read(yaml.CSafeLoader, text)
    except yaml.YAMLError as error:
        return str(error)
    if not strict['ok']:
        return 'yaml.v3: ' + strict['error']
    other = strict.get('value')
    if plain != fast:
        return f'PyYAML: {plain}\nlibyaml: {fast}'
    if 'upstream' in path.parts and plain is not None and other is not None:
        plain, other = untagged(plain), untagged(other)
    return '' if plain == other else f'PyYAML: {plain}\nyaml.v3: {other}'


def written(value):
    """As a string of our language, whose `{` and `${` would mean something."""
    for plain, escaped in (('\\', '\\\\'), ('"', '\\"'), ('\t', '\\t'), ('{', '\\{'), ('$', '\\$')):
        value = value.replace(plain, escaped)
    return f'"{value}"'


def values_come_back(compiler, judge):
    pairs = [(f'X-{at:03}', value) for at, value in enumerate(VALUES)]
    headers = ', '.join(f'{name}={written(value)}' for name, value in pairs)
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        (root / 'compose.yml').write_text('name: shop\nservices: {web: {image: x}}\n')
        (root / 'shop.itsup').write_text(f'https://a.example.org | headers({headers}) -> 10.0.0.1:80\n'
                                         f'https://b.example.org | headers({headers}) -> web:80\n', encoding='utf-8')
        run = cases.Run(compiler, ['build'], root)
        if run.status:
            return run.err.decode()
        text = (root / 'traefik/dynamic/middlewares.yml').read_text(encoding='utf-8')
        override = (root / 'compose.ingress.yml').read_text(encoding='utf-8')
        compose = (root / 'compose.yml').read_text()
    answers = judge.ask([{'kind': 'dynamic', 'text': text, 'name': 'middlewares.yml'},
                         {'kind': 'compose', 'files': {'compose.yml': compose, 'compose.ingress.yml': override},
                          'main': ['compose.yml', 'compose.ingress.yml'], 'env': {}}])
    if not all(answer['ok'] for answer in answers):
        return str([answer.get('error') for answer in answers])
    found = next(m['headers'] for m in answers[0]['value']['http']['middlewares'].values() if 'headers' in m)
    found = next(iter(found.values()))
    labels = answers[1]['value']['services']['web']['labels']
    wrong = [f'{name}: {value!r} is {found.get(name)!r} in the file' for name, value in pairs if found.get(name) != value]
    marks = {key.rsplit('.', 1)[1]: value for key, value in labels.items() if '.headers.custom' in key}
    return '\n'.join(wrong + [f'{name}: {value!r} is {marks.get(name)!r} in a label' for name, value in pairs if marks.get(name) != value])


def main():
    parser = argparse.ArgumentParser(description='reads what builds write, by three readers')
    parser.add_argument('-b', '--build', default='build')
    parser.add_argument('--judge', required=True)
    options = parser.parse_args()
    judge, report = Judge(options.judge), cases.Report()
    made = [path for folder in sorted(cases.GOLDEN.glob('*/*/made')) for path in sorted(folder.rglob('*.yml'))]
    made += [path for world in sorted(cases.EXAMPLES.iterdir()) for path in sorted(world.rglob('*.yml'))
             if 'projects' not in path.parts and path.name != 'compose.yml']
    texts = [path.read_text(encoding='utf-8') for path in made]
    answers = judge.ask([{'kind': 'yaml', 'text': text} for text in texts])
    for path, text, answer in zip(made, texts, answers):
        fault = fault_of(path, text, answer)
        report.add('fail' if fault else 'pass', f'conformance/readback/{path.relative_to(cases.ROOT)}', fault)
    fault = values_come_back(cases.compiler_of(options.build), judge)
    report.add('fail' if fault else 'pass', 'conformance/readback/values', fault)
    report.finish()


if __name__ == '__main__':
    main()
