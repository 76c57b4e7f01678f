"""What the rows have in common: small workspaces that are built, read back and asked."""
import difflib
import json
import pathlib
import tempfile

import cases

try:
    import yaml
except ImportError:
    yaml = None

INFRA = ('traefikDomain: traefik.example.org\nrouterIP: 192.168.1.1\nversions: {traefik: v3.7.9, crowdsec: v1.7.8}\n'
         'crowdsec: {enabled: false, collections: []}\n')
SECRETS = 'LETSENCRYPT_EMAIL=ops@example.org\nTRAEFIK_ADMIN=admin:$apr1$x$y\n'
WEB = 'services:\n  web: {image: nginx}\n'
COMPILER = None  # rows.py says which


class Wrong(Exception):
    pass


class Untold(Exception):
    """The compiler has no such finding yet."""


def needs_code(code):
    if cases.Run(COMPILER, ['explain', code], '.').status:
        raise Untold(f'there is no {code}')


def check(condition, message):
    if not condition:
        raise Wrong(message)


class World:
    """An itsUP tree of generation 3 (or what `files` say), built."""

    def __init__(self, files, status=0, tree=True, words=()):
        self.home = tempfile.TemporaryDirectory()
        self.root = pathlib.Path(self.home.name) / 'world'
        if tree:
            files = {'projects/itsup.yml': INFRA, 'secrets/itsup.txt': SECRETS, **files}
        for name, text in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        self.before = {p for p in self.root.rglob('*') if p.is_file()}
        run = cases.Run(COMPILER, ['build', *words], self.root)
        self.said = (run.out + run.err).decode('utf-8', 'replace')
        check(run.status == status, f'build: status {run.status}, not {status}\n{self.said}')
        if status:
            check({p for p in self.root.rglob('*') if p.is_file()} == self.before, 'a failed build wrote files')

    def run(self, *words, status=0, stdin=''):
        """Standard output of another command on the same files."""
        run = cases.Run(COMPILER, words, self.root, stdin.encode())
        check(run.status == status, f'{run.line}: status {run.status}, not {status}\n'
                                    f'{(run.out + run.err).decode("utf-8", "replace")}')
        self.said = run.err.decode('utf-8', 'replace')
        return run.out.decode('utf-8', 'replace')

    def tells(self, *words):
        """Everything that was told holds these words."""
        for word in words:
            check(word in self.said, f'{word} is not told:\n{self.said}')

    def text(self, name):
        return (self.root / name).read_text()

    def load(self, name):
        return yaml.safe_load(self.text(name)) or {}

    def service(self, project, name):
        return self.load(f'upstream/{project}/docker-compose.yml')['services'][name]

    def labels(self, project, name):
        labels = self.service(project, name).get('labels', [])
        return labels if isinstance(labels, dict) else dict(item.split('=', 1) for item in labels)

    def dynamic(self, name):
        return self.load(f'proxy/traefik/dynamic/{name}.yml')

    def static(self):
        return self.load('proxy/traefik/traefik.yml')

    def ask(self, url, *words):
        args = ['trace', url, '--format', 'json', '--static', 'proxy/traefik/traefik.yml',
                '--dynamic', 'proxy/traefik/dynamic', *words]
        for path in sorted(self.root.glob('upstream/*/docker-compose.yml')):
            args += ['--compose', str(path.relative_to(self.root))]
        run = cases.Run(COMPILER, args, self.root)
        check(run.out.strip(), f'{run.line}\n{run.err.decode()}')
        return json.loads(run.out)


def project(rows, compose=WEB, name='shop', head=''):
    text = head + 'ingress:\n' + ''.join(f'  - {{{row}}}\n' for row in rows)
    return {f'projects/{name}/docker-compose.yml': compose, f'projects/{name}/itsup-project.yml': text}


def external(rows, name='nas'):
    text = 'host: 192.168.10.20\ningress:\n' + ''.join(f'  - {{{row}}}\n' for row in rows)
    return {f'projects/{name}/itsup-project.yml': text}


def kept_in_order(source, made):
    """Made of the source by insertions alone: no line of it is gone, and one that changed has only gained."""
    old, new = source.splitlines(keepends=True), made.splitlines(keepends=True)
    for word, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        check(word != 'delete', f'line {a + 1} of the source is gone: {old[a:b]}')
        if word != 'replace':
            continue
        text, at = ''.join(new[c:d]), 0
        for character in ''.join(old[a:b]):
            at = text.find(character, at) + 1
            check(at > 0, f'line {a + 1} of the source is not kept: {old[a:b]} became {new[c:d]}')
