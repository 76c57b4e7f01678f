"""Each thing that a proxy does, asked of the real Traefik by name: the binary itself, on a loopback of its own, with
backends that tell what they saw. Where `itsupc trace` says what comes, it must have come.

usage: features.py -b BUILD --traefik PATH --asker PATH [NAME...]

`pebble` issues a certificate over http-01, through the proxy's own challenge router; without it that one
check is skipped.
"""
import argparse
import base64
import collections
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
sys.path.insert(0, str(HERE))

import cases  # noqa: E402
from asked import Asker, differs  # noqa: E402
from random_config import certificate  # noqa: E402

PORTS = {'web': ':80', 'websecure': ':443', 'plain': ':8000', 'behind': ':8001', 'pg': ':5432', 'db': ':5433', 'dns': ':5300', 'strict': ':8443'}
PLAIN = [f'127.0.0.{n}:9000' for n in range(20, 40)]
UDP = '127.0.0.41:9000'
USER = 'Basic ' + base64.b64encode(b'test:test').decode()


def balanced(*servers, **more):
    return {'loadBalancer': {'servers': [{'url': f'http://{s}'} for s in servers], **more}}


def stream(*servers, **more):
    return {'loadBalancer': {'servers': [{'address': s} for s in servers], **more}}


def static(folder, acme):
    points = {n: {'address': p} for n, p in PORTS.items()}
    points['dns']['address'] += '/udp'
    points['web']['http'] = {'redirections': {'entryPoint': {'to': 'websecure'}}}
    points['websecure']['http3'] = {}
    points['behind'].update(proxyProtocol={'trustedIPs': ['127.0.0.1']}, forwardedHeaders={'trustedIPs': ['127.0.0.1']})
    points['traefik'] = {'address': ':18081'}
    out = {'entryPoints': points, 'providers': {'file': {'directory': str(folder / 'dynamic')}, 'providersThrottleDuration': '50ms'},
           'api': {'insecure': True, 'dashboard': False}, 'log': {'level': 'WARN', 'format': 'json', 'filePath': str(folder / 'log')},
           'global': {'checkNewVersion': False, 'sendAnonymousUsage': False}}
    if acme:
        out['certificatesResolvers'] = {'le': {'acme': {
            'caServer': 'https://localhost:14000/dir', 'caCertificates': [str(folder / 'ca.pem')], 'email': 'a@shop.test',
            'storage': str(folder / 'acme.json'), 'httpChallenge': {'entryPoint': 'web'}}}}
    return out


def dynamic(acme):
    """Every router has its own host and its own servers."""
    http, tcp = {}, {}

    def route(name, rule=None, service=None, tls=False, **more):
        http[name] = {'rule': rule or f'Host(`{name}.test`)', 'service': service or 'one', 'entryPoints': ['websecure' if tls else 'plain'], **more}
        if tls:
            http[name]['tls'] = {} if tls is True else tls
    route('host')
    route('san', 'Host(`san.test`) || Host(`*.san.test`)')
    route('path', 'Host(`host.test`) && PathPrefix(`/api`)', 'two')
    route('rules', 'Host(`rules.test`) && Method(`POST`) && Header(`X-A`, `1`) && Query(`q`, `1`)')
    route('client', 'Host(`client.test`) && ClientIP(`127.0.0.5`)')
    for name in ('scheme', 'regex', 'strip', 'add', 'replace', 'headers', 'auth', 'local', 'limit'):
        route(name, middlewares=[name])
    route('weights', service='weights')
    route('sticky', service='sticky')
    route('failover', service='failover')
    route('mirror', service='mirror')
    route('behind', entryPoints=['behind'])
    route('secure', tls=True)
    route('wild', 'Host(`a.wild.test`)', tls=True)
    route('nocert', 'Host(`nocert.test`)', tls=True)
    route('refused', 'Host(`refused.test`)', tls={'options': 'strict'}, entryPoints=['strict'])
    route('allowed', 'Host(`secure.test`)', tls={'options': 'strict'}, entryPoints=['strict'])
    if acme:
        route('acme', tls={'certResolver': 'le'})
    services = {
        'one': balanced(PLAIN[0]), 'two': balanced(PLAIN[1]), 'three': balanced(PLAIN[2]), 'four': balanced(PLAIN[3]),
        'weights': {'weighted': {'services': [{'name': 'three', 'weight': 3}, {'name': 'four', 'weight': 1}]}},
        'sticky': balanced(PLAIN[4], PLAIN[5], sticky={'cookie': {'name': 'lb'}}),
        'ill': balanced(PLAIN[6], healthCheck={'path': '/status/503', 'interval': '200ms', 'timeout': '100ms'}), 'well': balanced(PLAIN[7], healthCheck={'path': '/', 'interval': '200ms'}),
        'failover': {'failover': {'service': 'ill', 'fallback': 'well', 'healthCheck': {}}}, 'copy': balanced(PLAIN[8]),
        'mirror': {'mirroring': {'service': 'two', 'mirrors': [{'name': 'copy', 'percent': 100}]}}}
    middlewares = {
        'scheme': {'redirectScheme': {'scheme': 'https', 'permanent': True}},
        'regex': {'redirectRegex': {'regex': '^http://regex[.]test(:\\d+)?/(.*)', 'replacement': 'https://new.test/$2'}},
        'strip': {'stripPrefix': {'prefixes': ['/api']}}, 'add': {'addPrefix': {'prefix': '/v1'}}, 'replace': {'replacePath': {'path': '/fixed'}},
        'headers': {'headers': {'customRequestHeaders': {'X-In': 'yes'}, 'customResponseHeaders': {'X-Out': 'yes'}}},
        'auth': {'basicAuth': {'users': ['test:$apr1$H6uskkkW$IgXLP6ewTrSuBkTrqE8wj/']}}, 'local': {'ipAllowList': {'sourceRange': ['127.0.0.1']}},
        'limit': {'rateLimit': {'average': 1, 'burst': 2, 'period': '1m'}}}

    def pipe(name, rule, point, server, **more):
        tcp[name] = {'rule': rule, 'service': name, 'entryPoints': [point], **more}
        return stream(server, **({'serversTransport': name} if name in ('v1', 'v2') else {}))
    streams = {
        'through': pipe('through', 'HostSNI(`through.test`)', 'websecure', PLAIN[9], tls={'passthrough': True}),
        'ended': pipe('ended', 'HostSNI(`ended.test`)', 'websecure', PLAIN[10], tls={}),
        'v1': pipe('v1', 'HostSNI(`v1.test`)', 'websecure', PLAIN[11], tls={}),
        'v2': pipe('v2', 'HostSNI(`v2.test`)', 'websecure', PLAIN[12], tls={}),
        'pg': pipe('pg', 'HostSNI(`pg.test`)', 'pg', PLAIN[13], tls={}),
        'pgt': pipe('pgt', 'HostSNI(`pgt.test`)', 'pg', PLAIN[14], tls={'passthrough': True}),
        'db': pipe('db', 'HostSNI(`*`)', 'db', PLAIN[15])}
    return {'http': {'routers': http, 'services': services, 'middlewares': middlewares},
            'tcp': {'routers': tcp, 'services': streams,
                    'serversTransports': {v: {'proxyProtocol': {'version': int(v[1])}} for v in ('v1', 'v2')}},
            'udp': {'routers': {'dns': {'service': 'dns', 'entryPoints': ['dns']}},
                    'services': {'dns': {'loadBalancer': {'servers': [{'address': UDP}]}}}},
            'tls': {'options': {'strict': {'sniStrict': True}},
                    'certificates': [certificate('secure.test'), certificate('*.wild.test'), certificate('ended.test')],
                    'stores': {'default': {'defaultCertificate': certificate('fallback.test')}}}}


def request(url, point=None, **more):
    scheme, rest = url.split('://')
    host, slash, path = rest.partition('/')
    point = point or ('websecure' if scheme in ('https', 'tls', 'h3') else 'plain')
    return {'url': f'{scheme}://{host}{PORTS[point]}{slash}{path}', 'host': host, 'sni': host, 'entryPoint': point, 'ip': '127.0.0.1',
            'address': '127.0.0.1' + PORTS[point], **more}


def seen(result, key):
    return (result.get('seen') or {}).get(key)


def backend(result):
    return seen(result, 'backend')


def header(result, name):
    return (result.get('headers') or {}).get(name)


class Checks:
    """One function a feature; each gives what is wrong, or nothing."""

    def __init__(self, asker, trace):
        self.asker, self.trace, self.asked = asker, trace, collections.Counter()

    def ask(self, *requests, told=True):
        """The results; with `told` trace must have said them."""
        got = self.asker.ask(requests=list(requests), inOrder=True)
        self.asked['requests'] += len(requests)
        for r, g, a in zip(requests, got, self.trace(requests) if told else []):
            self.asked['compared'] += 1
            why = differs(g, a, way=False)  # the program itself names no router
            assert not why, f'trace: {why}\n{json.dumps(r)}\nthe proxy: {json.dumps(g)}\ntrace: {json.dumps(a)}'
        return got

    def host(self):
        got = self.ask(request('http://host.test/'), request('http://HOST.test./x'), request('http://nobody.test/'))
        assert [backend(g) for g in got] == [PLAIN[0], PLAIN[0], None] and got[2]['status'] == 404

    def subject_alternative_names(self):
        got = self.ask(request('http://san.test/'), request('http://www.san.test/'), request('http://a.b.san.test/'))
        assert [g['status'] for g in got] == [200, 200, 404]

    def paths(self):
        got = self.ask(request('http://host.test/api/x?a=1'), request('http://host.test/ap'), request('http://host.test/x/../api'))
        assert [backend(g) for g in got] == [PLAIN[1], PLAIN[0], PLAIN[1]]

    def methods_headers_queries(self):
        right = {'method': 'POST', 'headers': {'x-a': '1'}}
        got = self.ask(request('http://rules.test/?q=1', **right), request('http://rules.test/?q=2', **right), request('http://rules.test/?q=1'))
        assert [g['status'] for g in got] == [200, 404, 404]

    def client_addresses(self):
        got = self.ask(request('http://client.test/', ip='127.0.0.5'), request('http://client.test/', ip='127.0.0.6'))
        assert [g['status'] for g in got] == [200, 404]

    def redirections(self):
        got = self.ask(request('http://host.test/a?b=1', 'web'), request('http://host.test/a', 'web', method='POST'), request('http://scheme.test/x'),
                       request('http://regex.test/x/y'))
        assert [(g['status'], header(g, 'Location')) for g in got] == [
            (301, 'https://host.test/a?b=1'), (308, 'https://host.test/a'), (301, 'https://scheme.test/x'), (302, 'https://new.test/x/y')]

    def strip_prefix(self):
        got = self.ask(request('http://strip.test/api/x?q=1'), request('http://strip.test/api'), request('http://strip.test/other'))
        assert [seen(g, 'path') for g in got] == ['/x?q=1', '/', '/other']
        assert seen(got[0], 'headers')['X-Forwarded-Prefix'] == '/api'

    def add_and_replace_path(self):
        got = self.ask(request('http://add.test/x'), request('http://replace.test/x'))
        assert [seen(g, 'path') for g in got] == ['/v1/x', '/fixed']

    def headers(self):
        got, = self.ask(request('http://headers.test/'))
        assert seen(got, 'headers')['X-In'] == 'yes' and header(got, 'X-Out') == 'yes'

    def basic_auth(self):
        got = self.ask(request('http://auth.test/'))
        got += self.ask(request('http://auth.test/', headers={'Authorization': USER}))
        got += self.ask(request('http://auth.test/', headers={'Authorization': 'Basic ' + base64.b64encode(b'test:no').decode()}), told=False)
        assert [g['status'] for g in got] == [401, 200, 401]

    def ip_allow_list(self):
        got = self.ask(request('http://local.test/'), request('http://local.test/', ip='127.0.0.9'))
        assert [g['status'] for g in got] == [200, 403]

    def rate_limit(self):
        got = self.ask(*[request('http://limit.test/')] * 6, told=False)
        assert [g['status'] for g in got] == [200, 200, 429, 429, 429, 429], [g['status'] for g in got]

    def weights(self):
        got = collections.Counter(backend(g) for g in self.ask(*[request('http://weights.test/')] * 40))
        assert got == {PLAIN[2]: 30, PLAIN[3]: 10}, got

    def failover(self):
        end = time.monotonic() + 10
        while True:
            got, = self.ask(request('http://failover.test/'))
            if backend(got) == PLAIN[7]:
                return
            assert time.monotonic() < end, got
            time.sleep(0.1)

    def mirroring(self):
        counts = [request('count://x', address=PLAIN[8])]
        before = self.ask(*counts, told=False)[0].get('count', 0)
        got, = self.ask(request('http://mirror.test/'))
        assert backend(got) == PLAIN[1]
        end = time.monotonic() + 10
        while self.ask(*counts, told=False)[0].get('count', 0) != before + 1:
            assert time.monotonic() < end, 'the mirror got nothing'
            time.sleep(0.1)

    def sticky_cookies(self):
        without = [backend(g) for g in self.ask(*[request('http://sticky.test/')] * 4)]
        assert set(without) == {PLAIN[4], PLAIN[5]}
        first, = self.ask(request('http://sticky.test/'))
        cookie = header(first, 'Set-Cookie').partition(';')[0]
        with_it = self.ask(*[request('http://sticky.test/', headers={'Cookie': cookie})] * 6)
        assert {backend(g) for g in with_it} == {backend(first)}

    def certificates(self):
        got = self.ask(request('https://secure.test/'), request('https://a.wild.test/'), request('https://nocert.test/'))
        assert [(g['status'], g['subject']) for g in got] == [(200, 'secure.test'), (200, '*.wild.test'), (200, 'fallback.test')]

    def handshake_refused(self):
        got = self.ask(request('https://refused.test/', 'strict'), request('https://secure.test/', 'strict'))
        assert got[0].get('closed') and not got[0].get('tls') and got[1]['status'] == 200

    def misdirected(self):
        got, = self.ask(request('https://secure.test/', 'strict', sni='a.wild.test'))
        assert got['status'] == 421

    def protocols(self):
        got = self.ask(request('https://secure.test/', alpn=['h2', 'http/1.1']), request('https://secure.test/', alpn=['http/1.1']),
                       request('https://secure.test/'))
        assert [(g.get('alpn', ''), g['status']) for g in got] == [('h2', 200), ('http/1.1', 200), ('', 200)]

    def http3(self):
        got, = self.ask(request('h3://secure.test/x'), told=False)
        assert (got.get('alpn'), got.get('status'), seen(got, 'path')) == ('h3', 200, '/x'), got

    def passthrough(self):
        got = self.ask(request('https://through.test/x'), request('tls://through.test'))
        assert all(g['subject'] == PLAIN[9] and g['issuer'] == 'backend' and seen(g, 'tls') for g in got)

    def tcp_with_tls(self):
        got, = self.ask(request('tls://ended.test'))
        assert backend(got) == PLAIN[10] and got['subject'] == 'ended.test' and not seen(got, 'tls') and 'nonsense' in seen(got, 'bytes')

    def tcp_plain(self):
        got, = self.ask(request('tcp://x', 'db'))
        assert backend(got) == PLAIN[15] and 'nonsense' in seen(got, 'bytes')

    def postgres(self):
        got = self.ask(request('pg://pg.test', 'pg'), request('pg://pgt.test', 'pg'), request('pg://nobody.test', 'pg'))
        assert [backend(g) for g in got] == [PLAIN[13], PLAIN[14], None] and got[1]['subject'] == PLAIN[14] and got[2]['closed']

    def proxy_protocol_v1(self):
        got, = self.ask(request('tls://v1.test', ip='127.0.0.5'))
        assert seen(got, 'proxy') == 'v1 TCP4' or seen(got, 'proxy') == 'v1 127.0.0.5', got

    def proxy_protocol_v2(self):
        got, = self.ask(request('tls://v2.test', ip='127.0.0.5'))
        assert seen(got, 'proxy') == 'v2 127.0.0.5', got

    def proxy_protocol_in(self):
        line = 'PROXY TCP4 192.0.2.7 192.0.2.1 5 80\r\n'
        got = self.ask(request('http://behind.test/', 'behind', proxyLine=line), request('http://behind.test/', 'behind'), told=False)
        assert [seen(g, 'headers')['X-Forwarded-For'] for g in got] == ['192.0.2.7', '127.0.0.1']

    def udp(self):
        got, = self.ask(request('udp://x', 'dns'))
        assert backend(got) == UDP and seen(got, 'bytes') == 'hello'

    def acme(self):
        end = time.monotonic() + 60
        while True:
            got, = self.ask(request('https://acme.test/'), told=False)
            if 'Pebble' in got.get('issuer', ''):
                break
            assert time.monotonic() < end, f'no certificate from pebble: {got}'
            time.sleep(0.5)
        assert got['names'] == ['acme.test'] and got['status'] == 200
        answer, = self.trace([request('https://acme.test/')])
        assert answer['tls']['certificate'] == {'from': 'resolver', 'name': 'le', 'names': ['acme.test']}
        challenge, = self.ask(request('http://acme.test/.well-known/acme-challenge/x', 'web'))
        assert challenge['status'] == 404


def authority(folder):
    """What pebble speaks HTTPS with, and its own programs started; None where they are not."""
    if not (shutil.which('pebble') and shutil.which('pebble-challtestsrv')):
        return None
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30', '-subj', '/CN=localhost', '-addext',
                    'subjectAltName=DNS:localhost', '-keyout', folder / 'ca.key', '-out', folder / 'ca.pem'], check=True, stderr=subprocess.DEVNULL)
    (folder / 'pebble.json').write_text(json.dumps({'pebble': {
        'listenAddress': '127.0.0.1:14000', 'managementListenAddress': '127.0.0.1:15000', 'certificate': str(folder / 'ca.pem'),
        'privateKey': str(folder / 'ca.key'), 'httpPort': 80, 'tlsPort': 443, 'ocspResponderURL': '', 'externalAccountBindingRequired': False}}))
    environment = {**os.environ, 'PEBBLE_VA_NOSLEEP': '1', 'PEBBLE_WFE_NONCEREJECT': '0'}
    quiet = {'stdout': subprocess.DEVNULL, 'stderr': subprocess.DEVNULL, 'env': environment}
    return [subprocess.Popen(['pebble-challtestsrv', '-defaultIPv4', '127.0.0.1', '-defaultIPv6', '', '-dns01', ':28053', '-management', ':28055',
                              '-http01', '', '-https01', '', '-tlsalpn01', ''], **quiet),
            subprocess.Popen(['pebble', '-config', str(folder / 'pebble.json'), '-strict=false', '-dnsserver', '127.0.0.1:28053'], **quiet)]


def listening(port, process):
    """Traefik asks its authority once, as soon as it starts."""
    end = time.monotonic() + 30
    while time.monotonic() < end and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(('127.0.0.1', port)) == 0:
                return
        time.sleep(0.05)
    sys.exit(f'nothing listens on port {port}')


def ready(process, want):
    end = time.monotonic() + 30
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen('http://127.0.0.1:18081/api/overview', timeout=5) as answer:
                if json.load(answer)['http']['routers']['total'] > want:
                    return
        except OSError:
            pass
        time.sleep(0.1)
    sys.exit('the proxy did not come up')


def own_network():
    if os.environ.get('ITSUPC_OWN_NETWORK'):
        subprocess.run(['ip', 'link', 'set', 'lo', 'up'], check=True)
        return
    if subprocess.run(['unshare', '-rn', 'ip', 'link', 'set', 'lo', 'up'], check=False, stderr=subprocess.DEVNULL).returncode:
        print('no network namespace can be made here')
        sys.exit(77)
    os.environ['ITSUPC_OWN_NETWORK'] = '1'
    os.execvp('unshare', ['unshare', '-rn', sys.executable, *sys.argv])


def complaints(path):
    """Lines of the log that no check causes on purpose."""
    lines = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
    return [line for line in lines if not str(line.get('message', '')).startswith(('Traefik can reject', 'Health check failed', 'Cannot retrieve the ACME challenge'))]


def run(options, folder):
    report, started = cases.Report(), authority(folder)
    (folder / 'dynamic').mkdir()
    config = dynamic(started)
    (folder / 'dynamic' / 'all.yml').write_text(json.dumps(config))
    (folder / 'traefik.yml').write_text(json.dumps(static(folder, started)))
    compiler = cases.compiler_of(options.build)

    def trace(requests):
        kept = ('url', 'host', 'sni', 'entryPoint', 'ip', 'method', 'headers', 'alpn')
        (folder / 'requests').write_text(''.join(json.dumps({k: r[k] for k in kept if k in r}) + '\n' for r in requests))
        out = subprocess.run([compiler, 'trace', '--requests', 'requests', '--static', 'traefik.yml', '--dynamic', 'dynamic', '--quiet'],
                             cwd=folder, text=True, capture_output=True, check=True).stdout
        return [json.loads(line) for line in out.splitlines()]
    asker = Asker(options.asker)
    asker.ask(backends=[*PLAIN, 'udp:' + UDP])
    environment = {k: v for k, v in os.environ.items() if not k.startswith('TRAEFIK_')}
    if started:
        listening(14000, started[1])
    proxy = subprocess.Popen([options.traefik, f'--configFile={folder}/traefik.yml'], cwd=folder, env=environment, stdout=subprocess.DEVNULL)
    checks = Checks(asker, trace)
    names = options.names or [n for n in vars(Checks) if n not in ('__init__', 'ask') and not n.startswith('__')]
    try:
        ready(proxy, len(config['http']['routers']))
        for name in names:
            if name == 'acme' and not started:
                report.add('skip', 'conformance/feature-acme', 'pebble is not there')
                continue
            try:
                getattr(checks, name)()
                report.add('pass', f'conformance/feature-{name}', '')
            except (AssertionError, KeyError, TypeError, IndexError) as wrong:
                report.add('fail', f'conformance/feature-{name}', f'{type(wrong).__name__}: {wrong}\n')
    finally:
        for process in (proxy, *(started or [])):
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
    said = complaints(folder / 'log')
    report.add('fail' if said else 'pass', 'conformance/features-log', ''.join(json.dumps(line) + '\n' for line in said))
    print(f"features: {len(names)} named checks, {checks.asked['requests']} requests, {checks.asked['compared']} of them as trace says")
    report.finish()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('-b', '--build', default='build')
    parser.add_argument('--traefik', required=True)
    parser.add_argument('--asker', required=True)
    parser.add_argument('names', nargs='*')
    options = parser.parse_args()
    own_network()
    with tempfile.TemporaryDirectory() as folder:
        run(options, pathlib.Path(folder))


main()
