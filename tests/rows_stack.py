"""Section 5 of ../shared/systems/itsup.md: the proxy that the stack of generation 3 makes, key by key."""
from rows_world import INFRA, WEB, World, check, project

CROWDSEC = INFRA.replace('enabled: false, collections: []', 'enabled: true, collections: [crowdsecurity/linux, crowdsecurity/traefik]')
ROW = 'service: web, domain: a.example.org, port: 80'
TRUSTED = {'trustedIPs': ['192.168.1.1/32']}
CIPHERS = ['TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
           'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305', 'TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256',
           'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384', 'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305', 'TLS_AES_128_GCM_SHA256',
           'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256']
SCENARIOS = ['admin-interface-probing', 'backdoors-attempts', 'bad-user-agent', 'crawl-non_statics', 'generic-bf', 'open-proxy',
             'path-traversal-probing', 'probing', 'sensitive-files', 'sqli-probing', 'xss-probing']


def same(found, wanted, what):
    for key in {*found, *wanted}:
        check(found.get(key) == wanted.get(key), f'{what}.{key}: {found.get(key)}, wanted {wanted.get(key)}')


def world(infra=INFRA, rows=(ROW,), **files):
    return World({**project(list(rows)), 'projects/itsup.yml': infra, **files})


def stack_static_configuration():
    for infra, crowdsec in ((INFRA, []), (CROWDSEC, ['crowdsec@file'])):
        web = {'address': ':8080', 'reusePort': True, 'forwardedHeaders': TRUSTED, 'proxyProtocol': TRUSTED}
        if crowdsec:
            web['http'] = {'middlewares': crowdsec}
        same(world(infra).static(), {
            'global': {'checkNewVersion': False, 'sendAnonymousUsage': False},
            'api': {'dashboard': True, 'insecure': False},
            'accessLog': {'filePath': '/var/log/traefik/access.log', 'format': 'json'},
            'log': {'level': 'INFO'},
            'certificatesResolvers': {'letsencrypt': {'acme': {
                'email': 'ops@example.org', 'storage': '/etc/acme/acme.json', 'httpChallenge': {'entryPoint': 'web'}}}},
            'experimental': {'plugins': {'bouncer': {
                'moduleName': 'github.com/maxlerebourg/crowdsec-bouncer-traefik-plugin', 'version': 'v1.6.0'}}},
            'ping': {'entryPoint': 'ping'},
            'providers': {
                'docker': {'exposedByDefault': False, 'endpoint': 'tcp://127.0.0.1:2375', 'network': 'proxynet'},
                'file': {'directory': '/etc/traefik/dynamic', 'watch': True}},
            'entryPoints': {
                'ping': {'address': '127.0.0.1:8082'}, 'web': web,
                'web-secure': {'address': ':8443', 'reusePort': True, 'forwardedHeaders': TRUSTED, 'proxyProtocol': TRUSTED,
                               'http': {'middlewares': ['default-headers@file', 'rate-limit@file', *crowdsec]}}}}, 'static')


def stack_middlewares():
    for infra, enabled in ((INFRA, False), (CROWDSEC, True)):
        found = world(infra).dynamic('middlewares')['http']['middlewares']
        bouncer = found.pop('crowdsec')['plugin']['bouncer']
        same(found, {
            'default-headers': {'headers': {
                'browserXssFilter': True, 'contentTypeNosniff': True, 'forceSTSHeader': True, 'frameDeny': True,
                'stsIncludeSubdomains': True, 'stsPreload': True, 'stsSeconds': 31536000}},
            'removeServiceSelector': {'stripPrefix': {'forceSlash': False}},
            'redirect': {'redirectScheme': {'scheme': 'https'}},
            'traefik-auth': {'basicAuth': {'users': ['admin:$apr1$x$y']}},
            'rate-limit': {'rateLimit': {'period': '1s', 'average': 100, 'burst': 200}}}, 'middlewares')
        keys = '/run/secrets/crowdsec_'
        same(bouncer, {
            'enabled': enabled, 'crowdsecMode': 'live', 'forwardedHeadersTrustedIPs': ['192.168.1.1/32'],
            'clientTrustedIPs': ['192.168.1.1/32', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'],
            'crowdsecAppsecEnabled': True, 'crowdsecAppsecHost': '127.0.0.1:7422', 'crowdsecAppsecFailureBlock': True,
            'crowdsecLapiScheme': 'http', 'crowdsecLapiHost': '127.0.0.1:18080', 'crowdsecLapiTLSInsecureVerify': False,
            'crowdsecLapiKeyFile': keys + 'lapi_key', 'crowdsecCapiMachineIdFile': keys + 'capi_machine_id',
            'crowdsecCapiPasswordFile': keys + 'capi_password',
            'crowdsecCapiScenarios': [f'crowdsecurity/http-{s}' for s in SCENARIOS] + ['ltsich/http-w00tw00t']}, 'bouncer')


def stack_routers():
    found = world().dynamic('routers-http')
    same(found['http']['routers'], {
        'http': {'entryPoints': ['web'], 'rule': 'Host(`*`)', 'priority': 1, 'service': 'noop@internal'},
        'traefik-secure': {'entryPoints': ['web-secure'], 'rule': 'Host(`traefik.example.org`)', 'middlewares': ['traefik-auth'],
                           'service': 'api@internal', 'tls': {'certResolver': 'letsencrypt'}}}, 'routers')
    same(found['tls']['options'], {'default': {'minVersion': 'VersionTLS12', 'sniStrict': True, 'cipherSuites': CIPHERS,
                                               'curvePreferences': ['CurveP521', 'CurveP384']}}, 'tls')


def stack_containers():
    docker = {
        'image': 'wollomatic/socket-proxy:1', 'container_name': 'proxy_docker', 'network_mode': 'host',
        'command': ['-loglevel=info', '-allowfrom=127.0.0.1', '-listenip=0.0.0.0',
                    '-allowGET=/v1\\..{1,2}/(version|containers/.*|events.*)', '-allowHEAD=/_ping', '-shutdowngracetime=5',
                    '-watchdoginterval=600', '-stoponwatchdog', '-allowhealthcheck'],
        'read_only': True, 'mem_limit': '64M', 'cap_drop': ['ALL'], 'security_opt': ['no-new-privileges'], 'user': '0:1',
        'restart': 'always', 'volumes': ['/var/run/docker.sock:/var/run/docker.sock:ro'],
        'healthcheck': {'test': ['CMD', './healthcheck'], 'interval': '10s', 'timeout': '5s', 'retries': 3, 'start_period': '1s'}}
    traefik = {
        'image': 'traefik:v3.7.9', 'network_mode': 'host', 'restart': 'always', 'dns': ['172.20.0.253'],
        'volumes': ['./traefik/traefik.yml:/etc/traefik/traefik.yml:ro', './traefik/dynamic:/etc/traefik/dynamic:ro',
                    '../data/acme:/etc/acme', '../logs:/var/log/traefik'],
        'environment': {'DOCKER_HOST': 'tcp://127.0.0.1:2375', 'LETSENCRYPT_EMAIL': '${LETSENCRYPT_EMAIL:?}'},
        'depends_on': {'docker': {'condition': 'service_started'}},
        'healthcheck': {'test': ['CMD-SHELL', 'test ! -f /tmp/drain && wget -q --spider http://127.0.0.1:8082/ping'],
                        'interval': '30s', 'timeout': '10s', 'retries': 3, 'start_period': '5s'}}
    found = world().load('proxy/docker-compose.yml')
    same(found, {'services': {'docker': docker, 'traefik': traefik}, 'networks': {'proxynet': {'external': True}}}, 'compose')
    names = ('crowdsec_lapi_key', 'crowdsec_capi_machine_id', 'crowdsec_capi_password')
    traefik['depends_on']['crowdsec'] = {'condition': 'service_healthy'}
    traefik['secrets'] = list(names)
    found = world(CROWDSEC).load('proxy/docker-compose.yml')
    crowdsec = found['services'].pop('crowdsec')
    same(found, {'services': {'docker': docker, 'traefik': traefik}, 'networks': {'proxynet': {'external': True}},
                 'secrets': {name: {'environment': value} for name, value in
                             zip(names, ('CROWDSEC_APIKEY', 'CROWDSEC_CAPI_MACHINE_ID', 'CROWDSEC_CAPI_PASSWORD'))}}, 'compose')
    for key, value in {'image': 'crowdsecurity/crowdsec:v1.7.8', 'container_name': 'proxy_crowdsec', 'restart': 'always',
                       'networks': ['default', 'proxynet'], 'ports': ['127.0.0.1:7422:7422', '127.0.0.1:18080:8080'],
                       'environment': {'GID': '${GID-1000}', 'COLLECTIONS': 'crowdsecurity/linux crowdsecurity/traefik',
                                       'CUSTOM_HOSTNAME': 'crowdsec', 'BOUNCER_KEY_TRAEFIK': '${CROWDSEC_APIKEY:?}'},
                       'labels': ['traefik.enable=false'],
                       'healthcheck': {'test': ['CMD', 'cscli', 'version'], 'interval': '10s', 'timeout': '5s', 'retries': 3,
                                       'start_period': '30s'}}.items():
        check(crowdsec[key] == value, f'crowdsec.{key}: {crowdsec[key]}')


def stack_dashboard_is_nobody_elses():
    World(project(['service: web, domain: Traefik.Example.org, port: 80']), status=1).tells('R001', 'itsup.yml:1:16')
    w = World({'projects/shop/docker-compose.yml': WEB, 'projects/shop/ingress.itsup': 'http://* -> web:80\n'})
    check(w.ask('http://any.example.org:8080/')['router'].startswith('shop-'), 'the catch-all of the stack comes first')


def stack_of_the_second_generation():
    w = World({'projects/shop/docker-compose.yml': WEB, 'projects/shop/ingress.yml': 'ingress:\n  - {%s}\n' % ROW,
               'projects/itsup.yml': 'traefik: {domain: traefik.example.org}\nrouterIP: 192.168.1.1\n'})
    static = w.static()
    check(sorted(static['entryPoints']) == ['tcp', 'tcp-secure', 'web', 'web-secure'], str(static['entryPoints']))
    check({n: e['address'] for n, e in static['entryPoints'].items()} ==
          {'web': ':8080', 'web-secure': ':8443', 'tcp': ':80', 'tcp-secure': ':443'}, str(static['entryPoints']))
    check(static['ping'] == {'entryPoint': 'web'} and 'itsup' not in static, str(static))
    services = w.load('proxy/docker-compose.yml')['services']
    check('dockerproxy' in services and services['traefik']['image'] == 'traefik:v3.2', str(services))
    check('test ! -f /tmp/drain && traefik healthcheck' in services['traefik']['healthcheck']['test'], str(services))


def stack_of_the_first_generation_makes_no_proxy():
    row = '  - {service: web, domain: a.example.org, port: 80, path_prefix: /p}\n  - {service: web, router: tcp, port: 1, hostport: 7}\n'
    w = World({'projects/shop/docker-compose.yml': WEB, 'projects/shop/traefik.yml': 'ingress:\n' + row}, tree=False)
    labels = w.labels('shop', 'web')
    check(labels['traefik.http.routers.shop-web.entrypoints'] == 'websecure', str(labels))
    check(labels['traefik.tcp.routers.shop-web.entrypoints'] == 'tcp-7', str(labels))
    check(not (w.root / 'proxy').exists(), 'a proxy')


COMMAND = """proxy traefik {
  command %s
  entrypoint web :80
  entrypoint websecure :443 { default }
  resolver letsencrypt acme { email ${EMAIL}; storage /a.json; tls-alpn-01 }
  provider docker { network proxynet }
}
"""
EDGE = ('services:\n  edge: # the proxy\n    image: traefik:v3.7.9\n    networks: [proxynet]\n    ports: ["80:80", "443:443"]\n'
        '    volumes: ["a:/a"]\n  web: {image: x}\nnetworks: {proxynet: {external: true}}\nvolumes: {a: {}}\n')


def flags_stand_at_the_service_that_is_named():
    files = {'projects/shop/docker-compose.yml': EDGE, 'projects/shop/ingress.itsup': 'https://a.example.org -> web:80 { resolver letsencrypt }\n'}
    w = World({**files, 'projects/proxy.itsup': COMMAND % 'edge'}, tree=False)
    flags = w.service('shop', 'edge')['command']
    check('--entrypoints.websecure.address=:443' in flags and '--certificatesresolvers.letsencrypt.acme.email=${EMAIL}' in flags, str(flags))
    check('# the proxy' in w.text('upstream/shop/docker-compose.yml'), 'a comment is lost')
    check(not (w.root / 'proxy/traefik/traefik.yml').exists(), 'the file is there as well')
    check('resolver letsencrypt' in w.run('trace', 'https://a.example.org/'), 'trace does not read the flags')
    World({**files, 'projects/proxy.itsup': COMMAND % 'egde'}, tree=False, status=1).tells('E0312', 'did you mean `edge`?')


def flags_of_the_ready_made_proxy():
    stack = 'proxy traefik {\n  command %s\n  stack itsup 3 { dashboard t.example.org; router 192.168.1.1; image traefik v3.7.9 }\n}\n'
    w = World({**project([ROW]), 'projects/proxy.itsup': stack % 'traefik', 'secrets/itsup.txt': 'TRAEFIK_ADMIN=a:b\n'}, tree=False)
    traefik = w.load('proxy/docker-compose.yml')['services']['traefik']
    check('--entrypoints.web-secure.address=:8443' in traefik['command'], str(traefik['command']))
    check('--certificatesresolvers.letsencrypt.acme.email=${LETSENCRYPT_EMAIL}' in traefik['command'], str(traefik['command']))
    check(not any('traefik.yml' in volume for volume in traefik['volumes']), 'a file is mounted that nobody writes')
