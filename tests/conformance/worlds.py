"""What `itsupc build` writes, run by the real Traefik: it must load all of it without a word, and answer
each request by the router that `itsupc trace` names.

usage: worlds.py -b BUILD --traefik PATH --judge PATH [WORLD...]

A world is a folder of tests/golden/build, or an example of a repository; its compose files run as containers. Nothing is changed but
  - paths of the host (PATHS), which become a folder of the test;
  - the store of each certificate resolver, which holds already what trace says that it is asked for: were
    that too little the proxy would tell that it cannot get the rest, and were it too much, serve a name
    of which trace says that it is refused;
  - the plugin, which cannot be downloaded: tests/conformance/plugin stands in under the same name;
  - where the access log goes.
Projects that are switched off do not run.
"""
import argparse
import base64
import http.client
import json
import os
import pathlib
import re
import socket
import ssl
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
GOLDEN = HERE.parent / 'golden' / 'build'
# Where the artefacts expect what the host has; `storage: /acme.json` is the only one at the root.
PATHS = ('/etc/acme/', '/certs/', '/etc/step-ca/ssl/', '/run/secrets/', '/var/log/traefik/', '/etc/traefik/')
# Their `raw` YAML is made up: it names what no Traefik has.
MADE_UP = ('raw', 'raw-compose')
ENV = {'SUB': 'sub', 'LETSENCRYPT_EMAIL': 'ops@example.org', 'CROWDSEC_APIKEY': 'x', 'DB_PASSWORD': 'x', 'APP_URL': 'x',
       'BETA_FLAG': 'x'}
NAME = re.compile(r'Host(?:SNI)?\(`([^`]*)`\)')
PATH = re.compile(r'Path(?:Prefix)?\(`([^`]*)`\)')
PLUGIN = 'github.com/maxlerebourg/crowdsec-bouncer-traefik-plugin'
SECONDS = 20


def certificate(folder, names):
    """A certificate for all names, in the stores of the resolvers and as the authority that a host has."""
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '365',
                    '-subj', '/CN=test', '-addext', 'subjectAltName=' + ','.join('DNS:' + n for n in names),
                    '-keyout', folder / 'key.pem', '-out', folder / 'cert.pem'], check=True, stderr=subprocess.DEVNULL)
    return [base64.b64encode((folder / f).read_bytes()).decode() for f in ('cert.pem', 'key.pem')]


def copied(made, folder):
    """The tree with the paths of the host replaced."""
    for path in sorted(made.rglob('*.yml')):
        text = path.read_text()
        for prefix in PATHS:
            if prefix != '/etc/traefik/' or 'traefik/traefik.yml' not in text:
                text = text.replace(f'{prefix}', f'{folder}/')
        text = text.replace('storage: /acme.json', f'storage: {folder}/acme.json')
        target = folder / 'tree' / path.relative_to(made)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    return folder / 'tree'


def folders(name):
    """What was built, and what it was built of; a repository's example holds both side by side."""
    if name.startswith('examples/'):
        return ROOT / name, ROOT / name
    return GOLDEN / name / 'made', GOLDEN / name / 'in'


class World:
    """One tree in a folder of its own, ready to be run."""

    def __init__(self, name, folder, judge):
        self.folder = folder
        made, given = folders(name)
        tree = copied(made, folder)
        self.static = next(tree.rglob('traefik.yml'))
        # A project that is switched off is not started.
        off = {p.parent.name for p in given.glob('projects/*/*.yml') if re.search(r'(?m)^enabled: false', p.read_text())}
        self.compose = [[path] for path in sorted(tree.rglob('docker-compose.yml')) if path.parent.name not in off]
        if (tree / 'compose.ingress.yml').exists():
            (tree / 'compose.yml').write_text((given / 'compose.yml').read_text())
            self.compose = [[tree / 'compose.yml', tree / 'compose.ingress.yml']]
        self.dynamic = self.static.parent / 'dynamic'
        if not self.dynamic.exists():
            self.dynamic.mkdir()
            (tree / 'dynamic_conf.yml').rename(self.dynamic / 'dynamic_conf.yml')
        for path in given.rglob('common.yml'):
            (tree / 'upstream' / path.parent.name / path.name).write_text(path.read_text())
        self.texts = [path.read_text() for path in tree.rglob('*.yml')]
        self.texts = [re.sub(r'\$\{(\w+)[^}]*\}', lambda m: ENV.get(m[1], ''), text) for text in self.texts]
        sys.path.insert(0, str(HERE))
        from judge import Judge  # pylint: disable=import-outside-toplevel
        self.config = Judge(judge).ask([{'kind': 'static', 'text': self.static.read_text(), 'name': 'traefik.yml'}])[0]['value']
        self.hosts = sorted({n for text in self.texts for n in NAME.findall(text)} - {'*'})

    def prepare(self, names):
        names = sorted(names) or ['nobody.test']
        cert, key = certificate(self.folder, names)
        (self.folder / 'phoenix_ca.crt').write_bytes((self.folder / 'cert.pem').read_bytes())
        for name in ('users', 'admins'):
            (self.folder / name).write_text('a:$apr1$notreal1$AAAAAAAAAAAAAAAAAAAAAA\n')
        override = {'accessLog': {'filePath': str(self.folder / 'access.log'), 'format': 'json', 'addInternals': True}}
        for resolver, value in (self.config.get('certificatesResolvers') or {}).items():
            store = pathlib.Path(value['acme']['storage'])
            content = json.loads(store.read_text()) if store.exists() else {}
            content[resolver] = {'Account': None, 'Certificates': [
                {'domain': {'main': names[0], 'sans': names[1:]}, 'certificate': cert, 'key': key, 'Store': 'default'}]}
            store.write_text(json.dumps(content))
            store.chmod(0o600)
        plugins = (self.config.get('experimental') or {}).get('plugins') or {}
        if plugins:
            source = self.folder / 'plugins-local' / 'src' / PLUGIN
            source.parent.mkdir(parents=True)
            source.symlink_to(HERE / 'plugin')
            override['experimental'] = {'plugins': None, 'localPlugins': {
                n: {'moduleName': p['moduleName']} for n, p in plugins.items()}}
        (self.folder / 'override.json').write_text(json.dumps(override))

    def points(self):
        """Entry points of HTTP: name -> port."""
        out = {}
        for name, point in self.config['entryPoints'].items():
            address = point['address']
            if not address.endswith('/udp') and name != 'traefik':
                out[name] = int(re.search(r':(\d+)', address)[1])
        return out

    def requests(self):
        """Every host on every entry point, by http and https, with paths around those of its rules."""
        lines = [line for text in self.texts for line in text.splitlines() if 'Host' in line]
        hosts = [h.replace('*', 'any') for h in self.hosts] + ['unknown.example.com', self.hosts[0].upper()]
        out = []
        for point, port in sorted(self.points().items()):
            for host in hosts:
                paths = {'/'}
                for path in PATH.findall(' '.join(line for line in lines if f'`{host.lower()}`' in line)):
                    bare = path.rstrip('/')
                    paths |= {path, bare, bare + '/', bare + '/x', bare + 'x'}
                for path in sorted(paths):
                    for scheme in ('http', 'https'):
                        out.append({'url': f'{scheme}://{host}:{port}{path}?n={len(out)}', 'host': host, 'entryPoint': point})
        return out

    def arguments(self, separator):
        words = ['--static', str(self.static), '--dynamic', str(self.dynamic)]
        for paths in self.compose:
            words += ['--compose', separator.join(map(str, paths))]
        return words


def ask(request):
    """The status that one request gets, and the Location; 'close' when the connection ends without."""
    scheme, host, port, target = re.fullmatch(r'(\w+)://([^:/]*):(\d+)(.*)', request['url']).groups()
    try:
        plain = socket.create_connection(('127.0.0.1', int(port)), timeout=3)
        if scheme == 'https':
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            plain = context.wrap_socket(plain, server_hostname=host)
        with plain:
            plain.sendall(f'GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n'.encode())
            answer = http.client.HTTPResponse(plain)
            answer.begin()
            return answer.status, answer.getheader('Location')
    except (OSError, http.client.HTTPException):
        return 'close', None


def send(requests, out, log):
    """Runs beside the proxy: what each request got, with the router that the access log names."""
    got = [dict(zip(('status', 'location'), ask(request))) for request in requests]
    wanted = {n for n, one in enumerate(got) if one['status'] != 'close'}
    end = time.monotonic() + SECONDS
    while True:
        for line in pathlib.Path(log).read_text().splitlines():
            entry = json.loads(line)
            number = re.search(r'[?&]n=(\d+)$', entry.get('RequestPath', ''))
            if number:
                got[int(number[1])].update(router=entry.get('RouterName'), logged=True)
        if all('logged' in got[n] for n in wanted) or time.monotonic() > min(end, time.monotonic() + SECONDS):
            break
        if time.monotonic() > end - SECONDS + 2:
            break
        time.sleep(0.2)
    pathlib.Path(out).write_text(json.dumps(got))


def agrees(answer, real, streams):
    """Whether trace's answer is what the proxy did; a router of TCP ends at a backend that is not there."""
    if answer.get('router') in streams:
        return real['status'] == 'close'
    if answer['outcome'] == 'none':
        return not real.get('router') and str(answer['status']) == str(real['status'])
    if answer['outcome'] == 'ambiguous':
        return real.get('router') in answer['routers']
    if answer['outcome'] == 'redirect' and (real['status'], real['location']) != (answer['status'], answer['location']):
        return False
    return real.get('router') == answer.get('router')


def passing(line):
    """What has its cause in the test or passes: a backend that is not there, a client that is kept out, options
    written for the older Traefik that a workspace pins, and
    the proxy's own routers before it has read the folder of dynamic files (the API tells whether it stays)."""
    text = f'{line.get("message")} {line.get("error")}'
    if line.get('routerName', '').endswith('@internal') and re.search(r'middleware "[^"]*@file" does not exist', text):
        return True
    return any(words in text for words in ('Health check failed', 'Unable to get token', 'Cannot retrieve the ACME challenge', 'Error while dialing backend',
                                           'matched none of the trusted IPs', 'but this option is deprecated'))


def judged(compiler, options, name, folder):
    """What is wrong with one world, and how many requests it answered."""
    world = World(name, folder, options.judge)
    requests = world.requests()
    (folder / 'requests').write_text(''.join(json.dumps(r) + '\n' for r in requests))
    environment = {**os.environ, **ENV}
    run = subprocess.run([compiler, 'trace', '--requests', str(folder / 'requests'), *trace_words(world), '--quiet'],
        cwd=folder, env=environment, text=True, capture_output=True, timeout=60)
    if run.returncode:
        return [f'trace: status {run.returncode}\n{run.stdout[-400:]}{run.stderr}'], 0
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    shown = [(a.get('tls') or {}).get('certificate') or {} for a in answers]
    world.prepare({n for c in shown if c.get('from') == 'resolver' for n in c['names']})
    command = [sys.executable, str(HERE / 'proxy.py'), '--traefik', options.traefik, '--judge', options.judge,
               '--override', str(folder / 'override.json'), '--work', str(folder),
               '--block', '10.255.0', *world.arguments(':')]
    for key, value in ENV.items():
        command += ['--env', f'{key}={value}']
    command += ['--', sys.executable, __file__, '--send', str(folder)]
    proxy = subprocess.run(command, text=True, capture_output=True, timeout=300)
    if proxy.returncode == 77:
        print(proxy.stdout)
        sys.exit(77)
    try:
        said = json.loads(proxy.stdout)
    except ValueError:
        return [f'the proxy: {proxy.stdout}{proxy.stderr}'], 0
    wrong = [f'log: {json.dumps(line)}' for line in said['log'] if not passing(line)] + [f'problem: {json.dumps(p)}' for p in said['problems']]
    if not (folder / 'got.json').exists():
        return [*wrong, proxy.stderr], 0
    streams = {r['name'] for r in said['tcp']['routers']}
    for request, answer, real in zip(requests, answers, json.loads((folder / 'got.json').read_text())):
        if not agrees(answer, real, streams):
            brief = {k: answer[k] for k in ('outcome', 'router', 'routers', 'status') if k in answer}
            wrong.append(f'{json.dumps(request)}: trace {json.dumps(brief)}, the proxy {json.dumps(real)}')
    return wrong, len(requests)


def trace_words(world):
    words = ['--static', str(world.static), '--dynamic', str(world.dynamic)]
    for paths in world.compose:
        for path in paths:
            words += ['--compose', str(path)]
    return words


def main():
    if sys.argv[1:2] == ['--send']:
        folder = pathlib.Path(sys.argv[2])
        send([json.loads(line) for line in (folder / 'requests').read_text().splitlines()], folder / 'got.json',
             folder / 'access.log')
        return 0
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('-b', '--build', default='build')
    parser.add_argument('--traefik', required=True)
    parser.add_argument('--judge', required=True)
    parser.add_argument('--keep')
    parser.add_argument('worlds', nargs='*')
    options = parser.parse_args()
    compiler = os.environ.get('ITSUPC') or str(pathlib.Path(options.build).resolve() / 'itsupc')
    worlds = options.worlds or sorted(f.name for f in GOLDEN.iterdir() if f.name not in MADE_UP and next((f / 'made').rglob('traefik.yml'), None))
    worlds = worlds if options.worlds else worlds + ['examples/kosuke']
    failed = False
    for name in worlds:
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(options.keep or folder)
            wrong, count = judged(compiler, options, name, folder)
        print(f'{name}: {count} requests, {len(wrong)} wrong')
        for line in wrong:
            print('  ' + line)
        failed = failed or bool(wrong)
    return int(failed)


if __name__ == '__main__':
    sys.exit(main())
