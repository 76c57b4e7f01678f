"""Random itsUP trees over a small alphabet, so that what projects say meets what others say."""

NAMES = ['a', 'a-b', 'a.b', 'b', 'b-c', 'c', 'ab', 'web', 'A', 'a_b']
SERVICES = ['web', 'db', 'b-c', 'c', 'a', 'b-c-80', 'web-80']
HOSTS = ['x.test', 'y.test', 'a.x.test', '*.x.test', '*.test', 'X.test']
PATHS = ['/api', '/api/v1', '/a', '/', '/api/']
PORTS = [80, 81, 443, 53]
HOSTPORTS = [7000, 7001, 53, 8443, 8080]
ADDRESSES = ['172.20.0.5', '172.20.0.6', '172.20.1.5', '10.0.0.1']
DECLARED = [
    'let place = place.test', 'let offices = [10.0.0.0/8, 192.0.2.0/24]', 'let nobody = 1',
    'middleware guard = allow(10.0.0.0/8)', 'middleware slow = rate(10/s) | compress',
    'middleware twice = guard | slow', 'middleware lost = auth(/run/secrets/x)', 'tls modern { min 1.2 }',
    'tls old { min 1.0 }', 'template page(name label) { https://{name}.page.test -> web:80 }', 'import lib.itsup',
    'import ../stray.itsup as s', 'https://shared.test => https://x.test', 'https://x.test => https://shared.test',
    'raw dynamic """\n  http:\n    middlewares:\n      guard2: { compress: {} }\n"""',
    'raw static """\n  log: { level: DEBUG }\n"""', 'raw compose """\n  services: { traefik: { mem_limit: 1g } }\n"""']
SHARED = ['guard', 'slow', 'lost', 'twice']
MIDDLEWARES = ['guard@file', 'default-headers@file', 'a-web-80-strip@file', 'nothing@file', 'crowdsec@file']


class Tree:
    """Its files by path; `wild` is how often two projects get the same, `wrong` how often something is no good."""

    def __init__(self, rng):
        self.rng, self.files, self.links, self.number = rng, {}, {}, 0
        self.wild = rng.choice([0, 0, 0, 0.02, 0.1, 0.4])
        self.wrong = rng.choice([0, 0, 0, 0, 0.03, 0.15])
        self.rare = rng.choice([0, 0, 0.03, 0.1, 0.3])
        self.names = names(rng, self.wrong)
        self.services, self.outside = {}, set()
        self.language = rng.choice([0, 0.5, 1])
        self.generation = rng.choice(['ingress.yml', 'itsup-project.yml'])
        self.proxy = rng.choice(['yaml', 'yaml', 'stack', 'plain', 'none'])

    def often(self, share=0.5):
        return self.rng.random() < share

    def seldom(self):
        return self.rng.random() < self.rare

    def bad(self):
        return self.rng.random() < self.wrong

    def meets(self, common, own):
        """What others have, too, or something of one's own."""
        self.number += 1
        return self.rng.choice(common) if self.rng.random() < self.wild else own(self.number)

    def host(self):
        return self.meets(HOSTS, lambda n: f'h{n}.test')

    def hostport(self):
        return self.meets(HOSTPORTS, lambda n: 20000 + n)

    def address(self):
        return self.meets(ADDRESSES, lambda n: f'172.20.2.{n % 250 + 2}')

    def write(self, path, text):
        if self.seldom() and self.often(0.2):
            text = text.replace('\n', '\r\n')
        if self.bad() and self.often(0.1):
            text = text[:self.rng.randrange(len(text) + 1)]
        self.files[path] = text


def names(rng, wrong):
    """Of those that look the same to Traefik usually one."""
    taken = {}
    for name in rng.sample(NAMES, rng.randint(2, 6)):
        taken.setdefault(name if wrong else name.lower().replace('.', '-').replace('_', '-'), name)
    return sorted(taken.values())


def make(rng):
    tree = Tree(rng)
    for name in tree.names:
        tree.services[name] = rng.sample(SERVICES, rng.randint(1, 3))
        if tree.often(0.1):
            tree.outside.add(name)
    shared(tree)
    for name in tree.names:
        project(tree, name)
    return tree


# ---- what all share ----

def shared(tree):
    secrets(tree)
    if tree.proxy == 'yaml':
        infra(tree)
    if tree.proxy in ('stack', 'plain') or tree.bad():
        tree.write('projects/proxy.itsup', proxy(tree))
    beside = tree.proxy in ('yaml', 'none') or tree.bad()
    if beside and tree.often(0.3):
        tree.write('projects/traefik.yml', traefik(tree))
    if beside and tree.often(0.4):
        tree.write('projects/middlewares.yml', middlewares(tree))
    if tree.seldom() and tree.often(0.2) or 'lib.itsup' in tree.files.get('projects/proxy.itsup', ''):
        tree.write('projects/lib.itsup', 'middleware lib = compress\nlet place = lib.test\nlet unused = 1\n')
    if tree.seldom() or 'stray.itsup' in tree.files.get('projects/proxy.itsup', ''):
        tree.write('stray.itsup', 'https://stray.test -> web:80\n')


def secrets(tree):
    text = 'LETSENCRYPT_EMAIL=acme@example.org\nTRAEFIK_ADMIN=admin:$apr1$notreal1$AAAAAAAAAAAAAAAAAAAAAA\n'
    text += 'CROWDSEC_APIKEY=key\n' if tree.often(0.9) else ''
    text += 'TOKEN=t0ken\nPORT=8099\n' if tree.often() else ''
    if tree.often(0.95):
        tree.write('secrets/itsup.txt', text)
    for name in tree.names:
        if tree.often(0.2):
            tree.write(f'secrets/{name}.txt', tree.rng.choice(['TOKEN=mine\n', 'OWN=1\nTOKEN=x y\n', '# none\n', 'TOKEN\n']))


def infra(tree):
    lines = ['schemaVersion: "2.1.0"', 'traefikDomain: ' + tree.meets(HOSTS[:3], lambda n: 'traefik.example.org')]
    lines += ['routerIP: 192.168.1.1'] if tree.often(0.8) else []
    lines += ['crowdsec:', '  enabled: true', '  collections: [crowdsecurity/linux]'] if tree.often() else []
    lines += ['versions:', '  traefik: v3.7.8', '  crowdsec: v1.7.8']
    if tree.seldom():
        lines.append(tree.rng.choice(['nonsense: 1', 'proxynet: 10.0.0.0/8', 'backup: {s3: {host: "${NOT_THERE}"}}']))
    tree.write('projects/itsup.yml', '\n'.join(lines) + '\n')


def entries(tree):
    yield 'entrypoint web :80 { redirect websecure }'
    yield 'entrypoint websecure :443 { default' + ('; http3' if tree.often(0.2) else '') + ' }'
    if tree.often(0.3):
        yield f'entrypoint own :{tree.hostport()}'
    if tree.often(0.2):
        yield f'entrypoint tcp-{tree.rng.choice(HOSTPORTS)} :{tree.rng.choice(HOSTPORTS)}'
    if tree.often(0.6):
        yield 'provider docker { network proxynet 172.20.0.0/16 }'
    if tree.often(0.7):
        yield 'provider file /etc/traefik/dynamic'
    if tree.often(0.5):
        yield 'resolver public acme { email a@example.org; http-01 web }'
    if tree.seldom():
        yield 'command traefik'


def proxy(tree):
    lines = ['proxy traefik {']
    if tree.proxy == 'plain':
        lines += ['  ' + line for line in entries(tree)]
    else:
        lines.append('  stack itsup 3 { dashboard traefik.example.org; router 192.168.1.1; image traefik v3.7.8 }')
        lines += [f'  entrypoint extra :{tree.hostport()}'] if tree.often(0.2) else []
    lines += ['}']
    for line in DECLARED:
        rare = line.startswith(('import', 'raw', 'https', 'tls old'))
        if tree.seldom() if rare else not tree.bad():
            lines.append(line)
            if tree.often(0.1) and '"""' not in line:
                lines[-1] += '  # itsup: allow(R002, C001) a reason'
    for line in ('http { use slow }', f'https {{ {tree.rng.choice(["use guard", "tls modern", "use twice; tls modern"])} }}'):
        if tree.often(0.3):
            lines.append('defaults ' + line)
    return '\n'.join(lines) + '\n'


def traefik(tree):
    name = tree.rng.choice([f'tcp-{p}' for p in HOSTPORTS] + ['web', 'web-secure', 'udp-53'])
    return tree.rng.choice([
        'log: {level: DEBUG}\n', 'accessLog: {}\n# a word\n',
        f'entryPoints:\n  {name}:\n    address: ":{tree.rng.choice(HOSTPORTS)}"\n',
        f'entryPoints:\n  {name}:\n    transport: {{respondingTimeouts: {{readTimeout: 600s}}}}\n',
        'certificatesResolvers: {letsencrypt: {acme: {caServer: "https://x.test"}}}\n',
        'entryPoints: {web-secure: {http: {middlewares: [guard@file]}}}\n', 'api: {insecure: true}\n'] +
        ([] if not tree.bad() else ['nonsense: 1\n', 'providers: {file: null}\n', '[1]\n', '']))


def middlewares(tree):
    name = tree.rng.choice(['guard', 'rate-limit', 'a-web-80-strip', 'a-b-c-80-strip', 'b-web-80-allow', 'default-headers'])
    kind = tree.rng.choice(['compress: {}', 'rateLimit: {average: 5}', 'stripPrefix: {prefixes: [/api]}', 'basicAuth: {users: ["${TOKEN}"]}'] +
                           (['nonsense: {}', 'chain: {middlewares: [guard]}'] if tree.bad() else []))
    text = f'http:\n  middlewares:\n    {name}: {{{kind}}}\n'
    more = tree.rng.choice(['', '', '  routers: {a-web-80: {rule: "Host(`z.test`)", service: a-web-80}}\n',
                            '  services: {a-web-80: {loadBalancer: {servers: [{url: "http://z:1"}]}}}\n',
                            'tcp: {middlewares: {t: {inFlightConn: {amount: 1}}}}\n',
                            'tls: {options: {modern: {minVersion: VersionTLS12}}}\n'])
    return text + more


# ---- a project ----

def project(tree, name):
    folder = f'projects/{name}'
    outside = name in tree.outside
    if tree.seldom() and tree.often(0.2):
        tree.files[f'{folder}/nothing.txt'] = ''
        return
    if not outside or tree.bad():
        tree.write(f'{folder}/docker-compose.yml', compose(tree, name))
    if tree.seldom() and tree.often(0.3):
        return  # a compose file alone
    if tree.often(tree.language):
        tree.write(f'{folder}/ingress.itsup', program(tree, name, outside))
    else:
        other = tree.rng.choice(['ingress.yml', 'itsup-project.yml', 'traefik.yml'])
        file = other if tree.bad() else tree.generation
        tree.write(f'{folder}/{file}', rows(tree, name, outside))
    if tree.seldom():
        tree.write(f'{folder}/files/x.conf', 'x = ${TOKEN}\n')
    if tree.seldom() and tree.often(0.3):
        tree.write(f'{folder}/more.itsup', 'let more = 1\nmiddleware far = compress\n')


def hand_label(tree):
    router = tree.rng.choice(['a-web-80', 'a-b-c-80', 'mine', 'b-web-80'])
    return tree.rng.choice([
        'com.example.team=x', 'traefik.enable=true', 'traefik.enable=false', 'traefik.docker.network=proxynet',
        f'traefik.http.routers.{router}.rule=Host(`x.test`)', f'traefik.http.middlewares.{router}-strip.compress=true',
        f'traefik.http.services.{router}.loadbalancer.server.port=80', f'traefik.http.routers.{router}.middlewares=guard@file',
        'traefik.http.routers.r.rule=PathPrefix(`/a`)', 'traefik.nonsense=1', f'traefik.tcp.routers.{router}.rule=HostSNI(`*`)'])


def compose(tree, name):
    lines = ['services:']
    for service in tree.services[name]:
        lines += [f'  {service}:', '    image: x']
        if tree.often(0.2):
            label = hand_label(tree) if tree.seldom() else 'com.example.team=x'
            lines += ['    labels:', f"      - '{label}'"]
        if tree.often(0.1):
            lines.append(f'    ports: ["{tree.hostport()}:80"]')
        if tree.seldom():
            other = tree.rng.choice(tree.names)
            lines.append('    ' + tree.rng.choice([
                'network_mode: host', 'container_name: web', 'environment: {T: "${TOKEN}", U: "${UNSET}"}', 'networks: [proxynet]',
                f'extends: {{file: ../{other}/docker-compose.yml, service: {tree.services[other][0]}}}',
                f'ports: ["{tree.hostport()}:53/udp"]', 'network_mode: service:db', 'deploy: {replicas: 2}',
                'env_file: ../../secrets/itsup.txt', f'networks: {{proxynet: {{ipv4_address: {tree.address()}}}}}', 'privilged: true']))
    if tree.seldom():
        other = tree.rng.choice(tree.names)
        lines += tree.rng.choice([
            ['networks: {proxynet: {external: true}}'], ['name: other'], [f'include: [../{other}/docker-compose.yml]'],
            ['x-a: &a {b: 1}', 'x-b: *a'], ['volumes: {v: {}}'], ['networks: {other: {name: proxynet}}']])
    return '\n'.join(lines) + '\n'


def targets(tree, name, own):
    """An edge: usually to one before, so that there are few circles."""
    if tree.bad():
        return tree.rng.choice(['nobody', name]), 'web'
    before = [n for n in tree.names if n < name and n not in tree.outside] or [name]
    other = tree.rng.choice(tree.names if tree.bad() else before)
    if own == other:
        return None
    return other, 'nothing' if tree.bad() else tree.rng.choice(tree.services[other])


def rows(tree, name, outside):
    lines = []
    if tree.seldom():
        lines.append(tree.rng.choice(['enabled: false', 'enabled: true', '# a comment', 'nonsense: 1']))
    if outside:
        lines.append(f'host: {tree.rng.choice(["192.168.1.9", "nas.lan"])}')
    lines.append('ingress:')
    for _ in range(tree.rng.randint(1, 4)):
        lines += row(tree, name, outside)
    edges = [t for t in (targets(tree, name, name) for _ in range(tree.rng.choice([0, 0, 1, 2, 3]))) if t]
    if edges and not outside:
        lines += ['egress:'] + sorted({f'  - {p}:{s}' for p, s in edges})
    return '\n'.join(lines) + '\n'


def row(tree, name, outside):
    keys = {} if outside else {'service': tree.rng.choice(tree.services[name])}
    keys['port'] = tree.rng.choice(PORTS) if tree.seldom() else 1000 + tree.number
    kind = tree.rng.choice(['http'] * 6 + ['san', 'path', 'path', 'hostport', 'tcp', 'sni', 'udp', 'pass', 'allow'])
    if kind in ('http', 'path', 'hostport', 'sni', 'pass', 'allow'):
        keys['domain'] = f'"{tree.host()}"'
    if kind == 'san':
        keys['tls'] = f'{{main: "{tree.host()}", sans: ["{tree.host()}"]}}'
    if kind == 'path':
        keys['path_prefix'] = tree.rng.choice(PATHS)
        if tree.proxy != 'none' and tree.often():
            keys['path_remove'] = 'true'
    if kind in ('hostport', 'tcp', 'sni', 'udp'):
        keys['hostport'] = tree.hostport()
    if kind in ('tcp', 'sni', 'pass'):
        keys['router'] = 'tcp'
    if kind in ('tcp', 'sni', 'hostport') and tree.often(0.4):
        keys['proxyprotocol'] = tree.rng.choice(['"1"', '"2"', 'null'])
    if kind == 'udp':
        keys['router'] = keys['protocol'] = 'udp'
    if kind == 'pass':
        keys['passthrough'] = 'true'
    if kind == 'allow':
        keys['allow_source_ips'] = tree.rng.choice(['[10.0.0.0/8]', '[192.0.2.7, 10.0.0.0/8]', '[]' if tree.bad() else '[10.0.0.2]'])
    if not outside and tree.often(0.1):
        keys['ipv4_address'] = tree.address()
    if tree.bad():
        key = tree.rng.choice(['prot', 'domain', 'port', 'dns', 'service', 'path_prefix'])
        keys[key] = tree.rng.choice(['1', 'x', '"${TOKEN}"', '"${PORT}"', '[]', 'null'])
    lines = [f'{key}: {value}' for key, value in keys.items()]
    return ['  - ' + lines[0]] + ['    ' + line for line in lines[1:]]


def program(tree, name, outside):
    lines = []
    if tree.seldom():
        lines.append(tree.rng.choice([
            'import more.itsup', 'import ../lib.itsup', 'import ../lib.itsup as l', '# nothing',
            f'import ../{tree.rng.choice(tree.names)}/ingress.itsup as other', 'let place = mine.test', 'let unused = 2',
            'middleware guard = compress', f'middleware {name if name.isalpha() else "m"} = compress', 'disabled',
            'raw dynamic """\n  http: {}\n"""', 'raw compose """\n  services: { web: { mem_limit: 1g } }\n"""', 'page(p1)',
            'raw static """\n  ping: {}\n"""', 'tls modern { min 1.3 }', 'tls own { min 1.3 }', 'template page(n label) { }',
            'defaults https { use slow }', 'middleware unused = strip(/x)']))
    body = [route(tree, name, outside) for _ in range(tree.rng.randint(1, 5))]
    edges = [t for t in (targets(tree, name, name) for _ in range(tree.rng.choice([0, 0, 1, 2, 3]))) if t]
    if edges and not outside:
        body.append('egress ' + ', '.join(sorted({f'{p}/{s}' for p, s in edges})))
    if not outside and tree.often(0.15):
        body.append(f'service {tree.rng.choice(tree.services[name])} {{ ip {tree.address()} }}')
    if outside or tree.seldom():
        other = tree.rng.choice(tree.names) if tree.bad() else name
        lines.append(f'project {other}' + (' at 192.168.1.9' if outside else '') + ' {')
        lines += ['  ' + line for line in body] + ['}']
    else:
        lines += body
    return '\n'.join(lines) + '\n'


def route(tree, name, outside):
    service = '' if outside else tree.rng.choice(tree.services[name])
    to = f'{service}:{tree.rng.choice(PORTS) if tree.seldom() else 1000 + tree.number}'
    mode = tree.rng.choice(['https'] * 8 + ['http', 'http', 'tls', 'passthrough', 'tcp', 'udp'])
    if mode in ('tcp', 'udp'):
        return f'{mode}://:{tree.hostport()} -> {to}' + tree.rng.choice(['', '', ' { proxy-protocol v2 }' if mode == 'tcp' else ''])
    host = tree.host()
    if tree.seldom() and tree.often(0.2):
        host = tree.rng.choice(['*', '{place}', '${TOKEN}', 'p.{place}', '`[a-z]+`'])
    if mode in ('https', 'http') and tree.often(0.2):
        host += ', ' + tree.host()
    if tree.often(0.1):
        host += f':{tree.hostport()}'
    if mode in ('https', 'http') and tree.often(0.3):
        host += tree.rng.choice(PATHS)
    line = f'{mode}://{host}'
    if mode in ('https', 'http'):
        for _ in range(tree.rng.choice([0, 0, 0, 1, 1, 2])):
            link = tree.rng.choice(['compress', 'strip(/api)', 'allow(10.0.0.0/8)', 'rate(5/s)', 'headers(hsts=1y)', 'auth(/run/secrets/a)'] +
                                   (['strip', 'canonical'] if tree.bad() else []))
            if tree.seldom():
                link = tree.rng.choice(SHARED + MIDDLEWARES + ['allow(offices)', 'l.lib', 'lib', 'other.far'])
            line += f' | {link}'
    if mode in ('https', 'http') and tree.often(0.1):
        return f'{line} => https://{host.split(",")[0].split(":")[0].split("/")[0]}/to' if tree.seldom() else line + ' => https://to.test'
    line += f' -> {to}'
    settings = []
    if tree.often(0.15) and mode in ('https', 'http'):
        settings.append(tree.rng.choice(['health /up every 10s', 'sticky cookie c', 'timeout response 2m', 'where header X = y', 'priority 5',
                                         'priority 6000000', 'where method GET', 'where path ~ `^/v[0-9]`', 'where path ~ `v[0-9]`']))
    if tree.seldom():
        settings.append(tree.rng.choice(['tls modern', 'tls own', 'resolver public', 'no-redirect', 'use guard', 'name mine', 'name a-web-80',
                                         'service db', 'proxy-protocol v1', 'entrypoint own', 'entrypoint web', 'option loadBalancer.passHostHeader false',
                                         'raw labels """\n  traefik.http.routers.q.rule: "Host(`q`)"\n"""', 'certificate x.test']))
    if not outside and tree.often(0.05) and settings == [] and mode in ('https', 'http'):
        line += f' 90%, {tree.rng.choice(tree.services[name])}:81 10%'
    if settings:
        line += ' { ' + '; '.join(settings) + ' }'
    if tree.often(0.05):
        line += '  # itsup: allow(R011, R040, C003) a reason'
    return line
