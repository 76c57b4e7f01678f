"""Two views of one compose project brought into one form: ours (`itsupc dump compose`) and that of
Compose's own loader (the judge), so that they can be compared with ==.

Compose fills in variables, ours keeps the text: with no variable set, `fill` does the same to ours.
Compose spells out what was left out (protocols, `required`, the network `default`); that is added
to ours, or left out of theirs where it says nothing.
"""
import re
import shlex

TRUE, FALSE = ('true', 'yes', 'on', 'y', '1'), ('false', 'no', 'off', 'n', '0')


GIVEN = 'given'  # what a variable is set to that a file says must be set


def must_be_set(text):
    """Variables that Compose asks for: `${X:?message}`."""
    return {name: GIVEN for name in re.findall(r'\$\{(\w+):?\?', text)}


def fill(text):
    """`$` as Compose reads it when no variable is set but those that must be."""
    out, at = '', 0
    while at < len(text):
        if text[at] != '$':
            out += text[at]
            at += 1
            continue
        if text[at + 1:at + 2] == '$':
            out += '$'
            at += 2
            continue
        name = re.compile(r'[A-Za-z_][A-Za-z0-9_]*').match(text, at + 1)
        if name:
            at = name.end()
            continue
        if text[at + 1:at + 2] != '{':
            out += '$'
            at += 1
            continue
        depth, end = 0, at + 1
        while end < len(text):
            depth += {'{': 1, '}': -1}.get(text[end], 0)
            if depth == 0:
                break
            end += 1
        inner = text[at + 2:end]
        part = re.match(r'[A-Za-z_][A-Za-z0-9_]*(:?[-+?])?', inner)
        if part and part.group(1) in ('?', ':?'):
            out += GIVEN
        if part and part.group(1) in ('-', ':-'):
            out += fill(inner[part.end():])
        at = end + 1
    return out


def filled(value):
    if isinstance(value, str):
        return fill(value)
    if isinstance(value, list):
        return [filled(v) for v in value]
    if isinstance(value, dict):
        return {key: filled(v) for key, v in value.items()}
    return value


def seconds(text):
    parts = re.findall(r'(\d+(?:\.\d+)?)(h|ms|us|ns|m|s)', str(text))
    scale = {'h': 3600, 'm': 60, 's': 1, 'ms': 1e-3, 'us': 1e-6, 'ns': 1e-9}
    return round(sum(float(n) * scale[unit] for n, unit in parts), 9) if parts else str(text)


def boolean(value):
    word = str(value).lower()
    return word in TRUE if word in TRUE + FALSE else word


def without_path(text):
    """Compose writes relative paths from the project's folder, `./a` and `a` alike."""
    text = (text or '').rstrip('/')
    return text if text.startswith(('/', '~')) else text.rpartition('/')[2] or '.'


def number(text):
    """Compose prints 1.50 as 1.5; what Traefik reads of a label is that."""
    return re.sub(r'^(-?\d+\.\d*?)0+$', r'\1', text).rstrip('.') if re.fullmatch(r'-?\d+\.\d+', text) else text


def ports_in_full(ports, both):
    """Ranges as one port each; a range for one port inside stays, as in Compose."""
    out = []
    for p in ports:
        (low, high), (inside, last) = p['published'], p['target']
        count = last - inside + 1
        for i in range(count):
            host = '' if low == 0 else str(low + i) if high - low + 1 == count else f'{low}-{high}'
            out.append((p.get('host_ip', ''), host, str(inside + i), p['protocol']) if both
                       else (str(inside + i), p['protocol']))
    return sorted(out)


def check_of(check):
    """A healthcheck; a text is a command for the shell."""
    if check is None:
        return None
    out = dict(check)
    test = out.get('test')
    if isinstance(test, str):
        out['test'] = ['CMD-SHELL', test]
    for key in ('interval', 'timeout', 'start_period', 'start_interval'):
        if key in out:
            out[key] = seconds(out[key])
    if 'retries' in out:
        out['retries'] = str(out['retries'])
    if 'disable' in out:
        out['disable'] = boolean(out['disable'])
        if not out['disable']:
            del out['disable']
    return {k: v for k, v in out.items() if v is not None} or None


def deploy_of(deploy):
    """Of `deploy` what needs no reading of sizes and numbers."""
    if not deploy:
        return None
    labels = deploy.get('labels') or {}
    if isinstance(labels, list):
        labels = dict((item.split('=', 1) + [''])[:2] for item in labels)
    return {'mode': deploy.get('mode') or '', 'replicas': str(deploy.get('replicas', '')),
            'labels': {k: '' if v is None else str(v) for k, v in labels.items()},
            'constraints': (deploy.get('placement') or {}).get('constraints') or [],
            'limits': sorted((deploy.get('resources') or {}).get('limits') or {})}


def ours(dump):
    dump = filled(dump)
    services = {}
    for name, s in dump['services'].items():
        networks = s.get('networks')
        if not networks and not s.get('network_mode'):
            networks = {'default': {}}
        services[name] = {
            'image': s.get('image', ''),
            'container_name': s.get('container_name', ''),
            'network_mode': s.get('network_mode', ''),
            'restart': s.get('restart', ''),
            'labels': {k: number(v or '') for k, v in s.get('labels', {}).items()},
            'environment': s.get('environment', {}),
            'networks': {net: {k: v for k, v in a.items() if v} for net, a in (networks or {}).items()},
            'ports': None if any(p.get('unknown') for p in s.get('ports', []))
                     else ports_in_full(s.get('ports', []), True),
            'expose': None if any(p.get('unknown') for p in s.get('expose', []))
                      else ports_in_full(s.get('expose', []), False),
            'volumes': sorted((v['target'], without_path(v.get('source')), v['read_only'])
                              for v in s.get('volumes', [])),
            'depends_on': {d: ((v.get('condition') or 'service_started'), v['required'])
                           for d, v in s.get('depends_on', {}).items()},
            'dns': s.get('dns', []),
            'profiles': s.get('profiles', []),
            'env_file': [without_path(f) for f in s.get('env_file', [])],
            'command': s.get('command', []),
            'healthcheck': check_of(s.get('healthcheck')),
            'deploy': deploy_of(s.get('deploy')),
        }
    networks = {name: (n['external'], n.get('name') or f'project_{name}', n.get('subnets', []))
                for name, n in dump['networks'].items()}
    return {'services': services, 'networks': networks,
            'volumes': sorted(dump['volumes']), 'secrets': sorted(dump['secrets']),
            'configs': sorted(dump['configs'])}


def expose_of(items):
    out = []
    for item in items:
        ports, _, protocol = str(item).partition('/')
        low, _, high = ports.partition('-')
        if not (low + high).isdigit():
            out.append((ports, protocol or 'tcp'))
            continue
        out += [(str(p), protocol or 'tcp') for p in range(int(low), int(high or low) + 1)]
    return sorted(out)


def theirs(project):
    services = {}
    for name, s in (project.get('services') or {}).items():
        depends = {d: (v['condition'], v['required']) for d, v in (s.get('depends_on') or {}).items()}
        services[name] = {
            'image': s.get('image', ''),
            'container_name': s.get('container_name', ''),
            'network_mode': s.get('network_mode', ''),
            'restart': s.get('restart', ''),
            'labels': {k: number(v) for k, v in (s.get('labels') or {}).items()},
            'environment': s.get('environment') or {},
            'networks': {net: {k: v for k, v in (a or {}).items()
                               if v and k in ('ipv4_address', 'ipv6_address', 'aliases')}
                         for net, a in (s.get('networks') or {}).items()},
            'ports': sorted((p.get('host_ip', ''), '' if p.get('published') in (None, '0') else p['published'],
                             str(p['target']), p.get('protocol', 'tcp')) for p in s.get('ports') or []),
            'expose': expose_of(s.get('expose') or []),
            'volumes': sorted((v['target'], without_path(v.get('source')), v.get('read_only', False))
                              for v in s.get('volumes') or []),
            'depends_on': depends,
            'dns': s.get('dns') or [],
            'profiles': s.get('profiles') or [],
            'env_file': [without_path(f.get('path') if isinstance(f, dict) else f) for f in s.get('env_file') or []],
            'command': s.get('command') or [],
            'healthcheck': check_of(s.get('healthcheck')),
            'deploy': deploy_of(s.get('deploy')),
        }
    networks = {}
    for name, n in (project.get('networks') or {}).items():
        n = n or {}
        subnets = [c['subnet'] for c in (n.get('ipam') or {}).get('config') or [] if c.get('subnet')]
        networks[name] = (bool(n.get('external')), n.get('name'), subnets)
    return {'services': services, 'networks': networks, 'volumes': sorted(project.get('volumes') or {}),
            'secrets': sorted(project.get('secrets') or {}), 'configs': sorted(project.get('configs') or {})}


def words(command):
    try:
        return shlex.split(command)
    except ValueError:
        return [command]


def differences(dump, project):
    """Lines that say where the two differ; what only Compose works out is taken from it."""
    a, b = ours(dump), theirs(project)
    out = []
    # Compose adds the network of services that name none, and dependencies that other keys imply.
    if 'default' in b['networks'] and 'default' not in a['networks']:
        a['networks']['default'] = b['networks']['default']
    for name, s in a['services'].items():
        t = b['services'].get(name)
        if t is None:
            continue
        if s['ports'] is None:
            s['ports'] = t['ports']
        if s['expose'] is None:
            s['expose'] = t['expose']
        if len(s['command']) == 1 and len(t['command']) != 1:
            s['command'] = words(s['command'][0])
        for d, v in t['depends_on'].items():
            implied = s['network_mode'] == 'service:' + d
            if implied:
                s['depends_on'].setdefault(d, v)
    for kind in ('services', 'networks'):
        for name in sorted(set(a[kind]) | set(b[kind])):
            x, y = a[kind].get(name), b[kind].get(name)
            if x == y:
                continue
            if kind == 'services' and x and y:
                out += [f'services.{name}.{key}: ours {x[key]!r}, Compose {y[key]!r}' for key in x if x[key] != y[key]]
            else:
                out.append(f'{kind}.{name}: ours {x!r}, Compose {y!r}')
    out += [f'{kind}: ours {a[kind]!r}, Compose {b[kind]!r}'
            for kind in ('volumes', 'secrets', 'configs') if a[kind] != b[kind]]
    return out
