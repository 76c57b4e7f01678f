"""Random configurations, random requests: the real proxy and `itsupc trace` must agree on every one.

usage: tests/conformance/routes.py [-b BUILD] [--seed N] [--configs N] [--requests N] [--keep DIR]

Each configuration (entry points with redirections, TLS, sanitizing; HTTP and TCP routers with random
rules, priorities, TLS options, middlewares and mistakes) is served by the real Traefik on loopback with a
backend for each router that says its name. Plain and TLS clients with any server name, ALPN, Host,
method, path and header ask it, PostgreSQL's STARTTLS included. Where trace says that several answers
are possible, the proxy must give one of them. A configuration that shows a difference is kept below DIR.
Status 77: the proxy was never built (tests/conformance/setup traefik).
"""
import argparse
import json
import os
import pathlib
import random
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).parent

HOSTS = ['a.test', 'b.test', 'x.a.test', 'y.a.test', 'x.b.test', 'xy.a.test', 'A.test', 'a.test.', 'c.test']
RULE_HOSTS = ['a.test', 'b.test', 'x.a.test', '*.a.test', '*.b.test', 'A.Test', 'a.test.', '*']
PATHS = ['/', '/a', '/a/', '/a/b', '/ab', '/a%2Fb', '/a//b', '/a/../b', '/%61', '/b', '/a b'.replace(' ', '%20'), '/a/./b/', '/A', '/b%', '/é', '/a;b', '/a%3Bb', '/a%2e%2e', '/%2e%2e/a', '/a?q=1', '/a?q', '/a?q=1&r', '/b?r=2&q=3', '/..', '/a+b', '/a%2Bb', '/b?q=a%20b', '/b?q=a+b','/a[b', '/a|b', '/a^b', "/a'b", '/x%00y', '/x%7ey', '/a%C3%A9', '/é%2Fb','/#a', '/a#b']
RULE_PATHS = ['/', '/a', '/a/', '/a/b', '/ab', '/b', '/A', '/a b', '/é', '/..', '/a;b']


def q(r, s):
    return f'`{s}`' if r.random() < 0.8 else json.dumps(s)


def http_matcher(r):
    k = r.randrange(12)
    if k < 5:
        return f'Host({q(r, r.choice(RULE_HOSTS))})'
    if k == 5:
        return 'HostRegexp(' + q(r, r.choice(['^[a-b]', '\\.a\\.test$', 'x', '^$', '.+', '(?i)A'])) + ')'
    if k == 6:
        return f'Path({q(r, r.choice(RULE_PATHS))})'
    if k == 7:
        return f'PathPrefix({q(r, r.choice(RULE_PATHS))})'
    if k == 8:
        return 'PathRegexp(' + q(r, r.choice(['^/a', 'b$', '^/[ab]+$', '/a.b', '[^/]/$'])) + ')'
    if k == 9:
        return f"Method(`{r.choice(['GET', 'POST', 'get', 'PUT'])}`)"
    if k == 10:
        return r.choice(['Query(`q`)', 'Query(`q`, `1`)', 'Query(`r`)', 'QueryRegexp(`q`, `^[a1]`)', 'Query(`q`,`a b`)'])
    return r.choice(['Header(`X-A`, `1`)', 'HeaderRegexp(`x-a`, `[12]`)', 'Header(`x-b`,``)', 'ClientIP(`127.0.0.0/8`)', 'ClientIP(`::1`)', 'Header(`Host`,`a.test`)'])


def rule(r, matcher, depth):
    if depth == 0 or r.random() < 0.35:
        return matcher(r)
    k = r.random()
    if k < 0.15:
        return '!' + ('(' + rule(r, matcher, depth - 1) + ')' if r.random() < 0.5 else matcher(r))
    op = ' && ' if k < 0.65 else ' || '
    s = rule(r, matcher, depth - 1) + op + rule(r, matcher, depth - 1)
    return '(' + s + ')' if r.random() < 0.4 else s


def tcp_matcher(r):
    k = r.randrange(8)
    if k < 4:
        return f'HostSNI({q(r, r.choice(RULE_HOSTS))})'
    if k == 4:
        return 'HostSNIRegexp(' + r.choice(['`^x`', '`a\\.test$`', '`^$`']) + ')'
    if k == 5:
        return r.choice(['ALPN(`h2`)', 'ALPN(`foo`)'])
    if k == 6:
        return r.choice(['ClientIP(`127.0.0.1`)', 'ClientIP(`10.0.0.0/8`)'])
    return 'HostSNI(`*`)'


def server(reply):
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(('127.0.0.1', 0))
    s.listen(50)

    def loop():
        while True:
            try:
                c, _ = s.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=(c,), daemon=True).start()

    def serve(c):
        try:
            c.settimeout(5)
            reply(c)
        except OSError:
            pass
        c.close()
    threading.Thread(target=loop, daemon=True).start()
    return s


def http_reply(name):

    def reply(c):
        data = b''
        while b'\r\n\r\n' not in data:
            d = c.recv(65536)
            if not d:
                return
            data += d
        c.sendall(f'HTTP/1.1 200 OK\r\nX-Router: {name}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'.encode())
    return reply


def tcp_reply(name):

    def reply(c):
        c.sendall(f'B:{name}\n'.encode())
        time.sleep(0.02)
        c.settimeout(0.1)
        try:
            c.recv(100)
        except OSError:
            pass
    return reply


def free():
    s = socket.socket()
    s.bind(('127.0.0.1', 0))
    p = s.getsockname()[1]
    s.close()
    return p


def make(r):
    eps = {n: free() for n in ['web', 'websecure', 'mixed', 'api']}
    static = {'entryPoints': {n: {'address': f'127.0.0.1:{p}'} for n, p in eps.items()}, 'providers': {'file': {'filename': 'dyn.yml', 'watch': False}}, 'log': {'level': 'ERROR', 'filePath': 'log'}}
    if r.random() < 0.3:
        static['entryPoints']['web']['http'] = {'redirections': {'entryPoint': {'to': r.choice(['websecure', ':443', ':8443']), **({'priority': r.choice([5, 20, 40])} if r.random() < 0.6 else {})}}}
    if r.random() < 0.3:
        static['entryPoints']['websecure'].setdefault('http', {})['tls'] = {} if r.random() < 0.6 else {'options': 'one@file'}
    if r.random() < 0.2:
        static['entryPoints']['mixed']['http'] = {'sanitizePath': False}
    if r.random() < 0.2:
        static['entryPoints']['mixed'].setdefault('http', {})['encodedCharacters'] = {'allowEncodedSlash': False, 'allowEncodedSemicolon': False}
    if r.random() < 0.3:
        static['ping'] = {'entryPoint': r.choice(['web', 'mixed'])}
    if r.random() < 0.3:
        static['entryPoints'][r.choice(['web', 'mixed'])]['asDefault'] = True
    if r.random() < 0.3:
        static['certificatesResolvers'] = {'le': {'acme': {'email': 'a@b.test', 'storage': 'acme.json', 'caServer': 'http://127.0.0.1:1/', 'httpChallenge': {'entryPoint': r.choice(['web', 'mixed'])}}}}
        os.path.exists('x')
    dyn = {'http': {'routers': {}, 'services': {}, 'middlewares': {'b1': {'ipAllowList': {'sourceRange': ['10.0.0.300']}}, 'b2': {'redirectRegex': {'regex': '(', 'replacement': 'x'}}, 'b3': {'retry': {'attempts': 0}}, 'b4': {'addPrefix': {'prefix': ''}}, 'b5': {'chain': {'middlewares': ['b1']}}, 'hdr': {'headers': {'customRequestHeaders': {'X': 'y'}}}, 'rx': {'redirectRegex': {'regex': '^https?://([a-z.]+)(:\\d+)?/a(.*)', 'replacement': 'http://${1}.new/$3/x', 'permanent': True}}, 'https': {'redirectScheme': {'scheme': 'https', 'permanent': True}}, 'ch': {'chain': {'middlewares': ['hdr', 'https']}}}}, 'tcp': {'routers': {}, 'services': {}}, 'tls': {'options': {'one': {'minVersion': 'VersionTLS12'}, 'two': {}}}}
    dyn['tls']['options']['two'] = {'maxVersion': 'VersionTLS13'}
    servers = []
    for i in range(r.randrange(1, 12)):
        name = f'h{i}'
        s = server(http_reply(name))
        servers.append(s)
        router = {'rule': rule(r, http_matcher, r.randrange(4)), 'service': name}
        if r.random() < 0.15:
            router['priority'] = r.choice([1, 10, 30, 100, -5, 9223372036854775000])
        if r.random() < 0.7:
            router['entryPoints'] = r.sample(['web', 'websecure', 'mixed', 'nope'], r.randrange(1, 3))
        if r.random() < 0.5:
            router['tls'] = {}
            if r.random() < 0.4:
                router['tls'] = {'options': r.choice(['one', 'two', 'one@file', 'default', 'gone', 'one@docker'])}
        if r.random() < 0.3:
            router['middlewares'] = [r.choice(['hdr', 'https', 'ch', 'missing', 'rx', 'rx', 'b1', 'b2', 'b3', 'b4', 'b5'])]
        if r.random() < 0.05:
            router['service'] = 'missing'
        dyn['http']['routers'][name] = router
        dyn['http']['services'][name] = {'loadBalancer': {'servers': [{'url': f'http://127.0.0.1:{s.getsockname()[1]}'}]}}
    s = server(http_reply('ready'))
    servers.append(s)
    dyn['http']['routers']['zz'] = {'rule': 'Path(`/zz-ready`)', 'service': 'zz', 'entryPoints': ['api']}
    dyn['http']['services']['zz'] = {'loadBalancer': {'servers': [{'url': f'http://127.0.0.1:{s.getsockname()[1]}'}]}}
    for i in range(r.choice([0, 0, 1, 2, 4])):
        name = f't{i}'
        s = server(tcp_reply(name))
        servers.append(s)
        router = {'rule': rule(r, tcp_matcher, r.randrange(3)), 'service': name, 'entryPoints': r.sample(['web', 'websecure', 'mixed'], r.randrange(1, 3))}
        if r.random() < 0.2:
            router['priority'] = r.choice([1, 30, 100, -5])
        if r.random() < 0.6:
            router['tls'] = {'passthrough': True} if r.random() < 0.5 else {} if r.random() < 0.7 else {'options': r.choice(['one', 'gone'])}
        dyn['tcp']['routers'][name] = router
        dyn['tcp']['services'][name] = {'loadBalancer': {'servers': [{'address': f'127.0.0.1:{s.getsockname()[1]}'}]}}
    if not dyn['tcp']['routers']:
        del dyn['tcp']
    return (static, dyn, eps, servers)


def make_request(r, eps):
    ep = r.choice(['web', 'websecure', 'mixed'])
    scheme = r.choices(['http', 'https', 'tcp', 'tls', 'pg'], [6, 8, 1, 1, 1])[0]
    host = r.choice(HOSTS)
    q = {'url': f"{scheme}://{host}:{eps[ep]}{(r.choice(PATHS) if scheme.startswith('http') else '')}", 'entryPoint': ep, 'ip': '127.0.0.1'}
    q['host'] = host if r.random() < 0.9 else r.choice([host + ':80', '', 'a.test:x', '[::1]', 'a b'])
    q['sni'] = host.rstrip('.').lower() if r.random() < 0.85 else r.choice(['', 'a.test', 'b.test', 'zz.test'])
    if r.random() < 0.3:
        q['method'] = r.choice(['POST', 'PUT', 'HEAD', 'get'])
    if r.random() < 0.3:
        q['headers'] = {r.choice(['X-A', 'x-a', 'X-B']): r.choice(['1', '2', ' 1 ', ['1', '3'], ''])}
    if r.random() < 0.3:
        q['alpn'] = r.choice([['http/1.1'], ['foo', 'http/1.1']])
    return q


def tls_wrap(sock, q):
    ctx = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    ctx.check_hostname = False
    ctx.verify_mode = ssl.CERT_NONE
    if q.get('alpn'):
        ctx.set_alpn_protocols(q['alpn'])
    inc, out = (ssl.MemoryBIO(), ssl.MemoryBIO())
    obj = ctx.wrap_bio(inc, out, server_hostname=q['sni'] or None)
    first = True
    while True:
        try:
            obj.do_handshake()
            break
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLError as e:
            return (None, 'close')
        sock.sendall(out.read())
        d = sock.recv(65536)
        if not d:
            return (None, 'close')
        if first and d[:2] == b'B:':
            return (None, d.split(b'\n')[0].decode())
        first = False
        inc.write(d)
    sock.sendall(out.read())
    return ((obj, inc, out), None)


def read_all(sock, tls):
    data = b''
    while True:
        if tls:
            obj, inc, out = tls
            try:
                d = obj.read(65536)
                if not d:
                    break
                data += d
                continue
            except ssl.SSLWantReadError:
                pass
            except ssl.SSLError:
                break
        try:
            d = sock.recv(65536)
        except (ConnectionError, socket.timeout):
            break
        if not d:
            break
        if tls:
            inc.write(d)
        else:
            data += d
        if data[:2] == b'B:' and b'\n' in data:
            break
        if b'\r\n\r\n' in data:
            break
    return data


def send(q, port):
    """What the proxy does: ('router', name), ('status', n, location), ('close',)"""
    scheme, rest = q['url'].split('://')
    path = '/' + rest.split('/', 1)[1] if '/' in rest else '/'
    s = socket.create_connection(('127.0.0.1', port))
    s.settimeout(3)
    try:
        tls = None
        if scheme == 'pg':
            s.sendall(bytes([0, 0, 0, 8, 4, 210, 22, 47]))
            d = s.recv(1)
            if d != b'S':
                return (d + s.recv(100)).decode('latin1').split('\n')[0] or 'close'
        if scheme in ('https', 'tls', 'pg'):
            tls, early = tls_wrap(s, q)
            if early:
                return early
        if scheme.startswith('http'):
            lines = [f"{q.get('method', 'GET')} {path} HTTP/1.1", f"Host: {q['host']}", 'Connection: close']
            for k, v in q.get('headers', {}).items():
                for one in v if isinstance(v, list) else [v]:
                    lines.append(f'{k}: {one}')
            payload = ('\r\n'.join(lines) + '\r\n\r\n').encode()
        else:
            payload = b'\x01\x02 nonsense\r\n\r\n'
        if tls:
            tls[0].write(payload)
            s.sendall(tls[2].read())
        else:
            s.sendall(payload)
        data = read_all(s, tls)
    except (ConnectionError, socket.timeout) as e:
        return 'close'
    finally:
        s.close()
    if data[:2] == b'B:':
        return data.split(b'\n')[0].decode()
    if not data:
        return 'close'
    head = data.decode('latin1').split('\r\n')
    status = int(head[0].split()[1])
    headers = {l.split(':', 1)[0].lower(): l.split(':', 1)[1].strip() for l in head[1:] if ':' in l}
    if 'x-router' in headers:
        return 'R:' + headers['x-router']
    if 'location' in headers:
        return f"{status} {headers['location']}"
    return str(status)


def ours(a):
    o = a['outcome']
    if o in ('router',):
        n = a['router'].split('@')[0]
        if a['router'].endswith('@internal'):
            return {'ping@internal': '200', 'noop@internal': '418'}.get(a['router'], n)
        return ('B:' if n[0] == 't' else 'R:') + n
    if o == 'redirect':
        return f"{a['status']} {a['location']}"
    if o == 'acme':
        return '404'
    if o == 'ambiguous':
        return {('B:' if x[0] == 't' else 'R:') + x.split('@')[0] for x in a['routers']}
    return str(a['status'])


def answers(trace, folder, requests):
    (folder / 'requests').write_text(''.join(json.dumps(q) + '\n' for q in requests))
    out = subprocess.run([trace, 'trace', '--requests', 'requests', '--static', 'traefik.yml', '--dynamic', 'dyn.yml',
                          '--quiet'], cwd=folder, capture_output=True, text=True)
    return [json.loads(line) for line in out.stdout.splitlines()]


def is_open(ports):
    try:
        for port in ports:
            socket.create_connection(('127.0.0.1', port)).close()
        return True
    except OSError:
        return False


def is_loaded(port):
    """The router of a path of its own answers: the dynamic file was read."""
    try:
        return send({'url': 'http://x:1/zz-ready', 'host': 'x'}, port).startswith('R:')
    except OSError:
        return False


def wait_for(condition):
    for _ in range(1000):
        if condition():
            return True
        time.sleep(.03)
    return False


def ask_proxy(program, folder, eps, requests):
    """What the real proxy does with each request, or None when it does not start."""
    proxy = subprocess.Popen([program, '--configfile=traefik.yml'], cwd=folder, stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL)
    try:
        if not wait_for(lambda: is_open(eps.values())) or not wait_for(lambda: is_loaded(eps['api'])):
            return None
        time.sleep(.1)
        return [send(q, eps[q['entryPoint']]) for q in requests]
    finally:
        proxy.terminate()
        proxy.wait()


def agrees(q, got, answer):
    said = ours(answer)
    if q['url'].startswith('pg') and answer.get('tls', {}).get('mode') == 'passthrough':
        return True  # the backend would have to speak STARTTLS itself
    if isinstance(said, set):
        said |= {'421', 'close', '404', '400'} if answer.get('why') else set()
        return got in said or got[:3] in ('301', '302', '307', '308', '502')
    return got == said


def run_config(proxy, trace, seed, count, keep):
    """The number of requests, of differences and of ambiguous answers."""
    for _ in range(3):  # a port that was free may be taken by the time the proxy wants it
        answer = try_config(proxy, trace, seed, count, keep)
        if answer:
            return answer
    print(f'config {seed}: the proxy did not start, or trace did not answer')
    return count, 1, 0


def try_config(proxy, trace, seed, count, keep):
    """The same, or None when the proxy does not start."""
    r = random.Random(seed)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        static, dyn, eps, servers = make(r)
        (folder / 'traefik.yml').write_text(json.dumps(static))
        (folder / 'dyn.yml').write_text(json.dumps(dyn))
        requests = [make_request(r, eps) for _ in range(count)]
        got = ask_proxy(proxy, folder, eps, requests)
        for s in servers:
            s.close()
        said = answers(trace, folder, requests)
        if got is None or len(said) != len(requests):
            return None
        wrong = [(q, g, a) for q, g, a in zip(requests, got, said) if not agrees(q, g, a)]
        for q, g, a in wrong[:2]:
            print(f'config {seed}: {json.dumps(q)}\n  the proxy: {g}\n  trace: {json.dumps(a)}')
        if wrong and keep:
            for file in ('traefik.yml', 'dyn.yml', 'requests'):
                target = pathlib.Path(keep) / str(seed)
                target.mkdir(parents=True, exist_ok=True)
                (target / file).write_bytes((folder / file).read_bytes())
        return count, len(wrong), sum(a['outcome'] == 'ambiguous' for a in said)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n', maxsplit=1)[0])
    parser.add_argument('-b', '--build', default='build')
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--configs', type=int, default=20)
    parser.add_argument('--requests', type=int, default=150)
    parser.add_argument('--keep')
    args = parser.parse_args()
    trace = os.environ.get('ITSUPC') or str(pathlib.Path(args.build).resolve() / 'itsupc')
    there = subprocess.run([str(HERE / 'setup'), '--there', 'traefik'], capture_output=True, text=True)
    if there.returncode:
        print(f'the real proxy is not built: {there.stderr.strip()}')
        return 77
    total = differ = ambiguous = 0
    for n in range(args.configs):
        asked, wrong, unsure = run_config(there.stdout.strip(), trace, args.seed * 1000 + n, args.requests, args.keep)
        total, differ, ambiguous = total + asked, differ + wrong, ambiguous + unsure
    print(f'{total} requests, {differ} differ, {ambiguous} ambiguous')
    return differ > 0


if __name__ == '__main__':
    sys.exit(main())
