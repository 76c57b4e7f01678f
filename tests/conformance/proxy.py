"""Starts the real Traefik on a loopback of its own and says what it makes of a configuration.

    proxy.py --traefik PATH --judge PATH [--static FILE] [--dynamic FOLDER] [--compose FILE[:FILE]]... [-- COMMAND...]

prints one JSON object: `log` (warnings and errors), `routers`, `services`, `middlewares` of http, tcp and
udp as its API tells them (without its internal ones), `problems` (those that it disabled or warns of).
Status 1 when there is a problem or such a line of the log. The services of the compose files are running
containers for it, at 127.0.0.10 and up (or in another `--block`). COMMAND runs while it does, in the same network; its status counts.

`--judge` is judge-static. What the static file says is kept, but for the API, the address of Docker, and
the folder of dynamic files when one is given; `--override` is a JSON file of what else a test changes
in it. Instead of a file `--service NAME` gives Traefik the flags that are the `command` of that service,
and the changes as further flags. The proxy runs in `--work`, a folder of its own when there is none.
Behind `--ports` something answers at each private address (backends.py).
"""
import argparse
import contextlib
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import backends  # noqa: E402
from docker_api import DockerAPI, containers_of  # noqa: E402
from judge import Judge  # noqa: E402

API = 'http://127.0.0.1:18081'
SECONDS = 30
# Traefik tells this at every start.
USUAL = ('Traefik can reject some encoded characters in the request path',)


def own_network():
    """Runs this program again where the loopback is its own: no port is taken, none needs a privilege."""
    if os.environ.get('ITSUPC_OWN_NETWORK'):
        subprocess.run(['ip', 'link', 'set', 'lo', 'up'], check=True)
        return
    probe = subprocess.run(['unshare', '-rn', 'ip', 'link', 'set', 'lo', 'up'], check=False, stderr=subprocess.DEVNULL)
    if probe.returncode:
        print('no network namespace can be made here')
        sys.exit(77)
    os.environ['ITSUPC_OWN_NETWORK'] = '1'
    os.execvp('unshare', ['unshare', '-rn', sys.executable, *sys.argv])


def without_empty(value):
    """Traefik writes empty sections that it does not read again; of an entry point some are a switch."""
    if not isinstance(value, dict):
        return value
    out = {k: without_empty(v) for k, v in value.items()}
    return {k: v for k, v in out.items() if v != {} or k in ('tls', 'http3', 'proxyProtocol')}


def changed(value, change):
    """A mapping with another one laid over it; null takes a key away."""
    if not isinstance(value, dict) or not isinstance(change, dict):
        return change
    out = {**value, **{k: changed(value.get(k), v) for k, v in change.items()}}
    return {k: v for k, v in out.items() if v is not None}


def static_of(judge, path, socket, dynamic):
    """The static configuration as Traefik decodes it, pointed at our stand-ins."""
    text = pathlib.Path(path).read_text() if path else 'entryPoints: {web: {address: ":80"}}'
    answer = judge.ask([{'kind': 'static', 'text': text, 'name': path or 'static.yml'}])[0]
    if not answer['ok']:
        sys.exit(f"{path}: {answer['error']}")
    config = answer['value']
    for section in ('entryPoints', 'serversTransport', 'tcpServersTransport', 'accessLog'):
        config[section] = without_empty(config.get(section) or {})
    if config.get('accessLog'):
        config['accessLog'] = without_empty(config['accessLog'])
    config = {k: v for k, v in config.items() if v != {} or k == 'ping'}
    if socket:
        config['providers']['docker'] = {'exposedByDefault': False, **(config['providers'].get('docker') or {})}
    config.pop('log', None)
    config['providers'].pop('file', None)
    config['entryPoints'].pop('traefik', None)
    return changed(config, stand_ins(socket, dynamic))


def stand_ins(socket, dynamic):
    """What a test changes of any static configuration."""
    providers = {'providersThrottleDuration': '50ms'}
    if socket:
        providers['docker'] = {'endpoint': 'unix://' + socket}
    if dynamic:
        providers['file'] = {'directory': str(pathlib.Path(dynamic).resolve())}
    return {'global': {'checkNewVersion': False, 'sendAnonymousUsage': False}, 'log': {'level': 'WARN', 'format': 'json'},
            'api': {'insecure': True, 'dashboard': False}, 'entryPoints': {'traefik': {'address': API.rpartition('/')[2]}},
            'providers': providers}


def flags_of(value, path=''):
    """A mapping as flags; the last of two with one name counts."""
    if isinstance(value, dict):
        return [flag for key, one in value.items() for flag in flags_of(one, f'{path}.{key}' if path else key)]
    return [f'--{path}={str(value).lower() if isinstance(value, bool) else value}']


def get(path):
    with urllib.request.urlopen(API + path, timeout=5) as answer:
        return json.load(answer)


def settled(process, docker):
    """Waits until the API answers and says the same twice, with what Docker has; False when the proxy ended before."""
    before, late, end = None, time.monotonic() + SECONDS / 3, time.monotonic() + SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            now = get('/api/rawdata')
        except (OSError, urllib.error.URLError):
            now = None
        waits = docker and time.monotonic() < late and not any(n.endswith('@docker') for n in (now or {}).get('services') or {})
        if now is not None and now == before and not waits:
            return True
        before = now
        time.sleep(0.3)
    return False


def said(path):
    out = []
    for line in pathlib.Path(path).read_text(errors='replace').splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            entry = {'level': 'error', 'message': line}
        if entry.get('level') in ('warn', 'error', 'fatal', 'panic') and not str(entry.get('message', '')).startswith(USUAL):
            out.append({k: v for k, v in entry.items() if k != 'time'})
    return out


def tables():
    out, problems = {}, []
    for layer, kinds in (('http', ('routers', 'services', 'middlewares')), ('tcp', ('routers', 'services', 'middlewares')),
                         ('udp', ('routers', 'services'))):
        for kind in kinds:
            rows = [row for row in get(f'/api/{layer}/{kind}?per_page=10000') if not row['name'].endswith('@internal')]
            out.setdefault(layer, {})[kind] = rows
            problems += [{'what': f'{layer}.{kind}.{row["name"]}', 'status': row.get('status'), 'error': row.get('error')}
                         for row in rows if row.get('status') not in (None, 'enabled')]
    return out, problems


def main():
    words, command = sys.argv[1:], []
    if '--' in words:
        at = words.index('--')
        words, command = words[:at], words[at + 1:]
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--traefik', required=True)
    parser.add_argument('--judge', required=True)
    parser.add_argument('--static')
    parser.add_argument('--service')
    parser.add_argument('--ports', default='', help='PORT,PORT…')
    parser.add_argument('--dynamic')
    parser.add_argument('--compose', action='append', default=[])
    parser.add_argument('--env', action='append', default=[], help='NAME=VALUE for the compose files')
    parser.add_argument('--override')
    parser.add_argument('--block', default='127.0.0')
    parser.add_argument('--work')
    options = parser.parse_args(words)
    own_network()
    judge, containers, command_line = Judge(options.judge), {}, None
    for given in options.compose:
        paths = [pathlib.Path(part) for part in given.split(':')]
        files = {str(p.relative_to(paths[0].parent)): p.read_text() for p in paths[0].parent.rglob('*.y*ml')}
        answer = judge.ask([{'kind': 'compose', 'files': files, 'main': [p.name for p in paths],
                             'env': dict(e.split('=', 1) for e in options.env)}])[0]
        if not answer['ok']:
            sys.exit(f"{paths[0]}: {answer['error']}")
        own = (answer['value'].get('services') or {}).get(options.service)
        command_line = own['command'] if own else command_line
        name = answer['value']['name']
        if name == 'project':
            name = paths[0].resolve().parent.name
        containers.update(containers_of(answer['value'], name,
                                        10 + 4 * len(containers), options.block))
    work = contextlib.nullcontext(options.work) if options.work else tempfile.TemporaryDirectory()
    with work as folder, contextlib.ExitStack() as ends:
        if options.ports:
            ends.callback(backends.start(options.ports.split(',')).kill)
        socket = f'{folder}/docker.sock' if containers else None
        docker = DockerAPI(socket, containers) if socket else None
        override = json.loads(pathlib.Path(options.override).read_text()) if options.override else {}
        if options.service:
            words = [*command_line, *flags_of(changed(stand_ins(socket, options.dynamic), override))]
        else:
            static = changed(static_of(judge, options.static, socket, options.dynamic), override)
            pathlib.Path(folder, 'traefik.yml').write_text(json.dumps(static))
            words = [f'--configFile={folder}/traefik.yml']
        env = {k: v for k, v in os.environ.items() if not k.startswith(('DOCKER_', 'TRAEFIK_', 'KUBE'))}
        log, status = f'{folder}/log', 0
        with open(log, 'wb') as out:
            proxy = subprocess.Popen([options.traefik, *words], cwd=folder, env=env,
                                     stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        try:
            result, problems = tables() if settled(proxy, docker) else ({}, [{'what': 'the proxy did not come up'}])
            if command:
                status = subprocess.run(command, check=False).returncode
        finally:
            proxy.send_signal(signal.SIGTERM)
            try:
                proxy.wait(10)
            except subprocess.TimeoutExpired:
                proxy.kill()
            if docker:
                docker.close()
        result.update(log=said(log), problems=problems)
    print(json.dumps(result, indent=1))
    sys.exit(1 if result['log'] or problems else status)


main()
