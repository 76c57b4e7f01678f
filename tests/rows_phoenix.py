"""Rows P of ../shared/systems/phoenix.md."""
from rows_world import World, check

LXC = '{"lxc_configs": {"1": {"network_config": {"ip": "10.0.0.%s/24"}, "traefik_service": {"name": "%s", "port": %s}}}}'
HYPERVISOR = '{"domain_name": "example.org"}'


TEMPLATE = """entryPoints:
  web: {address: ":80"}
  websecure: {address: ":8443"}
  traefik: {address: ":8080"}
ping: {entryPoint: traefik}
api: {dashboard: true}
providers: {file: {directory: /etc/traefik/dynamic, watch: true}}
certificatesResolvers:
  external-resolver:
    acme: {email: a@example.org, storage: /etc/traefik/acme.json, httpChallenge: {entryPoint: web}}
  internal-resolver:
    acme: {caServer: __CA_URL__/acme/acme/directory, email: a@example.org, storage: /etc/traefik/i.json, %s}
%s"""


def guests(lxc, vms='', template=None, **more):
    files = {'phoenix_lxc_configs.json': lxc, 'phoenix_vm_configs.json': '{"vms": [%s]}' % vms,
             'phoenix_hypervisor_config.json': HYPERVISOR}
    if template is not None:
        files['traefik.yml.template'] = template
    return World(files, tree=False, **more)


def lxc(*items):
    """LXC guests with the given addresses and `traefik_service`."""
    return '{"lxc_configs": {%s}}' % ', '.join(
        '"%d": {"network_config": {"ip": "%s"}, "traefik_service": {%s}}' % (at, ip, service)
        for at, (ip, service) in enumerate(items, 1))


def vm(more, ip='10.0.0.6/24'):
    return '{"vmid": 1, "network_config": {"ip": "%s"}, %s}' % (ip, more)


def p00_a_guest_is_routed():
    w = guests(LXC % (5, 'app', 8000))
    http = w.load('dynamic_conf.yml')['http']
    check(http['routers']['app-router'] == {'rule': 'Host(`app.example.org`)', 'service': 'app-service',
                                            'entryPoints': ['websecure'], 'tls': {'certResolver': 'external-resolver'}},
          str(http['routers']['app-router']))
    check(http['services']['app-service'] == {'loadBalancer': {'servers': [{'url': 'http://10.0.0.5:8000'}],
                                                               'passHostHeader': True}}, 'the service differs')


def p01_a_broken_guest_writes_nothing():
    guests('{"lxc_configs": {"1": {"traefik_service": {"name": "a", "port": 1}}}}', status=1)


def p02_an_address_is_fixed():
    guests(lxc(), vm('"traefik_service": {"name": "web", "port": 80}', 'dhcp'), status=1).tells('E0419', 'dhcp')


def p03_one_guest_has_a_name():
    w = guests(lxc(('10.0.0.5/24', '"name": "web", "port": 80'), ('10.0.0.6/24', '"name": "web", "port": 81')), status=1)
    w.tells('E0309', 'the first is here')


def p04_agents_are_named_after_their_guests():
    agent = '"name": "%s", "portainer_role": "agent", "portainer_agent_hostname": "%s.internal.thinkheads.ai"'
    w = guests(lxc(), vm(agent % ('first', 'a1')) + ', ' + vm(agent % ('second', 'a2'), '10.0.0.7/24'))
    routers = w.load('dynamic_conf.yml')['http']['routers']
    rules = sorted(r['rule'] for r in routers.values() if 'a1.' in r['rule'] or 'a2.' in r['rule'])
    check(rules == ['Host(`a1.internal.thinkheads.ai`)', 'Host(`a2.internal.thinkheads.ai`)'], str(routers))


def p05_routing_leaves_the_static_file():
    block = 'http: {routers: {extra: {rule: "Host(`x.example.org`)", service: api@internal, entryPoints: [web]}}}\n'
    w = guests(lxc(('10.0.0.5/24', '"name": "app", "port": 80')), template=TEMPLATE % ('httpChallenge: {entryPoint: web}', block))
    w.tells('E0908')
    check('http' not in w.load('traefik.yml'), 'it stays in the static file')
    check('extra' in w.load('dynamic_conf.yml')['http']['routers'], 'it is lost')


def p06_one_way_of_naming_the_files():
    provider = guests(LXC % (5, 'app', 8000)).load('traefik.yml')['providers']['file']
    check('directory' in provider and 'filename' not in provider, str(provider))


def p07_external_names_have_a_public_authority():
    resolvers = guests(LXC % (5, 'app', 8000)).load('traefik.yml')['certificatesResolvers']
    check('caServer' not in resolvers['external-resolver']['acme'], 'the private authority')
    check('ca.internal' in resolvers['internal-resolver']['acme']['caServer'], 'not the private authority')


def p08_exposure_chooses_the_domain():
    w = guests(lxc(('10.0.0.5/24', '"name": "a", "port": 80, "exposure": "internal"'), ('10.0.0.6/24', '"name": "b", "port": 80')))
    routers = w.load('dynamic_conf.yml')['http']['routers']
    check(routers['a-router']['rule'] == 'Host(`a.internal.thinkheads.ai`)', str(routers))
    check(routers['a-router']['tls']['certResolver'] == 'internal-resolver', str(routers))
    check(routers['b-router']['rule'] == 'Host(`b.example.org`)', str(routers))


def p09_scheme_is_what_the_guest_speaks():
    w = guests(lxc(('10.0.0.5/24', '"name": "a", "port": 80, "scheme": "https"')),
               vm('"traefik_service": {"name": "b", "port": 81, "scheme": "http"}'))
    services = w.load('dynamic_conf.yml')['http']['services']
    urls = {name: s['loadBalancer']['servers'][0]['url'] for name, s in services.items()}
    check(urls == {'a-service': 'https://10.0.0.5:80', 'b-service': 'http://10.0.0.6:81'}, str(urls))


def p10_names_and_ports_are_checked():
    for service, code in (('"name": "Bad Name_x", "port": 80', 'E0401'), ('"name": "a", "port": 99999', 'E0403'),
                          ('"name": "a"', 'E0905')):
        guests(lxc(('10.0.0.5/24', service)), status=1).tells(code)


def p11_no_empty_sections():
    text = guests(LXC % (5, 'app', 8000)).text('dynamic_conf.yml')
    check('null' not in text and '{}' not in text and 'serversTransports' not in text, text)


def p12_certificates_are_always_checked():
    w = guests(lxc(('10.0.0.5/24', '"name": "a", "port": 80')), vm('"traefik_service": {"name": "b", "port": 81}'))
    for mode in ('seed', 'http'):
        w.run('build', '--force', '--traefik-mode', mode)
        transports = w.load('dynamic_conf.yml')['http']['serversTransports']
        check(transports and not any(t.get('insecureSkipVerify') for t in transports.values()), str(transports))
        check(all(t['rootCAs'] for t in transports.values()), 'no authority to check by')


def p13_a_tls_challenge_needs_port_443():
    guest = lxc(('10.0.0.5/24', '"name": "app", "port": 80'))
    guests(guest, template=TEMPLATE % ('tlsChallenge: {}', '')).tells('C010')
    w = guests(guest, template=(TEMPLATE % ('tlsChallenge: {}', '')).replace(':8443', ':443'))
    check('C010' not in w.said, 'told though it listens on 443')


def p14_no_router_for_the_acme_challenge():
    for mode in ('seed', 'http'):
        w = guests(lxc(('10.0.0.5/24', '"name": "app", "port": 80')), words=('--traefik-mode', mode))
        check('acme' not in str(w.load('dynamic_conf.yml')['http']['routers']), w.text('dynamic_conf.yml'))


def p15_the_api_is_closed():
    check(guests(LXC % (5, 'app', 8000)).load('traefik.yml')['api']['insecure'] is False, 'open')


def later_generator_ends_tls_elsewhere():
    w = guests(lxc(('10.0.0.5/24', '"name": "app", "port": 80')), vm('"traefik_service": {"name": "b", "port": 81}'),
               words=('--traefik-mode', 'http'))
    http, static = w.load('dynamic_conf.yml')['http'], w.load('traefik.yml')
    check(http['routers']['app-router'] == {'rule': 'Host(`app.internal.thinkheads.ai`)', 'service': 'app-service',
                                            'entryPoints': ['web']}, str(http['routers']['app-router']))
    check(http['routers']['traefik-dashboard-router']['service'] == 'api@internal', 'no dashboard')
    check(http['services']['b-service']['loadBalancer']['serversTransport'].removesuffix('@file') == 'internal-ca', str(http['services']))
    check(http['serversTransports']['internal-ca']['rootCAs'] == ['/etc/step-ca/ssl/phoenix_root_ca.crt'], 'no authority')
    check(sorted(static['entryPoints']) == ['traefik', 'web'] and 'certificatesResolvers' not in static, str(static))
