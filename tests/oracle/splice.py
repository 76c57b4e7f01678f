"""Random edits into compose files, judged by PyYAML: source + edits == result, and nothing but insertions.

usage: splice.py SPLICE_APPLY COUNT SEED FOLDER [FILE...]   the files are tried beside generated ones
"""
import copy
import pathlib
import random
import re
import subprocess
import sys

import yaml

KEYS = ('labels', 'networks', 'dns')


class Loader(yaml.SafeLoader):
    """Tags of Compose's own are kept as they are."""


Loader.add_multi_constructor('!', lambda loader, suffix, node: ('tag', suffix, str(node.value)))


# ---- what the edits mean ----

def pairs(value):
    """Labels as a list of (name, text)."""
    if value is None:
        return []
    if isinstance(value, dict):
        return [(k, v) for k, v in value.items()]
    return [tuple(str(i).split('=', 1)) if '=' in str(i) else (str(i), None) for i in value]


def attached(value):
    if isinstance(value, dict):
        return {k: v or {} for k, v in value.items()}
    return {k: {} for k in value or []}


def addresses(value):
    return value if isinstance(value, list) else [] if value is None else [value]


def base_of(services, name):
    body = services.get(name)
    extends = body.get('extends') if isinstance(body, dict) else None
    return extends.get('service') if isinstance(extends, dict) else extends


def chain(services, name):
    names = []
    while name and name in services and name not in names:
        names.append(name)
        name = base_of(services, name)
    return names


def expected(source, edits):
    """The parts of every service and of the top level that may change, as they must be afterwards."""
    services = {}
    for name, body in source['services'].items():
        body = body or {}
        e = edits['services'].get(name, {})
        labels = pairs(body.get('labels'))
        inherited = [p for n in chain(source['services'], name)[1:]
                     for p in pairs((source['services'][n] or {}).get('labels'))]
        for key, value in e.get('labels', []):
            pair = (key, value.replace('$', '$$'))
            if pair not in [(k, str(v).lower() if v is True or v is False else str(v)) for k, v in labels + inherited]:
                labels.append(pair)
        networks = copy.deepcopy(attached(body.get('networks')))
        everywhere = [n for s in chain(source['services'], name)
                      for n in attached((source['services'][s] or {}).get('networks'))]
        if e.get('joins') and e['keep'] and not everywhere:
            networks['default'] = {}
        for net, ip, aliases in e.get('joins', []):
            options = networks.setdefault(net, {})
            if ip:
                options['ipv4_address'] = ip
            if aliases:
                options['aliases'] = options.get('aliases', []) + [a for a in aliases if a not in options.get('aliases', [])]
        dns = addresses(body.get('dns'))
        anyhow = [a for s in chain(source['services'], name)
                  for a in addresses((source['services'][s] or {}).get('dns'))]
        if e.get('dns') and (e['replaces'] or (not anyhow and 'network_mode' not in body)):
            dns = list(e['dns'])
        services[name] = {'labels': labels, 'networks': networks, 'dns': dns,
                          'rest': {k: v for k, v in body.items() if k not in KEYS}}
    top = copy.deepcopy(source.get('networks') or {})
    for key, name, external in edits['networks']:
        if key not in top:
            top[key] = ({'name': name} if name else {}) | ({'external': True} if external else {}) or None
    return services, top


def seen(result):
    services = {}
    for name, body in result['services'].items():
        body = body or {}
        services[name] = {'labels': pairs(body.get('labels')), 'networks': attached(body.get('networks')),
                          'dns': addresses(body.get('dns')), 'rest': {k: v for k, v in body.items() if k not in KEYS}}
    return services, result.get('networks') or {}


def differences(source, edits, result):
    want, want_top = expected(source, edits)
    got, got_top = seen(result)
    found = []
    if list(want) != list(got):
        found.append(f'services {list(want)} became {list(got)}')
    for name, service in want.items():
        now = got.get(name, {})
        for part in service:
            was = service[part]
            if part == 'networks' and not was and list(now.get(part, {})) == ['default']:
                continue  # what is implied was written
            if part == 'labels' and sorted(map(repr, was)) == sorted(map(repr, now.get(part, []))) \
                    and isinstance((result['services'][name] or {}).get('labels'), dict):
                continue  # own keys stand before merged ones
            if was != now.get(part):
                found.append(f'{name}.{part}: want {was}, got {now.get(part)}')
    if want_top != got_top:
        found.append(f'networks: want {want_top}, got {got_top}')
    for key in list(source) + list(result):
        if key not in ('services', 'networks') and not str(key).startswith('x-') and source.get(key) != result.get(key):
            found.append(f'{key} changed')
    return found


def is_insertion(source, result):
    at = 0
    for byte in result:
        if at < len(source) and source[at] == byte:
            at += 1
    return at == len(source)


# ---- compose files of every shape ----

class Writer:
    def __init__(self, rng):
        self.rng, self.anchors, self.n = rng, {'labels': [], 'networks': [], 'dns': [], 'body': []}, 0

    def anchor(self, kind):
        if self.rng.random() < 0.3:
            self.n += 1
            self.fresh = (kind, f'{kind}{self.n}')
            return f' &{kind}{self.n}'
        self.fresh = None
        return ''

    def commit(self):
        if self.fresh:
            self.anchors[self.fresh[0]].append(self.fresh[1])

    def comment(self):
        return self.rng.choice(['', '', '', '  # why', ' # a: b, [c]'])

    def gap(self, pad):
        return self.rng.choice(['', '', '', '\n', f'{pad}# note\n', '# flush: [\n', '   \n'])

    def flow(self, items, map_form):
        a, b = '{}' if map_form else '[]'
        join = self.rng.choice([', ', ',', ' ,  ', ',\n          ', ', # c\n          '])
        end = self.rng.choice(['', '', ' ', ', ', '\n         ', ' # c\n         '])
        text = join.join(items)
        if not items and ',' in end:
            end = ''
        return a + self.rng.choice(['', ' ']) + text + end + b

    def value(self, kind, key_pad, pads, in_flow=False):
        """What stands behind `kind:`, with its line end in block form."""
        rng = self.rng
        form = rng.choice(['list', 'list', 'map', 'flow', 'flowmap', 'alias', 'alias', 'empty', 'merge'])
        if rng.random() < 0.02:
            form = rng.choice(['null', 'tilde'])
        if kind == 'dns':
            form = rng.choice(['list', 'flow', 'scalar', 'alias', 'empty'])
        if in_flow and form in ('list', 'map', 'merge'):
            form = {'list': 'flow', 'map': 'flowmap', 'merge': 'flowmap'}[form]
        items, entries = self.content(kind)
        c = '' if in_flow else self.comment() + '\n'
        anchor = self.anchor(kind) if form not in ('null', 'tilde', 'alias') else ''
        if form in ('null', 'tilde', 'alias'):
            self.fresh = None
        if form == 'alias':
            names = self.anchors[kind]
            if not names:
                return f' {self.flow(items, False)}{c}'
            return f' *{rng.choice(names)}{" " if in_flow else ""}{c}'
        if form == 'null':
            return c if not in_flow else ' '
        if form == 'tilde':
            return f' {rng.choice(["~", "null"])}{c}'
        if form == 'scalar':
            out = f'{anchor} 1.1.1.1{c}'
        elif form == 'empty':
            out = f'{anchor} {self.flow([], kind != "dns" and rng.random() < 0.5)}{c}'
        elif form == 'flow':
            out = f'{anchor} {self.flow(items, False)}{c}'
        elif form == 'flowmap':
            out = f'{anchor} {self.flow([f"{k}: {v or chr(126)}" for k, v in entries], True)}{c}'
        elif form == 'list':
            pad = rng.choice(pads)
            out = f'{anchor}{c}' + ''.join(f'{pad}-{rng.choice([" ", "  "])}{self.scalar(i, pad)}' + self.gap(pad) for i in items)
            if not items:
                out = f'{anchor} []{c}'
        else:
            pad = pads[-1]
            lines = [f'{pad}{k}:{" " + v if v else ""}{self.comment()}\n' for k, v in entries]
            if form == 'merge' and self.anchors[kind + 'map']:
                lines.insert(rng.randrange(len(lines) + 1), f'{pad}<<: *{rng.choice(self.anchors[kind + "map"])}\n')
            if kind == 'networks' and rng.random() < 0.4:
                lines.append(f'{pad}deep:\n{pad}  aliases:\n{pad}  - one\n' + rng.choice(['', f'{pad}  priority: 5\n']))
            if self.fresh and form == 'map':
                self.anchors.setdefault(kind + 'map', []).append(self.fresh[1])
            out = f'{anchor}{c}' + ''.join(lines) if lines else f'{anchor} {{}}{c}'
        self.commit()
        return out

    def content(self, kind):
        rng, n = self.rng, self.rng.randrange(4)
        if kind == 'dns':
            return [f'9.9.9.{i}' for i in range(n)], []
        if kind == 'networks':
            names = rng.sample(['back', 'front', 'proxynet', 'default'], n)
            return names, [(name, rng.choice(['', '', '{aliases: [m]}', '{}', 'null'])) for name in names]
        keys = rng.sample(['com.a', 'com.b', 'traefik.enable', 'x.y', 'on', '0755', '"quoted k"'], n)
        values = [rng.choice(['1.50', 'true', 'on', '0755', '12:30:45', '"a b"', "'it''s'", 'plain text', '2222:22', '$VAR', '2024-01-02']) for _ in keys]
        return [f'{k}={v}' if k[0] != '"' else '"q=1"' for k, v in zip(keys, values)], list(zip(keys, values))

    def scalar(self, item, pad):
        rng = self.rng
        form = rng.randrange(8)
        if form == 0 and '\'' not in item and '"' not in item:
            return f"'{item}'{self.comment()}\n"
        if form == 1 and '"' not in item and '=' in item:
            return f'{rng.choice(["|", ">-", "|+"])}\n{pad}    {item}\n' + rng.choice(['', f'\n{pad}    more\n'])
        if form == 2 and ' ' in item and '"' not in item:
            return item.replace(' ', f'\n{pad}    ', 1) + '\n'
        return f'{item}{self.comment()}\n'

    def body(self, name, index):
        rng = self.rng
        step = self.step
        if rng.random() < 0.12 and index:
            parts = [f'image: {name}']
            for kind in KEYS:
                if rng.random() < 0.4:
                    parts.append(f'{kind}:{self.value(kind, "", [""], True)}')
            if rng.random() < 0.4 and self.anchors['body']:
                parts.insert(rng.randrange(len(parts) + 1), f'<<: *{rng.choice(self.anchors["body"])} ')
            rng.shuffle(parts)
            return f' {self.flow(parts, True)}{self.comment()}\n'
        if rng.random() < 0.06 and self.anchors['body']:
            return f' *{rng.choice(self.anchors["body"])}{self.comment()}\n'
        pad = ' ' * (2 * step if self.outer else step)
        anchor = self.anchor('body')
        mine = self.fresh
        parts = [f'{pad}image: {name}{self.comment()}\n']
        if rng.random() < 0.3 and self.anchors['body']:
            names = rng.sample(self.anchors['body'], min(len(self.anchors['body']), rng.randrange(1, 3)))
            parts.append(f'{pad}<<: *{names[0]}\n' if len(names) == 1 else f'{pad}<<: [{", ".join("*" + n for n in names)}]\n')
        elif rng.random() < 0.15 and index:
            parts.append(f'{pad}extends: {rng.choice(self.names[:index])}\n')
        if rng.random() < 0.2:
            parts.append(f'{pad}command: |\n{pad}  echo $$HOME\n\n{pad}   # no comment\n')
        if rng.random() < 0.2:
            parts.append(f'{pad}ports:\n{pad}- 2222:22\n{pad}- "80:80"\n')
        if rng.random() < 0.1 and self.anchors['labels']:
            parts.append(f'{pad}deploy:\n{pad}  labels: *{rng.choice(self.anchors["labels"])}\n')
        rng.shuffle(parts)
        for kind in KEYS:
            if rng.random() < 0.5:
                pads = [pad + ' ' * step] if rng.random() < 0.7 else [pad, pad + '  ']
                parts.insert(len(parts), f'{pad}{kind}:{self.value(kind, pad, pads)}')
        out = f'{anchor}{self.comment()}\n' + ''.join(p + self.gap(pad) for p in parts)
        self.fresh = mine
        self.commit()
        return out

    def file(self):
        rng = self.rng
        self.step, self.outer = rng.choice([2, 2, 2, 4, 1, 3]), True
        for k in ('labelsmap', 'networksmap', 'dnsmap'):
            self.anchors[k] = []
        out = rng.choice(['', '', '# first\n', '---\n', '%YAML 1.1\n---\n', '\n\n', 'name: shop\n'])
        if rng.random() < 0.4:
            pad, self.outer = ' ' * self.step, False
            self.names = ['shared']
            out += 'x-base:' + self.body('base', 0)
            self.outer = True
        if rng.random() < 0.3:
            out += 'x-labels:' + self.value('labels', '', ['  '])
        top = ''
        if rng.random() < 0.9:
            top = f'networks:{self.comment()}\n  back:{self.comment()}\n  front: {{}}\n' + self.gap('  ')
            if rng.random() < 0.8:
                top += '  proxynet: {external: true}\n'
            top += '  deep:\n'
        if top and rng.random() < 0.3:
            out, top = out + top, ''
        self.names = rng.sample(['web', 'api', 'db', 'cache', 'a.b', 'job-1'], rng.randrange(1, 5))
        out += f'services:{self.comment()}\n'
        for i, name in enumerate(self.names):
            out += ' ' * self.step + name + ':' + self.body(name, i) + self.gap(' ' * self.step)
        out += top + rng.choice(['', '', '# last\n', '...\n', '  # inner\n\n', 'volumes:\n  v:\n'])
        out = out.rstrip('\n') if rng.random() < 0.2 else out
        if rng.random() < 0.2:
            out = out.replace('\n', '\r\n')
        return (b'\xef\xbb\xbf' if rng.random() < 0.1 else b'') + out.encode()


def flow_file(rng):
    """All on one line, or JSON."""
    bodies = []
    for name in rng.sample(['web', 'api', 'db'], rng.randrange(1, 4)):
        parts = ['"image": "x"']
        if rng.random() < 0.5:
            parts.append(rng.choice(['"labels": []', '"labels": {"a": "b"}', '"labels": ["a=b"]', '"labels": null']))
        if rng.random() < 0.5:
            parts.append(rng.choice(['"networks": ["back"]', '"networks": {"back": null}', '"networks": {"back": {"priority": 5}}']))
        bodies.append(f'"{name}": {{{", ".join(parts)}}}')
    top = [f'"services": {{{", ".join(bodies)}}}', '"networks": {"back": {}}']
    rng.shuffle(top)
    return ('{' + rng.choice([', ', ',\n ']).join(top) + '}' + rng.choice(['', '\n'])).encode()


# ---- random edits ----

def random_edits(rng, source):
    edits = {'services': {}, 'networks': [('proxynet', '', True)]}
    labels = [('traefik.enable', 'true'), ('traefik.http.routers.a.rule', 'Host(`a`) || Host(`b`) && PathPrefix(`/$x`)'),
              ('traefik.http.services.a.loadbalancer.server.port', '3000'), ('note', 'a: "b" # c, {d}'), ('e', '')]
    for name, body in source['services'].items():
        if rng.random() < 0.4:
            continue
        e = {'keep': rng.random() < 0.8, 'replaces': rng.random() < 0.3, 'labels': [], 'joins': [], 'dns': []}
        if rng.random() < 0.6:
            e['labels'] = rng.sample(labels, rng.randrange(1, 5))
        if rng.random() < 0.7 and 'network_mode' not in (body or {}):
            e['joins'] = [('proxynet', rng.choice(['', '', '172.20.0.7']), rng.choice([[], [], ['al', 'on']]))]
            if rng.random() < 0.3:
                e['joins'].append(('p--q--s', '', []))
                if ('p--q--s', 'p--q--s', False) not in edits['networks']:
                    edits['networks'].append(('p--q--s', 'p--q--s', False))
            if rng.random() < 0.2:
                e['joins'].append(('back', '', ['m', 'n']))
        if rng.random() < 0.6:
            e['dns'] = ['172.20.0.253', '127.0.0.11']
        edits['services'][name] = e
    if any(j[0] == 'back' for e in edits['services'].values() for j in e['joins']) and 'back' not in (source.get('networks') or {}):
        edits['networks'].append(('back', '', False))
    return edits


def written(edits):
    lines = []
    for name, e in edits['services'].items():
        lines.append(f'service\t{name}\t{"keep" if e["keep"] else "-"}')
        lines += [f'label\t{k}\t{v}' for k, v in e['labels']]
        lines += [f'join\t{n}\t{ip or "-"}\t{",".join(a) or "-"}' for n, ip, a in e['joins']]
        if e['dns']:
            lines.append(f'dns\t{"replaces" if e["replaces"] else "weak"}\t{",".join(e["dns"])}')
    lines += [f'network\t{k}\t{n or "-"}\t{"external" if x else "-"}' for k, n, x in reversed(edits['networks'])]
    return '\n'.join(lines) + '\n'


def load(text):
    try:
        loaded = yaml.load(text, Loader)
    except (yaml.YAMLError, ValueError, TypeError, AttributeError, RecursionError):
        return None
    if not isinstance(loaded, dict) or not isinstance(loaded.get('services'), dict):
        return None
    if not all(b is None or isinstance(b, dict) for b in loaded['services'].values()):
        return None
    return loaded


def main():
    apply, count, seed, folder = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), pathlib.Path(sys.argv[4])
    rng = random.Random(seed)
    cases, texts = [], [pathlib.Path(f).read_bytes() for f in sys.argv[5:]]
    texts += [flow_file(rng) if rng.random() < 0.1 else Writer(rng).file() for _ in range(count)]
    for i, text in enumerate(texts):
        source = load(text)
        if source is None:
            continue
        edits = random_edits(rng, source)
        (folder / f'{i}.yml').write_bytes(text)
        (folder / f'{i}.edits').write_text(written(edits))
        cases.append((i, text, source, edits))
    tally, wrong = {}, []

    def run(cases, suffix, out):
        words = [apply, '-v']
        for i, *_ in cases:
            words += [str(folder / f'{i}{suffix}'), str(folder / f'{i}.edits'), str(folder / f'{i}{out}')]
        return subprocess.run(words, check=True, capture_output=True, text=True).stdout.splitlines()

    done = []
    for start in range(0, len(cases), 200):
        part = cases[start:start + 200]
        for case, verdict in zip(part, run(part, '.yml', '.out'), strict=True):
            i, text, source, edits = case
            kind = ' '.join([verdict.split()[0]] + sorted(set(re.findall(r'E\d+', verdict))))
            tally[kind] = tally.get(kind, 0) + 1
            if 'read back' in verdict:
                wrong.append((i, verdict))
            if verdict != 'ok':
                continue
            out = (folder / f'{i}.out').read_bytes()
            result = load(out)
            found = ['cannot be read'] if result is None else differences(source, edits, result)
            if not is_insertion(text, out):
                found.append('not only insertions')
            if found:
                wrong.append((i, '; '.join(found)))
            done.append(case)
    for start in range(0, len(done), 200):
        part = done[start:start + 200]
        for (i, *_), verdict in zip(part, run(part, '.out', '.again'), strict=True):
            if verdict != 'ok':
                wrong.append((i, f'the second time: {verdict}'))
            elif (folder / f'{i}.out').read_bytes() != (folder / f'{i}.again').read_bytes():
                wrong.append((i, 'the second time it changes'))
    for i, what in wrong[:20]:
        print(f'{folder}/{i}.yml: {what}')
    print(f'{len(cases)} files, {len(wrong)} wrong; ' + ', '.join(f'{v} {k}' for k, v in sorted(tally.items())))
    return bool(wrong)


if __name__ == '__main__':
    sys.exit(main())
