"""What `itsupc build` writes, run by the real Traefik: it must load all of it without a word, and answer
each request by the router that `itsupc trace` names, with the status, the certificate and the path behind the proxy.

usage: worlds.py -b BUILD --traefik PATH --judge PATH [WORLD...]

A world is a folder of tests/golden/build, or an example; its compose files run as containers. Traefik's static
configuration is the traefik.yml that build writes, the one that the example's README shows, or the `command` of its own
service. All examples together have at least 300 requests. Nothing is changed but
  - paths of the host (PATHS), which become a folder of the test;
  - the store of each certificate resolver, which holds already what trace says that it is asked for: were
    that too little the proxy would tell that it cannot get the rest, and were it too much, serve a name
    of which trace says that it is refused;
  - the plugin, which cannot be downloaded: tests/conformance/plugin stands in under the same name;
  - where the access log goes;
  - servers: behind the examples each private address answers; a name that only the host's DNS has leads nowhere.
Projects that are switched off do not run.
"""
import argparse
import base64
import collections
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
PATHS = ('/letsencrypt/', '/etc/acme/', '/certs/', '/etc/step-ca/ssl/', '/run/secrets/', '/var/log/traefik/', '/etc/traefik/')
# Their `raw` YAML is made up: it names what no Traefik has.
MADE_UP = ('raw', 'raw-compose')
ENV = {'SUB': 'sub', 'LETSENCRYPT_EMAIL': 'ops@example.org', 'CROWDSEC_APIKEY': 'x', 'DB_PASSWORD': 'x', 'APP_URL': 'x',
       'BETA_FLAG': 'x', 'POSTGRES_PASSWORD': 'x'}
NAME = re.compile(r'Host(?:SNI)?\(`([^`]*)`\)')
PATH = re.compile(r'Path(?:Prefix)?\(`([^`]*)`\)')
LOGIN = 'Basic dTp0ZXN0'  # of the user in each file of users
PLUGIN = 'github.com/maxlerebourg/crowdsec-bouncer-traefik-plugin'
EXAMPLES, ENOUGH = 'examples/', 300
# The world that pins a Traefik in which this was no mistake.
OLDER, DEPRECATED = 'itsup-gen2', 'but this option is deprecated'
INTERNAL = {'ping@internal': 200, 'noop@internal': 418}
# What our requests cause, and what a golden causes besides, which has no servers behind it.
PASSING = ('Unable to get token', 'Cannot retrieve the ACME challenge', 'matched none of the trusted IPs')
ALONE = (*PASSING, 'Health check failed', 'Error while dialing backend')
BLOCK = re.compile(r'^```yaml\n(.*?)^```', re.MULTILINE | re.DOTALL)


def certificate(folder, names):
    """A certificate for names, as a resolver's store holds it: the certificate and its key."""
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '365',
                    '-subj', '/CN=test', '-addext', 'subjectAltName=' + ','.join('DNS:' + n for n in names),
                    '-keyout', folder / 'key.pem', '-out', folder / 'cert.pem'], check=True, stderr=subprocess.DEVNULL)
    return [base64.b64encode((folder / f).read_bytes()).decode() for f in ('cert.pem', 'key.pem')]


def copied(made, written, folder):
    """The files that build wrote, with the paths of the host replaced."""
    for path in written:
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
    """What was built, its files, and what it was built of; an example holds both side by side."""
    if name.startswith(EXAMPLES):
        lines = (ROOT / name / '.itsupc' / 'manifest').read_text().splitlines()
        files = [ROOT / name / line.split(maxsplit=1)[1] for line in lines if not line.startswith('#')]
        return ROOT / name, [f for f in files if f.suffix == '.yml'], ROOT / name
    return GOLDEN / name / 'made', sorted((GOLDEN / name / 'made').rglob('*.yml')), GOLDEN / name / 'in'


class World:
    """One tree in a folder of its own, ready to be run."""

    def __init__(self, name, folder, judge):
        self.folder, self.certificates = folder, {}
        made, written, given = folders(name)
        tree = copied(made, written, folder)
        self.given, self.service = given, None
        self.static = next(tree.rglob('traefik.yml'), None) or self.shown(tree)
        # A project that is switched off is not started.
        off = {p.parent.name for p in given.glob('projects/*/*.yml') if re.search(r'(?m)^enabled: false', p.read_text())}
        self.compose = [[path] for path in sorted(tree.rglob('docker-compose.yml')) if path.parent.name not in off]
        if (tree / 'compose.ingress.yml').exists():
            (tree / 'compose.yml').write_text((given / 'compose.yml').read_text())
            self.compose = [[tree / 'compose.yml', tree / 'compose.ingress.yml']]
        self.dynamic = next((path for path in tree.rglob('dynamic') if path.is_dir()), tree / 'dynamic')
        if not self.dynamic.exists():
            self.dynamic.mkdir()
            (tree / 'dynamic_conf.yml').rename(self.dynamic / 'dynamic_conf.yml')
        for path in given.rglob('common.yml'):
            (tree / 'upstream' / path.parent.name / path.name).write_text(path.read_text())
        self.texts = [path.read_text() for path in tree.rglob('*.yml')]
        self.texts = [re.sub(r'\$\{(\w+)[^}]*\}', lambda m: ENV.get(m[1], ''), text) for text in self.texts]
        sys.path.insert(0, str(HERE))
        from judge import Judge  # pylint: disable=import-outside-toplevel
        question = {'kind': 'static', 'text': self.static.read_text(), 'name': 'traefik.yml'} if self.static else self.flags()
        self.config = Judge(judge).ask([question])[0]['value']
        self.hosts = sorted({n for text in self.texts for n in NAME.findall(text)} - {'*'})

    def shown(self, tree):
        """The traefik.yml that the README tells a user to have."""
        block = BLOCK.search((self.given / 'README.md').read_text())
        if not block:
            return None
        (tree / 'traefik.yml').write_text(block[1])
        return tree / 'traefik.yml'

    def flags(self):
        """The flags of Traefik's own service."""
        self.service = 'traefik'
        text = (self.compose[0][-1]).read_text()
        return {'kind': 'flags', 'text': re.findall(r'(?m)^ +- "(--.*)"$', text)}

    def prepare(self, wanted):
        """`wanted`: (resolver, names) of each certificate that trace says is asked for. Each is one of its own."""
        stores = collections.defaultdict(list)
        for resolver, names in sorted(wanted) or [('', ('nobody.test',))]:
            cert, key = certificate(self.folder, names)
            stores[resolver].append({'domain': {'main': names[0], 'sans': list(names[1:])}, 'certificate': cert, 'key': key,
                                     'Store': 'default'})
            self.certificates[ssl.PEM_cert_to_DER_cert((self.folder / 'cert.pem').read_text())] = {
                'from': 'resolver', 'name': resolver, 'names': sorted(names)}
        (self.folder / 'phoenix_ca.crt').write_bytes((self.folder / 'cert.pem').read_bytes())
        for name in ('users', 'admins'):
            (self.folder / name).write_text('u:$apr1$H6uskkkW$IgXLP6ewTrSuBkTrqE8wj/\n')
        override = {'accessLog': {'filePath': str(self.folder / 'access.log'), 'format': 'json', 'addInternals': True}}
        for resolver, value in (self.config.get('certificatesResolvers') or {}).items():
            store = pathlib.Path(value['acme']['storage'])
            content = json.loads(store.read_text()) if store.exists() else {}
            content[resolver] = {'Account': None, 'Certificates': stores[resolver]}
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
                        out.append({'url': f'{scheme}://{host}:{port}{path}?n={len(out)}', 'host': host, 'entryPoint': point,
                                    'ip': '127.0.0.1'})
        return out

    def with_login(self, requests, answers):
        """The requests that somebody has to log in for, by a file of users, once more with the one that it holds."""
        out = []
        for request, answer in zip(requests, answers):
            name = re.escape((answer.get('answer') or {}).get('middleware', '').partition('@')[0])
            by_file = re.compile(rf'{name}\.basicauth\.usersfile=|^( *){name}:\n\1 +basicAuth:\n(?:\1   .*\n)*?\1 +usersFile:', re.MULTILINE | re.IGNORECASE)
            if name and answer['answer']['status'] == 401 and any(by_file.search(text) for text in self.texts):
                url = re.sub(r'n=\d+$', f'n={len(requests) + len(out)}', request['url'])
                out.append({**request, 'url': url, 'headers': {'Authorization': LOGIN}})
        return out

    def arguments(self, separator):
        words = ['--service', self.service] if self.service else ['--static', str(self.static)]
        words += ['--dynamic', str(self.dynamic)]
        for paths in self.compose:
            words += ['--compose', separator.join(map(str, paths))]
        return words


def ask(request):
    """What one request gets: status (`close` when the connection ends without), headers that tell, certificate."""
    scheme, host, port, target = re.fullmatch(r'(\w+)://([^:/]*):(\d+)(.*)', request['url']).groups()
    got = {'status': 'close'}
    try:
        plain = socket.create_connection(('127.0.0.1', int(port)), timeout=3)
        if scheme == 'https':
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            plain = context.wrap_socket(plain, server_hostname=host)
            got['certificate'] = base64.b64encode(plain.getpeercert(True)).decode()
        with plain:
            more = ''.join(f'{name}: {value}\r\n' for name, value in request.get('headers', {}).items())
            plain.sendall(f'GET {target} HTTP/1.1\r\nHost: {host}\r\n{more}Connection: close\r\n\r\n'.encode())
            answer = http.client.HTTPResponse(plain)
            answer.begin()
            head = {'location': 'Location', 'path': 'X-Test-Path', 'server': 'X-Test-Server'}
            return {**got, 'status': answer.status, **{k: answer.getheader(v) for k, v in head.items()}}
    except (OSError, http.client.HTTPException):
        return got


def patient(request):
    """Asks again when a limit of requests was reached: limits have tests of their own."""
    for _ in range(20):
        got = ask(request)
        if got['status'] != 429:
            break
        time.sleep(0.1)
    return got


def send(requests, out, log):
    """Runs beside the proxy: what each request got, with the router that the access log names."""
    got = [patient(request) for request in requests]
    wanted = {n for n, one in enumerate(got) if one['status'] != 'close'}
    end = time.monotonic() + 2
    while True:
        for line in pathlib.Path(log).read_text().splitlines():
            entry = json.loads(line)
            number = re.search(r'[?&]n=(\d+)$', entry.get('RequestPath', ''))
            if number:
                got[int(number[1])].update(router=entry.get('RouterName'), logged=True)
        if all('logged' in got[n] for n in wanted) or time.monotonic() > end:
            break
        time.sleep(0.2)
    pathlib.Path(out).write_text(json.dumps(got))


def of_server(answer, real):
    """What a server behind the proxy saw; that it is one that is there can be told of a plain one alone."""
    servers = [re.fullmatch(r'(\w+)://(.*?):(\d+)', s) for s in answer.get('servers') or [answer.get('server') or '']]
    if not real.get('server'):
        there = [s for s in servers if s and s[1] == 'http' and (answer['service'].endswith('@docker') or re.fullmatch(r'[\d.]+', s[2]))]
        return f'no server saw it, status {real["status"]}' if there or real['status'] not in (500, 502, 503, 504) else ''
    host, _, port = real['server'].rpartition(':')
    if not any(s and s[3] == port and (s[2] == host or not re.fullmatch(r'[\d.]+', s[2])) for s in servers):
        return f'the server is {real["server"]}'
    return '' if answer.get('path') in (None, real['path']) else f'the path behind is {real["path"]}'


def of_routed(answer, real):
    if real.get('router') != answer['router']:
        return f'the router is {real.get("router")}'
    if 'answer' in answer:
        return '' if real['status'] == answer['answer']['status'] and not real.get('server') else f'status {real["status"]}'
    if answer['service'].endswith('@internal'):
        return '' if real['status'] == INTERNAL.get(answer['service'], real['status']) else f'status {real["status"]}'
    return of_server(answer, real)


def of_redirect(answer, real):
    keys = ('router', 'status', 'location')
    return '' if all(real.get(k) == answer.get(k) for k in keys) else 'redirected otherwise'


def of_none(answer, real):
    return '' if not real.get('router') and str(answer['status']) == str(real['status']) else f'status {real["status"]}'


def of_ambiguous(answer, real):
    return '' if real.get('router') in answer['routers'] else f'the router is {real.get("router")}'


def of_acme(answer, real):
    return '' if real.get('router') == answer.get('router') and real['status'] == 404 else f'status {real["status"]}'


OUTCOMES = {'acme': of_acme, 'router': of_routed, 'redirect': of_redirect, 'none': of_none, 'ambiguous': of_ambiguous}


def of_certificate(answer, real, certificates):
    """Whose certificate was shown, where TLS ends in the proxy."""
    said = (answer.get('tls') or {}).get('certificate')
    if not said or 'certificate' not in real:
        return ''
    shown = base64.b64decode(real['certificate'])
    if said['from'] == 'default':
        return '' if b'TRAEFIK DEFAULT CERT' in shown else f'the certificate is {certificates.get(shown)}'
    found = certificates.get(shown)
    return '' if found and {**said, 'names': sorted(said['names'])} == found else f'the certificate is {found}'


def differs(answer, real, streams, certificates):
    """What is not as trace says, or nothing. A router of TCP leaves no line in the access log."""
    if answer.get('router') in streams:
        return '' if real['status'] == 'close' or real.get('server') and not real.get('router') else 'no stream'
    return OUTCOMES[answer['outcome']](answer, real) or of_certificate(answer, real, certificates)


def passing(line, name):
    """What has its cause in the test or passes: a server that is not there, a client that is kept out, and
    the proxy's own routers before it has read the folder of dynamic files (the API tells whether it stays)."""
    text = f'{line.get("message")} {line.get("error")}'
    if line.get('routerName', '').endswith('@internal') and re.search(r'middleware "[^"]*@file" does not exist', text):
        return True
    return name == OLDER and DEPRECATED in text or any(words in text for words in (PASSING if name.startswith(EXAMPLES) else ALONE))


def traced(compiler, world, folder, requests):
    """What itsupc says of each; fewer answers when it refuses."""
    (folder / 'requests').write_text(''.join(json.dumps(r) + '\n' for r in requests))
    run = subprocess.run([compiler, 'trace', '--requests', str(folder / 'requests'), *trace_words(world), '--quiet'],
        cwd=folder, env={**os.environ, **ENV}, text=True, capture_output=True, timeout=60)
    return [json.loads(line) for line in run.stdout.splitlines()]


def judged(compiler, options, name, folder):
    """What is wrong with one world, how many requests it answered, how many a server saw, and how many had a login."""
    world = World(name, folder, options.judge)
    requests = world.requests()
    answers = traced(compiler, world, folder, requests)
    more = world.with_login(requests, answers)
    if more:
        answers += traced(compiler, world, folder, more)
        requests += more
    (folder / 'requests').write_text(''.join(json.dumps(r) + '\n' for r in requests))
    if len(answers) != len(requests):
        return [f'trace: {len(answers)} answers, {len(requests)} requests'], 0, 0, 0
    shown = [(a.get('tls') or {}).get('certificate') or {} for a in answers]
    world.prepare({(c['name'], tuple(c['names'])) for c in shown if c.get('from') == 'resolver'})
    if not name.startswith(EXAMPLES):
        for answer in answers:  # no servers stand behind the goldens
            answer.update(server='', servers=[])
    servers = [s for a in answers for s in a.get('servers') or [a.get('server') or '']]
    ports = {m[1] for m in map(re.compile(r'.*:(\d+)$').match, servers) if m}
    command = [sys.executable, str(HERE / 'proxy.py'), '--traefik', options.traefik, '--judge', options.judge,
               '--override', str(folder / 'override.json'), '--work', str(folder), '--ports', ','.join(sorted(ports)),
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
        return [f'the proxy: {proxy.stdout}{proxy.stderr}'], 0, 0, 0
    wrong = [f'log: {json.dumps(line)}' for line in said['log'] if not passing(line, name)] + [f'problem: {json.dumps(p)}' for p in said['problems']]
    if not (folder / 'got.json').exists():
        return [*wrong, proxy.stderr], 0, 0, 0
    streams = {r['name'] for r in said['tcp']['routers']}
    got = json.loads((folder / 'got.json').read_text())
    for request, answer, real in zip(requests, answers, got):
        why = differs(answer, real, streams, world.certificates)
        if why:
            brief = {k: answer[k] for k in ('outcome', 'router', 'routers', 'status', 'answer', 'server', 'path', 'tls') if k in answer}
            real.pop('certificate', None)
            wrong.append(f'{json.dumps(request)}: {why}: trace {json.dumps(brief)}, the proxy {json.dumps(real)}')
    return wrong, len(requests), sum(bool(real.get('server')) for real in got), len(more)


def trace_words(world):
    """An existing configuration; one that is flags of an override is asked as the workspace that it is built of."""
    if world.service:
        return ['-C', str(world.given)]
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
    worlds = worlds if options.worlds else worlds + sorted(EXAMPLES + f.parent.name for f in (ROOT / EXAMPLES).glob('*/README.md'))
    failed, asked, logins = False, 0, 0
    for name in worlds:
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(options.keep or folder)
            wrong, count, served, known = judged(compiler, options, name, folder)
        print(f'{name}: {count} requests, {served} seen by a server, {known} with a login, {len(wrong)} wrong', flush=True)
        for line in wrong:
            print('  ' + line)
        failed = failed or bool(wrong) or not count
        asked += count if name.startswith(EXAMPLES) else 0
        logins += known
    if not options.worlds:
        print(f'examples: {asked} requests; {logins} of all had a login')
        failed = failed or asked < ENOUGH or not logins
    return int(failed)


if __name__ == '__main__':
    sys.exit(main())
