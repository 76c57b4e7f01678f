"""Rows Q of ../shared/systems/itsup.md, and what itsUP promises beside them."""
from rows_world import INFRA, SECRETS, WEB, World, check, external, kept_in_order, project, yaml


def q01_alternatives_are_parenthesised():
    w = World(project(['service: web, port: 80, path_prefix: /p, tls: {main: a.example.org, sans: [b.example.org]}']))
    check(w.ask('https://a.example.org:8443/other').get('status') == 404, 'another path is routed')
    check(w.ask('https://b.example.org:8443/p/x')['outcome'] == 'router', 'the path is not')


def q02_path_remove_strips():
    w = World(project(['service: web, domain: a.example.org, port: 80, path_prefix: /p, path_remove: true']))
    check(w.labels('shop', 'web')['traefik.http.middlewares.shop-web-80-stripprefix.stripprefix.prefixes'] == '/p',
          'no stripPrefix')
    check('shop-web-80-stripprefix@docker' in w.ask('https://a.example.org:8443/p')['middlewares'], 'not on the router')


def q03_allow_lists_close_routes():
    w = World(project(['service: web, domain: a.example.org, port: 80, allow_source_ips: [10.0.0.0/8]',
                       'service: web, router: tcp, domain: b.example.org, port: 81, hostport: 8100, '
                       'proxyprotocol: null, tls: {main: b.example.org}, allow_source_ips: [10.0.0.0/8]']))
    check(any('ipallowlist' in m for m in w.ask('https://a.example.org:8443/')['middlewares']), 'http is open')
    tcp = w.dynamic('routers-tcp')['tcp']['routers']['shop-web-81']
    check(tcp['middlewares'] == ['shop-web-81-ipallowlist'], 'tcp is open')
    World(project(['service: web, router: udp, port: 53, hostport: 53, allow_source_ips: [10.0.0.0/8]']), status=1)


def q04_entry_points_of_ports_are_declared():
    w = World(project(['service: web, domain: a.example.org, port: 90, hostport: 8444']))
    check(w.static()['entryPoints']['http-8444']['address'].startswith(':8444'), 'not declared')
    check(w.ask('https://a.example.org:8444/')['outcome'] == 'router', 'not routed')


def q05_a_port_of_its_own_is_no_label():
    w = World(project(['service: web, domain: a.example.org, port: 80, hostport: 8444, allow_source_ips: [10.0.0.0/8]']))
    check(not w.labels('shop', 'web'), 'labels publish it elsewhere')
    check(w.ask('https://a.example.org:8443/')['outcome'] == 'none', 'it is on web-secure, too')


def q06_two_rows_of_one_port():
    w = World(project(['service: web, domain: a.example.org, port: 80', 'service: web, domain: b.example.org, port: 80']))
    labels = w.labels('shop', 'web')
    check('traefik.http.routers.shop-web-80.rule' in labels and 'traefik.http.routers.shop-web-80-2.rule' in labels,
          'one router is lost')
    check(labels['traefik.http.routers.shop-web-80-2.service'] == 'shop-web-80', 'the service is not shared')


def q07_one_port_for_many_names():
    rows = ['service: web, router: tcp, domain: %s.example.org, tls: {main: %s.example.org}, port: 5432, '
            'hostport: 5432, proxyprotocol: null' % (name, name) for name in 'ab']
    w = World(project(rows))
    points = [n for n, e in w.static()['entryPoints'].items() if ':5432' in e['address']]
    check(points == ['tcp-5432'], f'entry points {points}')
    check(w.ask('tls://b.example.org:5432')['outcome'] == 'router', 'the second name is lost')
    World(project(['service: web, router: tcp, port: 1, hostport: 5432, proxyprotocol: null',
                   'service: web, router: tcp, port: 2, hostport: 5432, proxyprotocol: null']), status=1)


def q08_no_entry_point_without_use():
    w = World(project(['service: web, router: tcp, domain: a.example.org, port: 5671, passthrough: true']))
    check('tcp-5671' not in w.static()['entryPoints'], 'tcp-5671 is declared for nothing')
    World(project(['service: web, router: tcp, port: 5671']), status=1)


def q09_udp_is_udp():
    w = World(project(['service: web, router: udp, port: 1194']))
    check(w.static()['entryPoints']['udp-1194']['address'] == ':1194/udp', 'not /udp')
    check(w.dynamic('routers-udp')['udp']['routers']['shop-web-1194']['entryPoints'] == ['udp-1194'], 'udp-None')


def q10_no_path_in_tcp():
    World(project(['service: web, router: tcp, domain: a.example.org, port: 1, hostport: 1, path_prefix: /x']), status=1)


def q11_tcp_has_all_names_and_a_certificate():
    w = World(project(['service: web, router: tcp, port: 1, hostport: 7000, proxyprotocol: null, '
                       'tls: {main: a.example.org, sans: [b.example.org]}']))
    router = w.dynamic('routers-tcp')['tcp']['routers']['shop-web-1']
    check(router['rule'] == 'HostSNI(`a.example.org`) || HostSNI(`b.example.org`)', router['rule'])
    check(router['tls']['domains'] == [{'main': 'a.example.org', 'sans': ['b.example.org']}], 'no tls.domains')


def q12_external_host_with_tls_alone():
    w = World(external(['port: 5000, tls: {main: a.example.org, sans: [b.example.org]}']))
    check(w.ask('https://b.example.org:8443/')['outcome'] == 'router', 'the second name is lost')


def q13_port_80_is_plain_and_told():
    w = World(external(['domain: a.example.org, port: 80']))
    check('E0805' in w.said, 'no warning')
    check(w.ask('http://a.example.org:8080/')['outcome'] == 'router', 'not on web')
    check(w.ask('https://a.example.org:8443/')['outcome'] == 'none', 'on web-secure, too')
    w = World(external(['domain: a.example.org, port: 80, path_prefix: /.well-known/acme-challenge/', 'domain: a.example.org, port: 443']))
    check('E0805' not in w.said, 'told though it is for the challenge')
    check('PathPrefix(`/.well-known/acme-challenge/`)' in w.dynamic('routers-http')['http']['routers']['nas-192-168-10-20-80-0']['rule'], 'no challenge')
    check(w.ask('https://a.example.org:8443/')['outcome'] == 'router', 'another port is not https')


def q14_external_rows_redirect():
    w = World(external(['domain: a.example.org, port: 5000']))
    answer = w.ask('http://a.example.org:8080/x')
    check(answer['outcome'] == 'redirect' and answer['location'] == 'https://a.example.org/x', str(answer))


def q15_default_stays():
    w = World(project(['service: web, domain: a.example.org, port: 80']))
    check(list(w.service('shop', 'web')['networks']) == ['default', 'proxynet'], 'it leaves default')


def q16_shared_label_lists_publish_one_service():
    compose = 'x-base: &base\n  labels: [a=1]\nservices:\n  web: {<<: *base, image: nginx}\n  db: {<<: *base, image: pg}\n'
    w = World(project(['service: web, domain: a.example.org, port: 80'], compose))
    check(w.labels('shop', 'db') == {'a': '1'}, 'the other service is published')
    check(w.labels('shop', 'web')['a'] == '1', 'the shared label is lost')


def q17_mapping_labels_stay_text():
    compose = 'services:\n  web:\n    image: nginx\n    labels: {a: 1.50, b: , c: "", d: true}\n'
    w = World(project(['service: web, domain: a.example.org, port: 80'], compose))
    check('a: 1.50' in w.text('upstream/shop/docker-compose.yml'), '1.50 was read as a number')


def q18_scalars_stay_as_written():
    compose = 'services:\n  web:\n    image: nginx\n    ports: [2222:22]\n    environment: {A: 0755, B: on, C: 12:30:45}\n'
    w = World(project(['service: web, domain: a.example.org, port: 80'], compose))
    for text in ('2222:22', '0755', 'B: on', '12:30:45'):
        check(text in w.text('upstream/shop/docker-compose.yml'), text)


def q19_comments_and_network_options_stay():
    compose = ('# head\nservices:\n  web: # web\n    image: "nginx"\n    networks:\n      mgmt:\n        aliases: [w]\n'
               'networks:\n  mgmt: {}\n')
    w = World(project(['service: web, domain: a.example.org, port: 80'], compose))
    text = w.text('upstream/shop/docker-compose.yml')
    for piece in ('# head', '# web', '"nginx"', 'aliases: [w]'):
        check(piece in text, piece)


def q20_tcp_rows_do_not_enable():
    w = World(project(['service: web, router: tcp, port: 1, hostport: 7000, proxyprotocol: null']))
    check('traefik.enable' not in w.labels('shop', 'web'), 'Traefik would make a route of its own')
    check('proxynet' in w.service('shop', 'web')['networks'], 'it does not join')


def q21_a_row_needs_a_domain():
    World(project(['service: web, port: 80']), status=1)


def q22_host_network_is_left_alone():
    compose = 'services:\n  web: {image: nginx, network_mode: host}\n  db: {image: pg}\n'
    World(project(['service: web, domain: a.example.org, port: 80'], compose), status=1)
    w = World(project(['service: db, domain: a.example.org, port: 80'], compose))
    check('networks' not in w.service('shop', 'web') and 'dns' not in w.service('shop', 'web'), 'it gained networks')


def q23_names_in_files_are_told():
    row = 'service: web, router: tcp, port: 1, hostport: 7000, proxyprotocol: null'
    check('E0814' in World(project([row])).said, 'no warning')
    w = World(project([row + ', ipv4_address: 172.20.0.9']))
    check('E0814' not in w.said, 'a warning though it has an address')
    servers = w.dynamic('routers-tcp')['tcp']['services']['shop-web-1']['loadBalancer']['servers']
    check(servers == [{'address': '172.20.0.9:1'}], str(servers))


def q24_users_are_a_quoted_list():
    w = World({})
    users = w.dynamic('middlewares')['http']['middlewares']['traefik-auth']['basicAuth']['users']
    check(users == ['admin:$apr1$x$y'], str(users))
    for secret in ('admin:{SHA}a#b: c', "o'neill:$2y$05$\"x\\", '- a: &b *c', 'yes', '%{{ x }}'):
        w = World({'secrets/itsup.txt': f'LETSENCRYPT_EMAIL={secret}\nTRAEFIK_ADMIN={secret}\n'})
        users = w.dynamic('middlewares')['http']['middlewares']['traefik-auth']['basicAuth']['users']
        check([u.replace('{{`{{`}}', '{{') for u in users] == [secret], f'{secret} became {users}')
        email = w.static()['certificatesResolvers']['letsencrypt']['acme']['email']
        check(email == secret, f'{secret} became {email}')


def q25_output_is_in_order_of_names():
    files = {}
    for port, name in enumerate(('zebra', 'ant', 'moose'), 4000):
        files.update(project([f'service: web, router: tcp, port: 1, hostport: {port}, proxyprotocol: null'], name=name))
    w = World(files)
    check(list(w.dynamic('routers-tcp')['tcp']['routers']) == ['ant-web-1', 'moose-web-1', 'zebra-web-1'], 'out of order')


def q26_all_or_nothing():
    World({'projects/itsup.yml': 'traefikDomain: t.example.org\n',
           **project(['service: web, domain: a.example.org, port: 80'])}, status=1)


def q27_proxy_protocol_in_every_spelling():
    for spelling, version in (('1', 1), ('2', 2), ('"1"', 1), ('v2', 2)):
        w = World(project([f'service: web, router: tcp, port: 1, hostport: 7000, proxyprotocol: {spelling}']))
        tcp = w.dynamic('routers-tcp')['tcp']
        transport = tcp['services']['shop-web-1']['loadBalancer']['serversTransport']
        check(tcp['serversTransports'][transport]['proxyProtocol'] == {'version': version}, spelling)


def q28_tcp_rows_speak_proxy_v2_and_say_so():
    w = World(project(['service: web, router: tcp, port: 1, hostport: 7000']))
    check('E0806' in w.said, 'not told')
    check('proxy-transport-v2' in w.text('proxy/traefik/dynamic/routers-tcp.yml'), 'not kept')


def q29_unknown_keys_are_told():
    w = World(project(['service: web, domian: a.example.org, domain: a.example.org, port: 80, middleware: x']), status=1)
    w.tells('E0707', 'did you mean `domain`?', 'there is no key `middleware` here', 'itsup-project.yml:2:20')


def q30_ports_are_in_range():
    for row in ('port: 70000', 'port: -1', 'port: 0', 'port: 80, hostport: 65536'):
        World(project([f'service: web, domain: a.example.org, {row}']), status=1).tells('E0403', 'outside 1-65535')
    World(project(['service: web, domain: a.example.org, port: 65535']))


def q31_a_key_is_given_once():
    w = World(project(['service: web, domain: a.example.org, port: 80, port: 81']), status=1)
    w.tells('E0702', 'the key `port` is given twice', 'first given here')


def q28_an_older_traefik_reads_the_version_elsewhere():
    w = World({**project(['service: web, router: tcp, port: 1, hostport: 7000']),
               'projects/itsup.yml': INFRA.replace('v3.7.9', 'v3.2.0')})
    balancer = w.dynamic('routers-tcp')['tcp']['services']['shop-web-1']['loadBalancer']
    check(balancer['proxyProtocol'] == {'version': 2} and 'serversTransport' not in balancer, str(balancer))


def q32_one_host_and_path_twice():
    World({**project(['service: web, domain: a.example.org, port: 80']),
           **project(['service: web, domain: a.example.org, port: 80'], name='other')}, status=1)


def q33_a_domain_is_no_rule():
    w = World(project(['service: web, port: 80, domain: "a.example.org`) || PathPrefix(`/"']), status=1)
    w.tells('E0401', 'itsup-project.yml:2:')


def q34_any_host_by_version():
    for version, rule in (('v3.7.9', 'Host(`*`)'), ('v3.7.6', 'HostRegexp(`^.*$`)')):
        w = World({'projects/itsup.yml': INFRA.replace('v3.7.9', version)})
        check(w.dynamic('routers-http')['http']['routers']['http']['rule'] == rule, version)


def q35_egress_to_oneself():
    World(project(['service: web, domain: a.example.org, port: 80'], head='egress: [shop:web]\n'), status=1)


def q35_circles_of_egress_are_told():
    rows = ['service: web, domain: %s.example.org, port: 80']
    World({**project([rows[0] % 'a'], name='a', head='egress: ["b:web"]\n'),
           **project([rows[0] % 'b'], name='b', head='egress: ["a:web"]\n')}, status=1).tells('E0322', 'the projects `a` and `b` reach for each other')


def q36_files_that_stay_behind_are_told():
    compose = 'services:\n  web: {image: nginx, env_file: ./web.env, configs: [c]}\nconfigs: {c: {file: ./files/c.conf}}\n'
    w = World({**project(['service: web, domain: a.example.org, port: 80'], compose),
               'projects/shop/web.env': 'A=1\n', 'projects/shop/files/c.conf': 'x\n'})
    w.tells('E0813', 'move it into files/ and write ./files/web.env')
    check(w.text('upstream/shop/files/c.conf') == 'x\n', 'files/ is not mirrored')
    check('c.conf' not in w.said, 'a file that is copied is told')


def q37_what_would_change_is_known_before_it_runs():
    row = 'service: web, domain: %s.example.org, port: 80'
    w = World({**project([row % 'a']), **project([row % 'b'], name='other')})
    stamp = (w.root / 'upstream/other/docker-compose.yml').stat().st_mtime_ns
    w.run('build', '--check')
    (w.root / 'projects/shop/itsup-project.yml').write_text('ingress:\n  - {%s}\n' % (row % 'c'))
    diff = w.run('build', '--check', status=1)
    check([line for line in diff.splitlines() if line.startswith('+++')] == ['+++ b/upstream/shop/docker-compose.yml'], diff)
    w.run('build')
    check((w.root / 'upstream/other/docker-compose.yml').stat().st_mtime_ns == stamp, 'the other project was touched')


def q38_a_name_is_the_whole_name():
    row = 'service: %s, domain: %s.example.org, port: 80'
    compose = 'services: {web: {image: nginx}, web2: {image: nginx}}\n'
    w = World(project([row % ('web', 'a'), row % ('web2', 'b')], compose, name='app'))
    told = w.run('explain', 'app-web-80')
    check('a.example.org' in told and 'b.example.org' not in told, told)
    check([k for k in w.labels('app', 'web') if 'web2' in k] == [], 'labels of web2 on web')


def q39_tcp_routers_of_one_port_differ():
    w = World(project(['service: web, router: tcp, port: 1, hostport: 7000, proxyprotocol: null',
                       'service: web, router: tcp, port: 1, hostport: 7001, proxyprotocol: null']))
    check(len(w.dynamic('routers-tcp')['tcp']['routers']) == 2, 'one of them is lost')


def q40_a_disabled_project_is_not_routed():
    w = World(project(['service: web, domain: a.example.org, port: 80'], head='enabled: false\n'))
    check(w.ask('https://a.example.org:8443/')['outcome'] == 'none', 'routed')
    check('proxynet' not in w.service('shop', 'web').get('networks', []), 'it joins the proxy')
    w = World(project(['service: web, router: tcp, port: 1, hostport: 7000', 'service: web, domain: a.example.org, port: 80, hostport: 7001'],
                      head='enabled: false\n'))
    check(set(w.static()['entryPoints']) == {'ping', 'web', 'web-secure'}, str(w.static()['entryPoints']))
    check('shop' not in w.text('proxy/traefik/dynamic/routers-tcp.yml') + w.text('proxy/traefik/dynamic/routers-http.yml'), 'in files')


def q41_a_service_has_one_list_of_name_servers():
    row = 'service: web, domain: %s.example.org, port: 80, dns: [%s]'
    World(project([row % ('a', '1.1.1.1'), row % ('b', '9.9.9.9')]), status=1).tells('E0803', 'two lists of name servers')
    w = World(project([row % ('a', '1.1.1.1'), row % ('b', '1.1.1.1')]))
    check(w.service('shop', 'web')['dns'] == ['1.1.1.1'], str(w.service('shop', 'web')))


def q42_tcp_entry_points_forward_no_headers():
    w = World(project(['service: web, router: tcp, port: 1, hostport: 7000, proxyprotocol: null']))
    check('forwardedHeaders' not in w.static()['entryPoints']['tcp-7000'], 'forwardedHeaders on tcp')
    check('null' not in w.text('proxy/traefik/dynamic/routers-http.yml'), 'null sections')


def q43_wildcards_by_version():
    for version, rule in (('v3.7.9', 'Host(`*.a.example.org`)'), ('v3.6.4', r'HostRegexp(`^[^.]+\.a\.example\.org$`)')):
        w = World({**project(['service: web, domain: "*.a.example.org", port: 80']),
                   'projects/itsup.yml': INFRA.replace('v3.7.9', version)})
        check('C003' in w.said, 'no warning')
        check(w.labels('shop', 'web')['traefik.http.routers.shop-web-80.rule'] == rule.replace('$', '$$'), version)


def q44_the_dashboard_asks_who_you_are():
    w = World({})
    check('traefik-auth@file' in w.ask('https://traefik.example.org:8443/')['middlewares'], 'open to everyone')


def q45_a_prefix_ends_at_a_slash():
    w = World(project(['service: web, domain: a.example.org, port: 80, path_prefix: /p']))
    check(w.ask('https://a.example.org:8443/px').get('status') == 404, '/px is routed')
    check(w.ask('https://a.example.org:8443/p/x')['outcome'] == 'router', '/p/x is not')


def overrides_are_merged_as_itsup_does():
    w = World({'projects/traefik.yml': 'log: {level: DEBUG}\nentryPoints:\n  web-secure:\n    http:\n      middlewares: [a@file]\n'
                                       'experimental: {plugins: {bouncer: {version: v1.6.1}}}\n',
               'projects/middlewares.yml': 'http:\n  middlewares:\n    rate-limit: {rateLimit: {average: 250}}\n'
                                           '    a: {addPrefix: {prefix: /a}}\n'})
    static = w.static()
    check(static['log']['level'] == 'DEBUG' and static['entryPoints']['web-secure']['http']['middlewares'] == ['a@file'],
          'a list or scalar did not replace')
    check(static['experimental']['plugins']['bouncer']['moduleName'].endswith('traefik-plugin'), 'a map did not merge')
    limit = w.dynamic('middlewares')['http']['middlewares']['rate-limit']['rateLimit']
    check(limit == {'average': 250, 'burst': 200, 'period': '1s'}, str(limit))


def edges_between_projects():
    w = World({**project(['service: web, domain: a.example.org, port: 80'], head='egress: ["data:pg"]\n'),
               'projects/data/docker-compose.yml': 'services:\n  pg: {image: pg}\n  other: {image: o}\n'})
    check('shop--data--pg' in w.service('shop', 'web')['networks'], 'the consumer does not join')
    check(list(w.service('data', 'pg')['networks']) == ['default', 'shop--data--pg'], 'the provider does not')
    check('networks' not in w.service('data', 'other'), 'a bystander joins')
    check(w.load('upstream/data/docker-compose.yml')['networks'] == {'shop--data--pg': {'name': 'shop--data--pg'}}, 'not made')


def services_of_other_files_are_left_alone():
    compose = 'include: [./files/more.yml]\n' + WEB
    w = World({**project(['service: web, domain: a.example.org, port: 80'], compose),
               'projects/shop/files/more.yml': 'services: {more: {image: b}}\n'})
    check(w.text('upstream/shop/files/more.yml') == 'services: {more: {image: b}}\n', 'not mirrored as it is')


def raw_compose_keeps_the_users_text():
    compose = ('# The shop.\nx-env: &env # shared\n  A: "1"\nservices:\n  web:\n    image: "nginx" # pinned later\n'
               '    environment: &own\n      <<: *env\n      B: 2   # two\n    ports: ["80:80",\n            "81:81"]\n'
               '    command: |\n      one\n        two\n  db:\n    image: pg\n    environment:\n    - P=1\n    # the end\n  job:\n    image: j # runs at night\n    environment: *env # as the shop\n')
    raw = ('raw compose """\n  services:\n    web: { image: other, environment: { B: "3", C: "${C:-d}" }, ports: ["82:82"], mem_limit: 1g }\n'
           '    db: { environment: [P=2, "Q=it\'s"], healthcheck: { test: [CMD, x] } }\n    job: { environment: { Z: z } }\n  volumes: { data: {} }\n"""\n')
    for end in ('\n', '\r\n'):
        text = compose.replace('\n', end)
        w = World({'projects/shop/ingress.itsup': 'https://shop.example.org -> web:80\n' + raw})
        (w.root / 'projects/shop/docker-compose.yml').write_bytes(text.encode())
        w.run('build')
        made = (w.root / 'upstream/shop/docker-compose.yml').read_bytes().decode()
        kept_in_order(text, made)
        services = yaml.safe_load(made)['services']
        check(services['web']['image'] == 'other' and services['web']['mem_limit'] == '1g', made)
        check(services['web']['environment'] == {'A': '1', 'B': '3', 'C': '${C:-d}'}, made)
        check(services['web']['ports'] == ['80:80', '81:81', '82:82'], made)
        check(services['db']['environment'] == ['P=2', "Q=it's"], made)
        check(services['db']['healthcheck'] == {'test': ['CMD', 'x']}, made)
        check(services['job']['environment'] == {'A': '1', 'Z': 'z'} and '*env, ' in made, made)
