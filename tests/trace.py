"""`itsupc trace` answers as Traefik does: the cases of tests/fixtures/route-cases.json.

usage: tests/trace.py [-b BUILD] [CASE…]

A case has `entrypoints` (web and websecure when absent), `static` (redirect, acme_http, acme_tls,
ping, api_insecure, sanitize_path, entrypoint_tls, precedence, tls_options), `routers` (name, rule,
proto, tls, options, entrypoints, priority, provider, origin, service), `rejected` (those that the
proxy does not load) and `requests` with what is expected: a router's name, none:STATUS, none:close,
none:http and none:https (handed to the HTTP server, which answers 400 or 404), none:acme, or a list
of routers when the proxy itself may take any. Internal routers are called redirect, acme-http, ping,
api and dashboard.
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
PORTS = {'web': 80, 'websecure': 443}
INTERNAL = {'acme-http': 'acme-http@internal', 'ping': 'ping@internal', 'api': 'api@internal',
            'dashboard': 'dashboard@internal'}


def entry_points(case):
    static, points = case.get('static', {}), {}
    udp = {e for r in case['routers'] if r.get('proto') == 'udp' for e in r.get('entrypoints', [])}
    for i, name in enumerate(case.get('entrypoints', ['web', 'websecure'])):
        point = {'address': f':{PORTS.get(name, 9000 + i)}' + ('/udp' if name in udp else '')}
        http = {}
        if name in static.get('redirect', {}):
            http['redirections'] = {'entryPoint': {'to': 'websecure'}}
            priority = static['redirect'][name]
            if priority:
                http['redirections']['entryPoint']['priority'] = priority
        if 'sanitize_path' in static:
            http['sanitizePath'] = static['sanitize_path']
        if name in static.get('entrypoint_tls', []):
            http['tls'] = {}
        if http:
            point['http'] = http
        points[name] = point
    return points


def static_file(case):
    static = case.get('static', {})
    out = {'entryPoints': entry_points(case), 'providers': {'file': {'directory': 'dynamic'}, 'docker': {}}}
    resolvers = {}
    for name in static.get('acme_http', []):
        resolvers[f'http-{name}'] = {'acme': {'httpChallenge': {'entryPoint': name}}}
    if static.get('acme_tls'):
        resolvers['tls'] = {'acme': {'tlsChallenge': {}}}
    if resolvers:
        out['certificatesResolvers'] = resolvers
    if 'ping' in static:
        out['ping'] = {'entryPoint': static['ping']}
    if static.get('api_insecure'):
        out['api'] = {'insecure': True}
    if 'precedence' in static:
        out['providers']['precedence'] = static['precedence']
    return out


def router_keys(router):
    """The keys of a router in a file; a label is the same path."""
    out = {}
    for key, name in (('rule', 'rule'), ('priority', 'priority'), ('entrypoints', 'entryPoints')):
        if router.get(key) not in (None, ''):
            out[name] = router[key]
    tls = router.get('tls')
    if tls or router.get('options'):
        out['tls'] = {'passthrough': True} if tls == 'passthrough' else {}
        if router.get('options'):
            out['tls']['options'] = router['options']
    return out


def labels(router, protocol):
    base = f'traefik.{protocol}.routers.{router["name"]}'
    out = {}
    for key, value in router_keys(router).items():
        if isinstance(value, list):
            value = ','.join(value)
        if key != 'tls':
            out[f'{base}.{key}'] = str(value).replace('$', '$$')
            continue
        out[f'{base}.tls'] = 'true'
        for inner, text in value.items():
            out[f'{base}.tls.{inner}'] = str(text).lower() if text is True else text
    if router.get('service'):
        out[f'{base}.service'] = router['service']
    out[f'traefik.{protocol}.services.{router["origin"]}.loadbalancer.server.port'] = '80'
    return out


def write(case, folder):
    """The configuration as files; the arguments that name them."""
    (folder / 'traefik.yml').write_text(json.dumps(static_file(case)))
    args, files, services = ['--static', 'traefik.yml'], {}, {}
    for router in case['routers']:
        protocol = router.get('proto', 'http')
        if router.get('provider', 'file') == 'docker':
            router.setdefault('origin', router['name'])
            services.setdefault(router['origin'], {'image': 'x', 'labels': {}})['labels'].update(
                labels(router, protocol))
            continue
        section = files.setdefault(router.get('origin', 'main'), {}).setdefault(protocol, {})
        service = router.get('service') or 'backend'
        section.setdefault('routers', {})[router['name']] = {**router_keys(router), 'service': service}
        server = {'url': 'http://127.0.0.1:1'} if protocol == 'http' else {'address': '127.0.0.1:1'}
        section.setdefault('services', {})[service] = {'loadBalancer': {'servers': [server]}}
    options = {n: {} for n in case.get('static', {}).get('tls_options', [])}
    if options:
        for name in options:
            options[name] = {'minVersion': 'VersionTLS13'}
        files.setdefault('main', {})['tls'] = {'options': options}
    if files:
        (folder / 'dynamic').mkdir()
        for name, content in files.items():
            (folder / 'dynamic' / f'{name}.yml').write_text(json.dumps(content))
        args += ['--dynamic', 'dynamic']
    if services:
        (folder / 'compose.yml').write_text(json.dumps({'services': services}))
        args += ['--compose', 'compose.yml']
    return args


def request_line(request):
    out = {'url': request['url']}
    for key in ('method', 'host', 'sni', 'ip', 'alpn'):
        if key in request:
            out[key] = request[key]
    if 'headers' in request:
        out['headers'] = {k: v.split('\0') if '\0' in v else v for k, v in request['headers'].items()}
    if 'ep' in request:
        out['entryPoint'] = request['ep']
    return json.dumps(out)


def full_names(case, name):
    if name in INTERNAL:
        return {INTERNAL[name]}
    return {f'{name}@{r.get("provider", "file")}' for r in case['routers'] if r['name'] == name}


def agrees(case, expect, answer):
    if isinstance(expect, list):
        wanted = set().union(*(full_names(case, name) for name in expect))
        return answer['outcome'] == 'ambiguous' and set(answer['routers']) == wanted
    if expect == 'redirect':
        return answer['outcome'] == 'redirect' and answer['router'].endswith('@internal')
    if expect == 'none:acme':
        return answer['outcome'] == 'acme'
    if expect in ('none:http', 'none:https'):
        return answer['outcome'] == 'none' and answer['status'] in (400, 404)
    if expect.startswith('none:'):
        return answer['outcome'] == 'none' and str(answer['status']) == expect[5:]
    if expect == 'acme-http' and answer['outcome'] != 'acme':
        return False
    return answer.get('router') in full_names(case, expect)


def run_case(compiler, case):
    """What is wrong, as text; empty when nothing is."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        args = write(case, folder)
        (folder / 'requests').write_text(''.join(request_line(r) + '\n' for r in case['requests']))
        run = subprocess.run([compiler, 'trace', '--requests', 'requests', *args, '--quiet'], cwd=folder, text=True,
                             capture_output=True, timeout=60)
    if run.returncode:
        return f'status {run.returncode}\n{run.stdout}{run.stderr}'
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    if len(answers) != len(case['requests']):
        return f'{len(answers)} answers to {len(case["requests"])} requests'
    wrong = ''
    for request, answer in zip(case['requests'], answers):
        if not agrees(case, request['expect'], answer):
            wrong += f'{request}\n  got {json.dumps(answer)}\n'
    loaded = {c['router'] for a in answers for c in a.get('candidates', []) if not c['why'].startswith('not loaded')}
    for name in case.get('rejected', []):
        if answers and full_names(case, name) & loaded:
            wrong += f'{name} should not be loaded\n'
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n', maxsplit=1)[0])
    parser.add_argument('-b', '--build', default='build')
    parser.add_argument('cases', nargs='*')
    parser.add_argument('--file', default=HERE / 'fixtures' / 'route-cases.json', type=pathlib.Path)
    args = parser.parse_args()
    compiler = os.environ.get('ITSUPC') or str(pathlib.Path(args.build).resolve() / 'itsupc')
    results, keep = os.environ.get('ITSUPC_RESULTS'), os.environ.get('ITSUPC_KEEP')
    passed, failed = 0, 0
    for case in json.loads(args.file.read_text())['cases']:
        if args.cases and case['id'] not in args.cases:
            continue
        wrong = run_case(compiler, case)
        passed, failed = passed + (not wrong), failed + bool(wrong)
        if wrong:
            print(f'{case["id"]} {case["title"]}:\n{wrong}')
        if results:
            shown = ''
            if wrong:
                shown = str(pathlib.Path(keep or tempfile.gettempdir()) / f'{case["id"]}.wrong')
                pathlib.Path(shown).write_text(wrong)
            with open(results, 'a', encoding='utf-8') as out:
                out.write(f'{"fail" if wrong else "pass"}\ttrace/{case["id"]}\t{shown}\n')
    print(f'{passed} passed, {failed} failed')
    return failed > 0


if __name__ == '__main__':
    sys.exit(main())
