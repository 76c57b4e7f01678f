"""What we write, and the compose files of the tests, by the schemas that editors use for them.

A generated file that its schema refuses fails; of a compose file that is read, the schema and `itsupc dump
compose` must agree. The schemas belong to others: a folder in ITSUPC_SCHEMAS, or ../shared/schemas beside the
project; without it, each is skipped by name. GAPS are the places where a schema may refuse, and why.
"""
import json
import os
import pathlib
import re
import sys

import cases

SCHEMAS = pathlib.Path(os.environ.get('ITSUPC_SCHEMAS') or cases.ROOT.parent / 'shared' / 'schemas')
FILES = {'compose': 'compose-spec-2020-12.json', 'static': 'traefik-v3.json', 'dynamic': 'traefik-v3-file-provider.json'}

# A regular expression on "file: path: what the schema says", and why it may.
GAPS = (
    (r'golden/build/raw/', 'its raw text says what Traefik does not know, to see it arrive'),
)


def kind_of(path):
    if 'compose' in path.name:
        return 'compose'
    if path.name == 'traefik.yml':
        return 'static'
    return 'dynamic'


def written():
    """Every YAML file of the goldens and examples that a build made."""
    for folder in sorted(cases.ROOT.glob('tests/golden/build/*/made')):
        yield from sorted(p for p in folder.rglob('*.yml') if 'files' not in p.parts)
    for pattern in ('examples/*/proxy/**/*.yml', 'examples/*/traefik/**/*.yml', 'examples/*/upstream/*/docker-compose.yml',
                    'examples/*/compose.ingress.yml', 'examples/phoenix/dynamic_conf.yml', 'examples/phoenix/traefik.yml'):
        yield from sorted(cases.ROOT.glob(pattern))


def read():
    """Compose files of the fixtures, good ones."""
    for pattern in ('tests/fixtures/itsup*/projects/*/docker-compose.yml', 'tests/fixtures/kosuke/docker-compose*.yml',
                    'tests/fixtures/beacon/docker-compose.yml', 'examples/*/compose.yml'):
        yield from sorted(p for p in cases.ROOT.glob(pattern) if 'itsup-bad' not in p.parts and 'bad' not in p.name)


def main():
    args = cases.arguments(__doc__.split('\n', maxsplit=1)[0]).parse_args()
    compiler = cases.compiler_of(args.build)
    report = cases.Report()
    try:
        import jsonschema
        import yaml
    except ImportError as missing:
        report.add('skip', 'schemas', f'{missing.name} is not here')
        report.finish()

    class Loader(getattr(yaml, 'CSafeLoader', yaml.SafeLoader)):
        """YAML 1.2's idea of a scalar, as Compose and Traefik have it: no dates, no yes and no."""

    Loader.yaml_implicit_resolvers = {
        first: [(tag, expression) for tag, expression in rows if tag not in
                ('tag:yaml.org,2002:timestamp', 'tag:yaml.org,2002:bool')]
        for first, rows in yaml.SafeLoader.yaml_implicit_resolvers.items()}
    Loader.add_implicit_resolver('tag:yaml.org,2002:bool', re.compile('^(?:true|True|TRUE|false|False|FALSE)$'), list('tTfF'))

    validators = {}
    for kind, name in FILES.items():
        if not (SCHEMAS / name).exists():
            report.add('skip', f'schemas/{kind}', f'{name} is not here (ITSUPC_SCHEMAS names its folder)')
            continue
        schema = json.loads((SCHEMAS / name).read_text(encoding='utf-8'))
        draft = jsonschema.Draft202012Validator if '2020-12' in name else jsonschema.Draft7Validator
        validators[kind] = draft(schema)

    def faults(kind, path):
        data = yaml.load(path.read_text(encoding='utf-8'), Loader)
        if data is None:
            return []
        short = path.relative_to(cases.ROOT)
        lines = [f'{short}: {"/".join(map(str, e.absolute_path))}: {e.message[:200]}' for e in validators[kind].iter_errors(data)]
        return [line for line in lines if not any(re.search(gap, line) for gap, _ in GAPS)]

    for path in written():
        kind = kind_of(path)
        if kind in validators:
            wrong = faults(kind, path)
            report.add('fail' if wrong else 'pass', f'schemas/{path.relative_to(cases.ROOT)}', '\n'.join(wrong))
    for path in read() if 'compose' in validators else ():
        wrong = faults('compose', path)
        run = cases.Run(compiler, ['dump', 'compose', path.name], path.parent)
        if run.broke() or (run.status == 0) == bool(wrong):
            wrong.append(f'itsupc dump compose: status {run.status}\n{run.err.decode("utf-8", "replace")}')
            report.add('fail', f'schemas/{path.relative_to(cases.ROOT)}', '\n'.join(wrong))
        else:
            report.add('pass', f'schemas/{path.relative_to(cases.ROOT)}')
    report.finish()


if __name__ == '__main__':
    sys.exit(main())
