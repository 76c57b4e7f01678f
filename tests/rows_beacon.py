"""Rows B of ../shared/systems/beacon.md: an editor for every user, the proxy configured by flags."""
import json

from rows_world import World, check, needs_code

PROXY = '''proxy traefik {
  entrypoint web :80 { redirect websecure }
  entrypoint websecure :443 { default }
  resolver letsencrypt acme { email admin@example.org; storage /letsencrypt/acme.json; http-01 web }
  provider docker { network %s }
  provider file /etc/traefik/dynamic
}
middleware users = auth(/run/secrets/users)
middleware slash = redirect-regex(regex=`^(https?://[^/?]+/code/user/[0-9]+)(\\?.*)?$`, replacement=`${1}/${2}`)
defaults https { resolver letsencrypt }
https://ide.example.org/api -> backend:8000
https://ide.example.org -> frontend:80
template code(id int 1..9999) {
  https://ide.example.org/code/user/{id} | %sslash | strip -> code-server-user-{id}:8080
}
'''
COMPOSE = '''name: beacon
services:
  backend: {image: b}
  frontend: {image: f}
  code-server-user-1: {image: c}
'''
FLAGS = ('--providers.docker=true', '--providers.docker.exposedbydefault=false', '--entrypoints.web.address=:80',
         '--entrypoints.websecure.address=:443', '--certificatesresolvers.le.acme.httpchallenge.entrypoint=web',
         '--certificatesresolvers.le.acme.email=a@example.org', '--certificatesresolvers.le.acme.storage=/le/acme.json')


def editors(auth='users | ', more='code(1)\n', network='beacon-network', **options):
    return World({'beacon.itsup': PROXY % (network, auth) + more, 'compose.yml': COMPOSE}, tree=False, **options)


def ask(world, url):
    return json.loads(world.run('trace', url, '--format', 'json'))


def existing(*flags, labels='', more='', image='traefik:v3.7.9', status=0):
    """What `check` says of a compose file with these flags."""
    lines = ''.join(f'      - "{flag}"\n' for flag in flags)
    w = World({'compose.yml': f'services:\n  traefik:\n    image: {image}\n    volumes: ["le:/le"]\n{more}    command:\n{lines}'
                              f'{labels}volumes:\n  le:\n'}, tree=False)
    w.run('check', 'compose.yml', status=status)
    return w


def b01_a_prefix_ends_with_its_segment():
    w = editors()
    check(ask(w, 'https://ide.example.org/code/user/1/x')['service'].startswith('beacon-code-server-user-1'), 'not routed')
    for other in ('10', '12', '100'):
        check('frontend' in ask(w, f'https://ide.example.org/code/user/{other}/')['service'], f'user {other} reaches user 1')
    app = '  app:\n    image: x\n    labels:\n      - "traefik.enable=true"\n      - "traefik.http.routers.a.rule=PathPrefix(`/code/user/1`)"\n' \
          '      - "traefik.http.routers.a.entrypoints=web"\n      - "traefik.http.services.a.loadbalancer.server.port=80"\n'
    existing(*FLAGS, labels=app).tells('R010')


def b02_the_slash_is_added():
    w = editors()
    order = ask(w, 'https://ide.example.org/code/user/1/')['middlewares']
    check(order.index('slash@file') < order.index('beacon-code-server-user-1-8080-stripprefix@docker'), str(order))
    labels = json.loads(w.run('expand', 'code', 'id=7', '--format', 'json'))['labels']
    check('^(https?://[^/?]+/code/user/[0-9]+)(\\?.*)?$' in labels.values(), str(labels))


def b03_a_template_without_authentication_is_told():
    editors(auth='').tells('X012')
    w = editors(auth='', more='')
    (w.root / 'beacon.itsup').write_text((PROXY % ('beacon-network', '')).replace(':8080\n', ':8080 { public }\n'))
    w.run('check')
    check('X012' not in w.said, w.said)
    check('X012' not in editors().said, 'told behind a password')


def b04_entry_points_have_no_rate_limit():
    w = existing(*FLAGS, '--entrypoints.websecure.http.ratelimit.average=100', status=1)
    w.tells('E0318', 'http.middlewares')


def b05_a_resolver_has_storage_and_an_entry_point():
    existing(*[f for f in FLAGS if 'storage' not in f]).tells('X014')
    existing(*[f.replace('entrypoint=web', 'entrypoint=webb') for f in FLAGS], status=1).tells('E0311', 'did you mean `web`?')


def b06_everything_is_redirected():
    for path in ('/api', '/', '/code/user/1/'):
        answer = ask(editors(), 'http://ide.example.org' + path)
        check(answer['outcome'] == 'redirect' and answer['location'] == 'https://ide.example.org' + path, str(answer))


def b07_shared_middlewares_stand_in_the_file():
    w = editors()
    check({'users', 'slash'} <= set(w.load('traefik/dynamic/middlewares.yml')['http']['middlewares']), 'not in the file')
    check('middlewares.users.' not in w.text('compose.ingress.yml'), 'a container declares it')


def b08_the_api_is_closed():
    existing(*FLAGS, '--api.insecure=true', more='    ports: ["8081:8080"]\n').tells('X001')
    check('api' not in editors().load('traefik/traefik.yml'), 'an API that nobody asked for')


def b09_the_network_has_its_real_name():
    w = editors(network='net')
    labels = json.loads(w.run('expand', 'code', 'id=7', '--format', 'json'))
    check(labels['network'] == 'net' and labels['labels']['traefik.docker.network'] == 'net', str(labels))
    (w.root / 'compose.yml').write_text(COMPOSE + 'networks: {net: {}}\n')
    labels = json.loads(w.run('expand', 'code', 'id=7', '--format', 'json'))
    check(labels['network'] == 'beacon_net', f'Compose calls it beacon_net: {labels}')


def b10_the_service_is_always_said():
    labels = json.loads(editors().run('expand', 'code', 'id=7', '--format', 'json'))['labels']
    routers = {k.split('.')[3] for k in labels if k.startswith('traefik.http.routers.')}
    check(all(f'traefik.http.routers.{r}.service' in labels for r in routers), str(labels))


def b11_labels_are_those_of_version_3():
    labels = json.loads(editors().run('expand', 'code', 'id=7', '--format', 'json'))['labels']
    check(not any('forceslash' in k.lower() for k in labels), str(labels))
    app = '  app:\n    image: x\n    labels:\n      - "traefik.enable=true"\n      - "traefik.http.routers.a.rule=Host(`a.example.org`)"\n' \
          '      - "traefik.http.routers.a.entrypoints=web"\n      - "traefik.http.services.a.loadbalancer.server.port=80"\n' \
          '      - "traefik.http.middlewares.s.stripprefix.prefixes=/a"\n' \
          '      - "traefik.http.middlewares.s.stripprefix.forceslash=false"\n'
    existing(*FLAGS, labels=app).tells('E0324', 'forceSlash')


def b12_a_constraint_on_labels_is_no_fault():
    w = existing(*FLAGS, '--providers.docker.constraints=Label(`traefik.enable`,`true`)')
    check('error' not in w.said, w.said)


def b13_a_backend_published_past_the_proxy_is_told():
    needs_code('X003')
    app = '  backend:\n    image: x\n    ports: ["8000:8000"]\n    labels:\n      - "traefik.enable=true"\n' \
          '      - "traefik.http.routers.a.rule=Host(`a.example.org`)"\n      - "traefik.http.routers.a.entrypoints=web"\n' \
          '      - "traefik.http.services.a.loadbalancer.server.port=8000"\n'
    existing(*FLAGS, labels=app).tells('X003', '8000')
