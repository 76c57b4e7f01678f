"""Random configurations of Traefik, and random requests to them, over a small alphabet: so that routers meet."""
import functools
import json
import subprocess

HOSTS = ['a.test', 'b.test', 'x.a.test', 'y.a.test', 'x.b.test', 'xy.a.test', 'A.test', 'a.test.', 'c.test']
RULE_HOSTS = ['a.test', 'b.test', 'x.a.test', '*.a.test', '*.b.test', 'A.Test', 'a.test.', '*']
PATHS = ['/', '/a', '/a/', '/a/b', '/ab', '/a%2Fb', '/a//b', '/a/../b', '/%61', '/b', '/a%20b', '/a/./b/', '/A', '/b%', '/é',
         '/a;b', '/a%3Bb', '/a%2e%2e', '/%2e%2e/a', '/a?q=1', '/a?q', '/a?q=1&r', '/b?r=2&q=3', '/..', '/a+b', '/a%2Bb',
         '/b?q=a%20b', '/b?q=a+b', '/a[b', '/a|b', '/a^b', "/a'b", '/x%00y', '/x%7ey', '/a%C3%A9', '/é%2Fb', '/#a', '/a#b',
         '/.well-known/acme-challenge/t', '/ping', '/a/b/c?q=1', '/b/a', '/a?q=1;r', '/b?r=;q=3', '/a//', '/aa/b', '/a%2F%2Fb', '/b/%2e']
RULE_PATHS = ['/', '/a', '/a/', '/a/b', '/ab', '/b', '/A', '/a b', '/é', '/..', '/a;b']
POINTS = {'web': ':80', 'websecure': ':443', 'mixed': ':8443'}
DATAGRAMS = {'dns': ':5300/udp', 'game': ':5301/udp'}
FAULTY = {'b1': {'ipAllowList': {'sourceRange': ['10.0.0.300']}}, 'b2': {'redirectRegex': {'regex': '(', 'replacement': 'x'}},
          'b3': {'retry': {'attempts': 0}}, 'b4': {'addPrefix': {'prefix': ''}}, 'b5': {'chain': {'middlewares': ['b1']}}}
PATHS_OF = {'strip': {'stripPrefix': {'prefixes': ['/a', '/b/']}}, 'force': {'stripPrefix': {'prefixes': ['/a'], 'forceSlash': True}},
            'stripx': {'stripPrefixRegex': {'regex': ['^/[a-b]+', 'b']}}, 'add': {'addPrefix': {'prefix': '/p'}},
            'addx': {'addPrefix': {'prefix': 'p q'}}, 'replace': {'replacePath': {'path': '/new%2Fx'}},
            'replacex': {'replacePathRegex': {'regex': '^/a(.*)', 'replacement': '/x$1/y'}},
            'both': {'chain': {'middlewares': ['strip', 'add']}}, 'limited': {'chain': {'middlewares': ['strip', 'local', 'https']}}}
DOORS = {'auth': {'basicAuth': {'users': ['u:$apr1$H6uskkkW$IgXLP6ewTrSuBkTrqE8wj/']}}, 'local': {'ipAllowList': {'sourceRange': ['127.0.0.1']}},
         'teapot': {'ipAllowList': {'sourceRange': ['127.0.0.2/32', '10.0.0.0/8'], 'rejectStatusCode': 418}},
         'cors': {'headers': {'accessControlAllowMethods': ['GET'], 'accessControlAllowOriginList': ['*']}}}
USER = 'Basic dTp0ZXN0'  # whom `auth` lets in
# What lets a request pass, or changes only what is told of it.
QUIET = {'compress': {'compress': {}}, 'buffer': {'buffering': {'maxRequestBodyBytes': 1000}}, 'again': {'retry': {'attempts': 2}},
         'breaker': {'circuitBreaker': {'expression': 'NetworkErrorRatio() > 0.99'}}, 'type': {'contentType': {}}, 'grpc': {'grpcWeb': {'allowOrigins': ['*']}},
         'rate': {'rateLimit': {'average': 100000, 'burst': 100000}}, 'flight': {'inFlightReq': {'amount': 100000}},
         'pages': {'errors': {'status': ['500-599'], 'service': 'missing', 'query': '/{status}'}}, 'pass': {'passTLSClientCert': {'pem': True}},
         'digest': {'digestAuth': {'users': ['u:traefik:a2688e031edb4be6a3797f3882655c05']}}}
MORE_PATHS = {'regex1': {'replacePathRegex': {'regex': '^/(a|b)/?(.*)$', 'replacement': '/$2/$1'}},
              'regex2': {'replacePathRegex': {'regex': '/+', 'replacement': '/v1/'}}, 'regex3': {'replacePathRegex': {'regex': 'q', 'replacement': '${1}'}},
              'stripall': {'stripPrefixRegex': {'regex': ['/[^/]+']}}, 'stripmany': {'stripPrefix': {'prefixes': ['/a/b', '/a', '/']}},
              'go1': {'redirectRegex': {'regex': '^https?://[^/]+/b(.*)$', 'replacement': 'https://b.test/$1'}},
              'go2': {'redirectRegex': {'regex': '(?P<host>[a-z]+)[.]test(.*)', 'replacement': '${host}.new.test$2', 'permanent': True}},
              'go3': {'redirectRegex': {'regex': '/a', 'replacement': '/c'}},
              'plain': {'redirectScheme': {'scheme': 'http'}}, 'odd': {'redirectScheme': {'scheme': 'https', 'port': '443', 'permanent': True}},
              'deep': {'chain': {'middlewares': ['both', 'strip', 'limited']}}}
GOOD = {**PATHS_OF, **QUIET, **MORE_PATHS, **DOORS, 'hdr': {'headers': {'customRequestHeaders': {'X': 'y', 'X-A': '1'}}},
        'rx': {'redirectRegex': {'regex': '^https?://([a-z.]+)(:\\d+)?/a(.*)', 'replacement': 'http://${1}.new/$3/x', 'permanent': True}},
        'https': {'redirectScheme': {'scheme': 'https', 'permanent': True}}, 'ch': {'chain': {'middlewares': ['hdr', 'https']}},
        'port': {'redirectScheme': {'scheme': 'https', 'port': '8443'}}}


@functools.cache
def certificate(*names):
    """A certificate for the names, issued by itself, as a file of Traefik's names it."""
    run = subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '365',
                          '-subj', '/CN=' + names[0], '-addext', 'subjectAltName=' + ','.join('DNS:' + n for n in names), '-keyout', '-'],
                         check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    key, mark, cert = run.stdout.partition('-----BEGIN CERTIFICATE-----')
    return {'certFile': mark + cert, 'keyFile': key}


CERTIFICATES = [('a.test',), ('*.a.test',), ('b.test', '*.a.test'), ('x.a.test', 'y.a.test'), ('*.b.test', 'x.b.test')]


class Backends:
    """Addresses, one for each server: which of them answers tells the router."""

    def __init__(self):
        self.all = []

    def new(self, kind=''):
        at = f'127.0.0.1:{20000 + len(self.all)}'
        self.all.append(kind + at)
        return at


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
    return r.choice(['Header(`X-A`, `1`)', 'HeaderRegexp(`x-a`, `[12]`)', 'Header(`x-b`,``)', 'ClientIP(`127.0.0.0/8`)',
                     'ClientIP(`::1`)', 'ClientIP(`127.0.0.2`)', 'Header(`Host`,`a.test`)'])


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


def v2_matcher(r):
    k = r.randrange(11)
    if k < 3:
        return f"{r.choice(['Host', 'Host', 'HostHeader'])}({', '.join(q(r, h) for h in r.choices(RULE_HOSTS[:7], k=r.choice([1, 1, 2])))})"
    if k == 3:
        return 'HostRegexp(' + r.choice(['`{s:[a-z]+}.a.test`', '`{s}.test`', '`a.test`, `{x:.+}.b.test`', '`{open`']) + ')'
    if k in (4, 5):
        return f"{r.choice(['Path', 'PathPrefix'])}({r.choice(['`/a`', '`/a/{id:[a-z]+}`', '`/{x}`', '`/a`, `/b`', '`/{a:.*}b`', '`b`', '`/`'])})"
    if k == 6:
        return r.choice(['Method(`GET`)', 'Method(`POST`, `put`)', 'ClientIP(`127.0.0.2`, `10.0.0.0/8`)'])
    if k == 7:
        return r.choice(['Headers(`x-a`, `1`)', 'HeadersRegexp(`X-A`, `^[12]$`)', 'Headers(`x-a`)', 'Header(`X-A`, `1`)'])
    if k == 8:
        return r.choice(['Query(`q=1`)', 'Query(`q=1`, `r=2`)', 'Query(`q`)', 'Query(`q={x:[0-9]+}`)'])
    return r.choice(['PathPrefix(`/`)', 'Host(`a.test`)', 'Host(`b.test`, `x.a.test`)'])


def rule(r, matcher, depth):
    if depth == 0 or r.random() < 0.35:
        return matcher(r)
    k = r.random()
    if k < 0.15:
        return '!' + ('(' + rule(r, matcher, depth - 1) + ')' if r.random() < 0.5 else matcher(r))
    op = ' && ' if k < 0.65 else ' || '
    s = rule(r, matcher, depth - 1) + op + rule(r, matcher, depth - 1)
    return '(' + s + ')' if r.random() < 0.4 else s


def static_of(r):
    points = {n: {'address': a} for n, a in {**POINTS, **DATAGRAMS}.items()}
    static = {'entryPoints': points, 'providers': {'file': {'directory': 'dynamic'}}}
    http = {n: p.setdefault('http', {}) for n, p in points.items()}
    if r.random() < 0.3:
        to = {'to': r.choice(['websecure', 'mixed', ':443', ':8443'])}
        if r.random() < 0.6:
            to['priority'] = r.choice([5, 20, 40])
        if r.random() < 0.3:
            to['permanent'] = False
        http['web']['redirections'] = {'entryPoint': to}
    if r.random() < 0.3:
        http['websecure']['tls'] = {} if r.random() < 0.6 else {'options': 'one@file'}
    if r.random() < 0.2:
        http['mixed']['sanitizePath'] = False
    if r.random() < 0.2:
        http['mixed']['encodedCharacters'] = {'allowEncodedSlash': False, 'allowEncodedSemicolon': False}
    if r.random() < 0.2:
        http[r.choice(['web', 'websecure'])]['middlewares'] = [r.choice(['hdr@file', 'ch@file', 'missing@file'])]
    if r.random() < 0.3:
        static['ping'] = {'entryPoint': r.choice(['web', 'mixed'])}
    if r.random() < 0.3:
        points[r.choice(['web', 'mixed'])]['asDefault'] = True
    if r.random() < 0.2:
        points[r.choice(['web', 'mixed'])]['allowACMEByPass'] = True
    if r.random() < 0.3:
        static['certificatesResolvers'] = {'le': {'acme': {'storage': 'acme.json', 'httpChallenge': {'entryPoint': r.choice(['web', 'mixed'])}}}}
    for point in points.values():
        if not point['http'] or point['address'].endswith('/udp'):
            del point['http']
    return static


def http_router(r, name, static):
    router = {'rule': rule(r, http_matcher, r.choice([0, 0, 1, 1, 2, 3])), 'service': name}
    if r.random() < 0.12:
        router.update(rule=rule(r, v2_matcher, r.choice([0, 0, 1, 2])), ruleSyntax='v2')
    if r.random() < 0.15:
        router['priority'] = r.choice([1, 10, 30, 100, -5, 9223372036854775000])
    if r.random() < 0.7:
        router['entryPoints'] = r.sample(["web", "websecure", "mixed", "nope"], r.choice([1, 2, 2, 3]))
    if r.random() < 0.5:
        router['tls'] = {}
        if r.random() < 0.4:
            router['tls'] = {'options': r.choice(['one', 'two', 'one@file', 'default', 'gone', 'one@docker'])}
        if 'certificatesResolvers' in static and r.random() < 0.5:
            router['tls']['certResolver'] = r.choice(['le', 'le', 'gone'])
            if r.random() < 0.3:
                router['tls']['domains'] = [{'main': 'a.test', 'sans': ['*.a.test']}]
    if r.random() < 0.4:
        router['middlewares'] = r.choices(list(GOOD), k=r.choice([1, 1, 2, 3]))
    if r.random() < 0.08:
        router['middlewares'] = [r.choice(['missing', *FAULTY])]
    if r.random() < 0.05:
        router['service'] = 'missing'
    return router


def make_children(r, routers):
    """Some routers below others: a parent has no service as a rule, a child no entry points."""
    names = list(routers)
    for router in routers.values():  # routers of an entry point that is not there conflict, too, unseen by trace
        router['entryPoints'] = [p for p in router.get('entryPoints', []) if p != 'nope'] or ['websecure']
    for name in r.sample(names, min(len(names), r.randrange(1, 6))):
        parents = r.sample([n for n in names if n != name] + ['nobody'] * (r.random() < 0.1), 1 if r.random() < 0.8 else min(2, len(names) - 1))
        routers[name]['parentRefs'] = parents
        for key in ('tls', 'entryPoints'):
            if r.random() < 0.95:
                routers[name].pop(key, None)
        for parent in parents:
            if parent in routers and r.random() < 0.9:
                routers[parent].pop('service', None)


def shared(r, name, services, server):
    """A service of that name, in one of the ways in which several may answer; `server` gives a new one."""
    kind = r.randrange(8)
    children = [f'{name}.{i}' for i in range(r.choice([1, 2, 2, 3]))]

    def one(*servers, **more):
        return {'loadBalancer': {'servers': list(servers), **more}}
    if kind < 3:
        services[name] = one(*(server() for _ in range(kind + 1)))
        return
    if kind == 3:
        services[name] = one(server(), server(), sticky={'cookie': {'name': 'lb'}})
        return
    for child in children:
        services[child] = one(server())
    if kind < 6:
        listed = [{'name': child, 'weight': r.choice([1, 1, 2, 5, 0])} for child in children]
        services[name] = {'weighted': {'services': listed}}
        if r.random() < 0.3:
            services[name]['weighted']['sticky'] = {'cookie': {}}
    elif kind == 6:
        services[name] = {'mirroring': {'service': children[0], 'mirrors': [{'name': child, 'percent': 100} for child in children[1:]]}}
    else:
        services[name] = {'failover': {'service': children[0], 'fallback': children[-1]}}


def shared_stream(r, name, services, server):
    """The same of TCP and UDP, which have weights alone."""
    if r.random() < 0.6:
        services[name] = {'loadBalancer': {'servers': [server() for _ in range(r.choice([1, 1, 2]))]}}
        return
    children = [f'{name}.{i}' for i in range(2)]
    for child in children:
        services[child] = {'loadBalancer': {'servers': [server()]}}
    services[name] = {'weighted': {'services': [{'name': child, 'weight': r.choice([1, 2])} for child in children]}}


GUARDS = {'near': {'ipAllowList': {'sourceRange': ['127.0.0.1']}}, 'far': {'ipAllowList': {'sourceRange': ['10.0.0.0/8', '127.0.0.2']}},
          'few': {'inFlightConn': {'amount': 100000}}, 'bad': {'ipAllowList': {'sourceRange': ['x']}}}


def tcp_router(r, name):
    router = {'rule': rule(r, tcp_matcher, r.randrange(3)), 'service': name,
              'entryPoints': r.sample(list(POINTS), r.randrange(1, 3))}
    if r.random() < 0.2:
        router['priority'] = r.choice([1, 30, 100, -5])
    if r.random() < 0.25:
        router['middlewares'] = r.choices(list(GUARDS), [4, 4, 3, 1], k=r.choice([1, 1, 2]))
    if r.random() < 0.6:
        router['tls'] = r.choice([{'passthrough': True}, {'passthrough': True}, {}, {'options': r.choice(['one', 'gone'])}])
    return router


def config(r):
    """(static, files of the dynamic folder, addresses of the backends)."""
    static, backends = static_of(r), Backends()
    http = {'routers': {}, 'services': {}, 'middlewares': {**FAULTY, **GOOD}}
    tcp, udp = {'routers': {}, 'services': {}}, {'routers': {}, 'services': {}}
    options = {'one': {'minVersion': 'VersionTLS12', 'sniStrict': r.random() < 0.3}, 'two': {'maxVersion': 'VersionTLS13'}}
    if r.random() < 0.2:
        options['default'] = {'sniStrict': True}
    for i in range(r.randrange(2, 14)):
        http['routers'][f'h{i}'] = http_router(r, f'h{i}', static)
        if r.random() < 0.3:
            shared(r, f'h{i}', http['services'], lambda: {'url': f'http://{backends.new()}'})
        else:
            http['services'][f'h{i}'] = {'loadBalancer': {'servers': [{'url': f'http://{backends.new()}'}]}}
    if r.random() < 0.25 and len(http['routers']) > 1:
        make_children(r, http['routers'])
    for i in range(r.choice([0, 0, 1, 2, 4])):
        tcp['routers'][f't{i}'] = tcp_router(r, f't{i}')
        shared_stream(r, f't{i}', tcp['services'], lambda: {'address': backends.new()})
    tcp['middlewares'] = dict(GUARDS)
    for i in range(r.choice([0, 0, 1, 2])):
        udp['routers'][f'u{i}'] = {'service': f'u{i}', 'entryPoints': r.sample([*DATAGRAMS, 'nope'], r.choice([1, 2]))}
        shared_stream(r, f'u{i}', udp['services'], lambda: {'address': backends.new('udp:')})
    dynamic = {'http': http, 'tls': {'options': options, 'stores': {'default': {'defaultCertificate': certificate('fallback.test')}}}}
    if r.random() < 0.5:
        dynamic['tls']['certificates'] = [certificate(*names) for names in r.sample(CERTIFICATES, r.randrange(1, 4))]
    if tcp['routers']:
        dynamic['tcp'] = tcp
    if udp['routers']:
        dynamic['udp'] = udp
    return static, {'dyn.yml': dynamic}, backends.all


def request(r):
    if r.random() < 0.02:
        point = r.choice(list(DATAGRAMS))
        return {'url': f"udp://x{DATAGRAMS[point].partition('/')[0]}", 'entryPoint': point}
    point = r.choice(list(POINTS))
    scheme = r.choices(['http', 'https', 'tcp', 'tls', 'pg'], [6, 8, 1, 1, 1])[0]
    host = r.choice(HOSTS)
    out = {'url': f"{scheme}://{host}{POINTS[point]}{(r.choice(PATHS) if scheme.startswith('http') else '')}", 'entryPoint': point,
           'ip': r.choice(['127.0.0.1', '127.0.0.1', '127.0.0.2'])}
    out['host'] = host if r.random() < 0.9 else r.choice([host + ':80', '', 'a.test:x', '[::1]', 'a b'])
    out['sni'] = host.rstrip('.').lower() if r.random() < 0.85 else r.choice(['', 'a.test', 'b.test', 'zz.test'])
    if r.random() < 0.3:
        out['method'] = r.choice(['POST', 'PUT', 'HEAD', 'get', 'OPTIONS'])
    if r.random() < 0.3:
        out['headers'] = {r.choice(['X-A', 'x-a', 'X-B']): r.choice(['1', '2', ' 1 ', ['1', '3'], ''])}
    if r.random() < 0.15:
        out['headers'] = {'Authorization': USER}
    if r.random() < 0.1:
        out['headers'] = {'Origin': 'http://o.test', 'Access-Control-Request-Method': 'GET'}
    if r.random() < 0.3:
        out['alpn'] = r.choice([['http/1.1'], ['foo', 'http/1.1']])
    return out
