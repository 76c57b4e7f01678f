"""What becomes of a user's compose file, by the reference loader: the model of what was made is the model
of the source, and what the routes ask for. Every form in which labels and networks may stand, each with
other line ends, a BOM, no last line end, deeper indentation, comments everywhere.

usage: splice.py -b BUILD --judge PATH [NAME...]
"""
import argparse
import copy
import pathlib
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import cases  # noqa: E402
from judge import Judge  # noqa: E402
from rows_world import INFRA, SECRETS, Wrong, kept_in_order  # noqa: E402

FORMS = HERE / 'compose_forms'
DNS = ['172.20.0.253', '127.0.0.11']
ENV = {'Y': 'y', 'Z': 'z'}


def crlf(text):
    return text.replace('\n', '\r\n')


def bom(text):
    return '\ufeff' + text


def open_end(text):
    return text.rstrip('\n')


def indented(text):
    """Twice the indentation; tabs and block scalars keep their own blanks relative."""
    return '\n'.join(' ' * (len(line) - len(line.lstrip(' '))) + line for line in text.split('\n'))


def commented(text):
    """A comment above every line that is not inside a block scalar or brackets."""
    if any(mark in text for mark in ('|', '>', '{', '[', '"""', '%', '? ')):
        return text
    return ''.join(f'{" " * (len(line) - len(line.lstrip(" ")))}# above\n{line}\n' if line.strip() and line[0] not in '-.' else line + '\n'
                   for line in text.rstrip('\n').split('\n'))


VARIANTS = {'as-it-is': lambda text: text, 'crlf': crlf, 'bom': bom, 'open-end': open_end, 'indented': indented,
            'commented': commented}


class Made:
    """A tree of one project whose service `web` has a route."""

    def __init__(self, compiler, text, ingress='https://a.example.org | rate(5/s) -> web:80\n'):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for name, content in (('projects/itsup.yml', INFRA), ('secrets/itsup.txt', SECRETS),
                                  ('projects/shop/ingress.itsup', ingress), ('projects/shop/docker-compose.yml', text)):
                path = root / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content.encode())
            self.run = cases.Run(compiler, ['build'], root)
            path = root / 'upstream/shop/docker-compose.yml'
            self.text = path.read_bytes().decode() if path.exists() else None
            self.stable = not self.run.status and not cases.Run(compiler, ['build', '--check'], root).status


def question(text):
    return {'kind': 'compose', 'files': {'compose.yml': text}, 'main': ['compose.yml'], 'env': ENV}


def wanted(model, labels):
    """The model of the source, with what the route asks for."""
    model = copy.deepcopy(model)
    proxy = {'name': 'proxynet', 'ipam': {}, 'external': True}
    declared = [key for key, network in model.get('networks', {}).items() if network == proxy]
    key = declared[0] if declared else 'proxynet'
    for name, service in model['services'].items():
        if name == 'web':
            service['labels'] = {**service.get('labels', {}), **labels}
            service['networks'] = {**service.get('networks', {}), key: None}
            model.setdefault('networks', {})[key] = proxy
        if 'network_mode' not in service and not service.get('dns'):
            service['dns'] = DNS
    return model


def normal(model):
    """Networks that no option is given to are null or an empty mapping."""
    for service in model['services'].values():
        networks = service.get('networks')
        for name in networks or {}:
            networks[name] = networks[name] or None
    return model


def differences(a, b, path=''):
    if isinstance(a, dict) and isinstance(b, dict):
        for key in sorted({*a, *b}):
            if key not in a or key not in b:
                yield f'{path}.{key} is only {"wanted" if key in a else "made"}'
            else:
                yield from differences(a[key], b[key], f'{path}.{key}')
    elif a != b:
        yield f'{path}: {a!r} is wanted, {b!r} was made'


def fault_of(source, made, before, after, labels):
    if not made.run.status and not made.stable:
        return 'a second build writes something else'
    if made.run.status:
        return '' if not before['ok'] else made.run.err.decode('utf-8', 'replace')
    if not before['ok']:
        return f'Compose refuses the source, and it was built: {before["error"]}'
    if not after['ok']:
        return f'Compose refuses what was made: {after["error"]}\n{made.text}'
    try:
        kept_in_order(source, made.text)
    except Wrong as wrong:
        return f'{wrong}\n{made.text}'
    found = list(differences(wanted(normal(before['value']), labels), normal(after['value'])))
    return '\n'.join(found) + '\n' + made.text if found else ''


SINGLE = 'proxy {\n  entrypoint web :80\n  entrypoint websecure :443\n  provider docker { network proxynet }\n}\n' \
         'https://a.example.org | rate(5/s) -> web:80 { resolver none }\n'


def override_fault(compiler, judge, text):
    """Beside a single repo's file: what the override adds to its model, and nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder) / 'shop'
        root.mkdir()
        (root / 'compose.yml').write_bytes(text.encode())
        (root / 'shop.itsup').write_text(SINGLE)
        run = cases.Run(compiler, ['build'], root)
        if run.status:
            return run.err.decode('utf-8', 'replace')
        override = (root / 'compose.ingress.yml').read_text()
    both = question(text)
    both['files'] = {**both['files'], 'compose.ingress.yml': override}
    both['main'] = ['compose.yml', 'compose.ingress.yml']
    before, after = judge.ask([question(text), both])
    if not after['ok']:
        return after['error']
    found = after['value']['services']['web']
    labels = {key: value for key, value in found['labels'].items() if key.startswith('traefik.')}
    if 'traefik.http.routers.shop-web-80.rule' not in labels:
        return f'no route: {labels}'
    model = wanted(normal(before['value']), labels)
    for service in model['services'].values():
        if service.get('dns') == DNS:
            del service['dns']
    return '\n'.join(differences(model, normal(after['value'])))


def main():
    parser = argparse.ArgumentParser(description='judges what becomes of compose files by the reference loader')
    parser.add_argument('-b', '--build', default='build')
    parser.add_argument('--judge', required=True)
    parser.add_argument('names', nargs='*')
    options = parser.parse_args()
    compiler, judge, report = cases.compiler_of(options.build), Judge(options.judge), cases.Report()
    plain = Made(compiler, 'services:\n  web:\n    image: nginx\n')
    labels = judge.ask([question(plain.text)])[0]['value']['services']['web']['labels']
    todo = []
    for path in sorted(FORMS.glob('*.yml')):
        text = path.read_bytes().decode()
        todo += [(f'{path.stem}/{name}', change(text)) for name, change in VARIANTS.items()
                 if (name == 'as-it-is' or change(text) != text) and (not options.names or path.stem in options.names)]
    made = cases.each(lambda item: Made(compiler, item[1]), todo)
    answers = iter(judge.ask([question(text) for (_, source), m in zip(todo, made) for text in (source, m.text or source)]))
    for (name, source), m in zip(todo, made):
        fault = fault_of(source, m, next(answers), next(answers), labels)
        report.add('fail' if fault else 'pass', 'conformance/splice/' + name, fault)
    for path in sorted(FORMS.glob('*.yml')):
        if not options.names or path.stem in options.names:
            fault = override_fault(compiler, judge, path.read_bytes().decode())
            report.add('fail' if fault else 'pass', f'conformance/splice/{path.stem}/override', fault)
    report.finish()


if __name__ == '__main__':
    main()
