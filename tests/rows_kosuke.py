"""Rows K of ../shared/systems/kosuke.md: previews of branches."""
import json

from rows_world import World, check, needs_code

PROXY = '''let base = preview.example.net
proxy traefik {
  entrypoint web :80 { redirect websecure }
  entrypoint websecure :443 { default }
  resolver letsencrypt acme { email admin@example.org; storage /certs/acme.json; dns-01 cloudflare { delay 30s } }
  provider docker { network kosuke_network }
  provider file /etc/traefik/dynamic
  api
}
middleware admins = auth(/run/secrets/admins)
defaults https { resolver letsencrypt }
https://traefik.example.org | admins -> api@internal
template preview(project int, branch slug(20)%s = "main") {
  https://project-{project}-{branch}.{base} -> kosuke-preview-{project}-{branch}:3000 { cert {base}, *.{base}; public }
}
'''


def previews(unique='', more='', **options):
    return World({'kosuke.itsup': PROXY % unique + more, 'compose.yml': 'name: kosuke\nservices: {web: {image: x}}\n'},
                 tree=False, **options)


def instance(world, project, branch):
    return json.loads(world.run('expand', 'preview', f'project={project}', f'branch={branch}', '--format', 'json'))


def k01_the_dashboard_is_the_api_behind_a_password():
    router = previews().load('traefik/dynamic/routers-http.yml')['http']['routers']
    router = next(r for r in router.values() if 'traefik.example.org' in r['rule'])
    check(router['service'] == 'api@internal' and router['middlewares'], str(router))
    w = World({'compose.yml': 'services:\n  traefik:\n    image: traefik:v3.7.9\n    ports: ["80:80", "8080:8080"]\n'
                              '    command: [--entrypoints.web.address=:80, --api=true, --providers.docker=true, '
                              '--providers.docker.exposedbydefault=false]\n'
                              '    labels: ["traefik.enable=true", "traefik.http.routers.d.rule=Host(`t.example.org`)", '
                              '"traefik.http.routers.d.entrypoints=web", "traefik.http.routers.d.service=d", '
                              '"traefik.http.services.d.loadbalancer.server.port=8080"]\n'}, tree=False)
    w.run('check', 'compose.yml')
    w.tells('X011', '8080')


def k02_one_host_for_two_branches():
    line = '{"template": "preview", "project": 7, "branch": "%s"}\n'
    two = line % 'Feature/Add_Login--Page!!' + line % 'feature/add-login-page-with-oauth'
    w = previews()
    answers = [json.loads(l) for l in w.run('expand', 'preview', '--format', 'json', stdin=two, status=1).splitlines()]
    check('url' in answers[0] and 'error' in answers[1], str(answers))
    check('Feature/Add_Login--Page!!' in str(answers[1]) or 'project-7-feature-add-login-pa' in str(answers[1]), str(answers[1]))
    World({'kosuke.itsup': PROXY % '' + 'preview(7, "a/b")\npreview(7, "a_b")\n',
           'compose.yml': 'name: kosuke\nservices: {kosuke-preview-7-a-b: {image: x}}\n'}, tree=False, status=1)
    w = previews(' unique')
    answers = [json.loads(l) for l in w.run('expand', 'preview', '--format', 'json', stdin=two).splitlines()]
    hosts = [a['url'].split('//')[1].split('.')[0] for a in answers]
    check(len(set(hosts)) == 2 and all(len(h) <= len('project-7-') + 20 for h in hosts), str(hosts))
    check(instance(w, 7, 'main')['url'] == 'https://project-7-main.preview.example.net', 'a hash where none is needed')


def k03_an_empty_name_is_told():
    w = previews()
    for branch in ('--__--', ''):
        w.run('expand', 'preview', 'project=12', f'branch={branch}', status=1)
        w.tells('E0509')


def k04_the_branch_is_part_of_the_container():
    w = previews()
    names = [instance(w, 7, branch)['name'] for branch in ('main', 'next')]
    check(names == ['kosuke-preview-7-main', 'kosuke-preview-7-next'], str(names))


def k05_the_entry_point_is_said():
    labels = instance(previews(), 7, 'main')['labels']
    points = [v for k, v in labels.items() if k.endswith('.entrypoints')]
    check(points == ['websecure'], str(labels))


def k06_one_wildcard_certificate():
    labels = instance(previews(), 7, 'main')['labels']
    names = {k.rsplit('.', 1)[1]: v for k, v in labels.items() if '.tls.domains[0].' in k}
    check(names == {'main': 'preview.example.net', 'sans': '*.preview.example.net'}, str(labels))
    w = World({'k.itsup': PROXY.replace('dns-01 cloudflare { delay 30s }', 'http-01 web') % '' + 'preview(7)\n',
               'compose.yml': 'name: kosuke\nservices: {kosuke-preview-7-main: {image: x}}\n'}, tree=False, status=1)
    w.tells('C003')


def k06_a_wildcard_for_instances_that_fit_one():
    def certificate(proxy, *words):
        w = World({'k.itsup': proxy % '', 'compose.yml': 'name: kosuke\nservices: {web: {image: x}}\n'}, tree=False)
        answer = w.run('expand', *(words or ('preview', 'project=7')), '--format', 'json')
        w.run('check')
        return [v for k, v in json.loads(answer)['labels'].items() if '.tls.domains[0].' in k], w
    plain = PROXY.replace('cert {base}, *.{base}; ', '')
    check(certificate(plain)[0] == ['*.preview.example.net'], 'one certificate each')
    names, w = certificate(plain.replace('dns-01 cloudflare { delay 30s }', 'http-01 web'))
    check(not names, 'a wildcard that this challenge cannot get')
    w.tells('C005')
    names, w = certificate(plain.replace('project-{project}-{branch}.{base}', '{branch}.project-{project}.{base}'))
    check(not names, 'a wildcard that covers one instance')
    w.tells('C005', 'first label alone')
    names, w = certificate(plain.replace('branch slug(20)%s = "main"', 'branch string%s = "main"'))
    check(not names, 'a wildcard, and the branch may hold a dot')
    fixed = plain.replace('project-{project}-{branch}.{base}', '{base}/{project}')
    names, w = certificate(fixed)
    check(not names and 'C005' not in w.said, 'the host is the same for all')
    names, w = certificate(plain.replace('dns-01 cloudflare { delay 30s }', 'http-01 web; ca https://ca.internal/acme'))
    check('C005' not in w.said, 'told of an authority of their own')


def k07_the_delay_is_spelt_for_the_version():
    for version, key in (('3.7.9', 'propagation'), ('3.2.0', 'delayBeforeCheck')):
        challenge = previews(words=('--traefik', version)).load('traefik/traefik.yml')
        challenge = challenge['certificatesResolvers']['letsencrypt']['acme']['dnsChallenge']
        check(key in challenge, f'{version}: {challenge}')


def k08_one_name_for_the_domain():
    w = previews()
    (w.root / 'kosuke.itsup').write_text(PROXY.replace('preview.example.net', 'other.example.net') % '')
    check(instance(w, 7, 'main')['url'] == 'https://project-7-main.other.example.net', 'the domain is said elsewhere, too')


def k09_no_certificate_files_that_nobody_makes():
    w = previews()
    for path in w.root.rglob('*.yml'):
        check('certFile' not in path.read_text() and '.crt' not in path.read_text(), str(path))


def k10_a_published_database_is_told():
    needs_code('X003')
    w = World({'compose.yml': 'services:\n  postgres: {image: postgres, ports: ["5432:5432"]}\n'
                              '  web: {image: x, labels: ["traefik.enable=true", "traefik.http.routers.w.rule=Host(`a.example.org`)", '
                              '"traefik.http.services.w.loadbalancer.server.port=80"]}\n'}, tree=False)
    w.run('check', 'compose.yml')
    w.tells('X003', '5432')


def k11_variables_of_compose_are_hosts_in_labels_alone():
    route = 'https://${SUB}.example.org -> %s { resolver none }\n'
    w = World({'shop.itsup': route % 'web:80', 'compose.yml': 'name: shop\nservices: {web: {image: x}}\n'}, tree=False)
    check('Host(`${SUB}.example.org`)' in w.text('compose.ingress.yml'), w.text('compose.ingress.yml'))
    World({'shop.itsup': route % 'http://10.0.0.5:80'}, tree=False, status=1).tells('E0417', 'SUB')


def k12_keys_of_labels_hold_no_dots():
    w = World({'compose.yml': 'name: shop\nservices: {my.app: {image: x}}\n', 'shop.itsup': 'https://a.example.org -> my.app:80\n'},
              tree=False)
    keys = [line.split('"')[1].split('=')[0] for line in w.text('compose.ingress.yml').splitlines() if '"traefik.http.' in line]
    names = {key.split('.')[3] for key in keys}
    check(names == {'shop-my-app-80', 'shop-my-app-80-redirect', 'shop-redirect'}, str(names))
    check('  my.app:\n' in w.text('compose.ingress.yml'), 'the service has another name')
