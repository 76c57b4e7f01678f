"""What a single repo is built into."""
import cases
from rows_world import WEB, World, check, kept_in_order, project


def dollars_are_doubled_for_compose_alone():
    w = World({'compose.yml': 'name: shop\n' + WEB,
               'shop.itsup': 'https://${SUB}.example.org | basic-auth(users=["a:\\$x"]) -> web:80\n'}, tree=False)
    text = w.text('compose.ingress.yml')
    check('Host(`${SUB}.example.org`)' in text and 'users=a:$$x' in text, text)


def templates_are_escaped_in_dynamic_files():
    w = World({'shop.itsup': 'https://a.example.org | headers(X-A="{{{{ x }}}}") -> 10.0.0.1:80\n'.replace('{{{{', '\\{\\{').replace('}}}}', '}}')},
              tree=False)
    check('{{`{{`}} x }}' in w.text('traefik/dynamic/middlewares.yml'), w.text('traefik/dynamic/middlewares.yml'))


def composite_services_go_to_the_file():
    w = World({'compose.yml': 'name: shop\nservices: {a: {image: a}, b: {image: b}}\n',
               'shop.itsup': 'https://x.example.org -> a:1 90%, b:2 10%\nhttps://y.example.org -> a:1 else b:2 { health /up }\n'
                             'https://z.example.org -> a:1 { mirror b:2 5%; timeout dial 3s }\n'}, tree=False)
    http = w.load('traefik/dynamic/routers-http.yml')['http']
    weighted = http['services']['shop-a-1-weighted']['weighted']['services']
    check(weighted == [{'name': 'shop-a-1@docker', 'weight': 90}, {'name': 'shop-b-2@docker', 'weight': 10}], str(weighted))
    check({'weighted', 'failover', 'mirroring'} == {k for s in http['services'].values() for k in s}, str(http['services']))
    check('service=shop-a-1-weighted@file' in w.text('compose.ingress.yml'), 'not referred to')
    check([t for t in http['serversTransports'].values()] == [{'forwardingTimeouts': {'dialTimeout': '3s'}}], 'no transport')


def raw_texts_are_merged_last():
    w = World({'compose.yml': 'name: shop\n' + WEB,
               'shop.itsup': 'https://a.example.org -> web:80 {\n  raw labels """\n    a=1\n    traefik.enable=false\n  """\n'
                             '  raw dynamic """\n    http: {middlewares: {x: {addPrefix: {prefix: /x}}}}\n  """\n}\n'}, tree=False)
    text = w.text('compose.ingress.yml')
    check('a=1' in text and 'traefik.enable=false' in text and 'traefik.enable=true' not in text, text)
    check(w.load('traefik/dynamic/middlewares.yml') == {'http': {'middlewares': {'x': {'addPrefix': {'prefix': '/x'}}}}}, 'raw')


def redirects_are_permanent_or_not():
    w = World({'shop.itsup': 'https://a.example.org => https://b.example.org 308\nhttps://c.example.org => https://d.example.org 307\n'},
              tree=False)
    found = {m['redirectRegex']['replacement']: m['redirectRegex']['permanent']
             for m in w.load('traefik/dynamic/middlewares.yml')['http']['middlewares'].values() if 'redirectRegex' in m}
    check(found == {'https://b.example.org${1}': True, 'https://d.example.org${1}': False}, str(found))
    for host, method, status in (('a', 'GET', 301), ('a', 'POST', 308), ('c', 'GET', 302), ('c', 'PUT', 307)):
        told = w.run('trace', f'https://{host}.example.org/', '--method', method)
        check(f' → {status}, redirected' in told, told)


def folders_side_by_side_are_repos_of_their_own():
    files = {f'{name}/{file}': text for name in 'ab' for file, text in
             (('compose.yml', WEB), (f'{name}.itsup', f'https://{name}.example.org -> web:80\n'))}
    w = World(files, tree=False, words=('b', 'a'))
    for name, other in ('ab', 'ba'):
        text = w.text(f'{name}/compose.ingress.yml')
        check(f'Host(`{name}.example.org`)' in text and f'traefik.http.routers.{name}-web-80.service' in text, text)
        check(f'Host(`{other}.example.org`)' not in text, text)


def compose_files_of_trees_only_gain_lines():
    """Of every example and every tree that the goldens build."""
    count = 0
    for upstream in sorted([*cases.EXAMPLES.glob('*/upstream'), *cases.GOLDEN.glob('*/*/made/upstream')]):
        world = upstream.parent if cases.EXAMPLES in upstream.parents else upstream.parents[1] / 'in'
        for made in sorted(upstream.glob('*/docker-compose.yml')):
            folder = world / 'projects' / made.parent.name
            source = next(folder / name for name in ('compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml')
                          if (folder / name).exists())
            kept_in_order(source.read_bytes().decode(), made.read_bytes().decode())
            count += 1
    check(count > 20, f'only {count} files were compared')


HAND = ('services:\n  web:\n    image: x\n    labels:\n      - "traefik.enable=true"\n'
        '      - "traefik.http.routers.hand.rule=Host(`a.example.org`)"\n      - "traefik.http.routers.hand.entrypoints=web-secure"\n'
        '      - "traefik.http.routers.hand.tls.certresolver=letsencrypt"\n      - "traefik.http.services.hand.loadbalancer.server.port=80"\n')


def labels_by_hand_route_nothing_twice():
    row = 'service: web, domain: a.example.org, port: 80'
    for files in ({**project([row]), 'projects/other/docker-compose.yml': HAND}, project([row], HAND)):
        World(files, status=1).tells('R001', 'a label of `web` routes these requests already', 'written by hand here')
    for change in (('a.example', 'b.example'), ('=web-secure', '=web'), ('tls.certresolver=letsencrypt', 'tls=false'), ('enable=true', 'enable=false')):
        World({**project([row]), 'projects/other/docker-compose.yml': HAND.replace(*change)})
    w = World({**project([row]), 'projects/other/docker-compose.yml': HAND}, status=1)
    w.run('check', status=1)
    w.tells('R001')


def labels_by_hand_keep_their_names():
    hand = HAND.replace('hand', 'shop-web-80').replace('a.example', 'b.example')
    w = World({**project(['service: web, domain: a.example.org, port: 80']), 'projects/other/docker-compose.yml': hand})
    check('traefik.http.routers.shop-web-80-2.rule' in w.labels('shop', 'web'), str(w.labels('shop', 'web')))
    for host in 'ab':
        check(w.ask(f'https://{host}.example.org:8443/')['outcome'] == 'router', f'{host} is not routed')
