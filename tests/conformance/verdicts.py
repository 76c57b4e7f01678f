"""What the findings of `itsupc check` say about requests, against what the real proxy does.

SAYS has a row for each sentence with a request or a router in it: the words, and what must come true. The requests are
asked of `itsupc trace` and of the proxy; a router that never answers must not have answered any other request either.
UNSEEN names the lints of which no request can show anything, with the reason.
"""
import collections
import json
import re
import subprocess

from asked import DEFAULTS, REDIRECTED, differs

REQUEST = (r'(?:(?P<method>[A-Z]+) )?(?P<url>https?://[^ ,]+)(?P<headers>(?: \([^()]+: [^()]*\))*)(?: from (?P<ip>[0-9a-f.:]+))?')
# Where fewer requests were asked, some of each router are asked besides.
LEAST = 20
# A client that no configuration has heard of.
SOMEONE = '198.51.100.9'
# Loads after which two that tie must both have been seen; of neighbours one is taken in seven of eight.
LOADS = 150
UNSEEN = {
    'C003': 'what a certificate authority refuses', 'C005': "an authority's limits", 'C006': "an authority's limits",
    'C007': 'a name too many in a certificate changes no answer', 'C008': 'what a certificate authority refuses',
    'C009': 'what a certificate authority reaches', 'C010': 'what a certificate authority reaches',
    'C012': 'what a certificate authority refuses', 'R008': "which of a service's servers answers: they are one of our own here",
    'R016': 'another version of Traefik', 'R040': 'an order that is asked for, not what comes of it',
    'R042': 'what was not decided',
    'X001': 'who can reach an entry point', 'X002': 'what a mounted socket allows', 'X003': 'what Docker publishes',
    'X004': 'what Docker publishes', 'X005': 'what Docker publishes', 'X006': 'what an image exposes', 'X007': 'networks of Docker',
    'X009': 'who can reach an entry point', 'X011': 'a server that is not there: it is one of our own here',
    'X012': 'templates have no instance yet', 'X013': 'a credential in a file', 'X014': 'files of the host',
    'X015': 'networks of Docker', 'X016': 'a password that nobody has any more', 'X017': 'how a process is started',
    'X018': 'files of the host', 'X019': 'how long a client takes', 'X020': 'what Docker publishes',
    'X021': 'a server that speaks first, and waits for ever', 'X022': 'the order of names in a certificate',
}


class World:
    """One configuration: behind the proxy, and as trace reads it."""

    def __init__(self, compiler, asker, folder, words, served=None, names=None, **question):
        """`served`: whose server a backend is; with servers of our own they tell it themselves. `names`: how trace
        calls the addresses of backends."""
        self.compiler, self.asker, self.folder, self.words, self.question = compiler, asker, folder, words, question
        self.served, self.loaded, self.seen = served or {}, {}, []
        self.points, self.names = [], names or {}

    def findings(self, *words):
        run = subprocess.run([self.compiler, 'check', '--format', 'json', *words], cwd=self.folder, capture_output=True, text=True,
                             timeout=60, check=False)
        return json.loads(run.stdout)['diagnostics']

    def place(self, finding):
        """The keys that lead to the finding's line: of an option in a file, or of a label."""
        above = []
        for line in (self.folder / finding['file']).read_text().splitlines()[:finding['line']]:
            indent = len(line) - len(line.lstrip(' -'))
            while line.strip() and above and above[-1][0] >= indent:
                above.pop()
            key = re.match(r'[ -]*"?([^"\s:]+)"?:(?=\s|$)', line)
            label = re.match(r'[ -]*["\']?(traefik\.[^=:\s]+)', line)
            if label:
                above.append((indent, label[1].split('.')[1:]))
            elif key:
                above.append((indent, [key[1]]))
        if above and len(above[-1][1]) > 1:
            return above[-1][1]
        return [part for _, parts in above for part in parts]

    def owner(self, backend, name):
        """Does a connection that ends there belong to the router?"""
        bare = self.served.get(backend, backend or '').partition('@')[0]
        return bare in {s.partition('@')[0] for s in services(self, name)}

    def same(self, answer, got):
        """The answer of trace, for servers of our own."""
        backend = (got.get('seen') or {}).get('backend')
        if not self.question.get('ownServers'):
            return answer
        if backend and answer['outcome'] == 'router':
            return {**answer, 'server': backend, 'servers': []}
        return {k: v for k, v in answer.items() if k != 'possible'}

    def trace(self, requests):
        (self.folder / 'requests').write_text(''.join(json.dumps(q) + '\n' for q in requests))
        run = subprocess.run([self.compiler, 'trace', '--requests', 'requests', *self.words, '--quiet'], cwd=self.folder,
                             capture_output=True, text=True, timeout=60, check=False)
        answers = [json.loads(line) for line in run.stdout.splitlines()]
        if len(answers) != len(requests):
            raise RuntimeError(f'trace: status {run.returncode}: {run.stderr}')
        return answers

    def reload(self, requests, said=None, **more):
        """What the proxy does, started anew."""
        said = said or self.trace(requests)
        self.asker.start(**{'anyClient': True, **self.question, **more},
                         requests=[{**q, 'entryPoint': q.get('entryPoint') or a.get('entryPoint') or ''} for q, a in zip(requests, said)])
        results = self.asker.results()
        for got in results if self.names else []:
            got['subject'] = self.names.get(got.get('subject'), got.get('subject'))
            if got.get('seen'):
                got['seen']['backend'] = self.names.get(got['seen']['backend'], got['seen']['backend'])
        return results

    def ask(self, requests):
        """(request, what the proxy did, what trace said) of each."""
        said = self.trace(requests)
        got = self.reload(requests, said)
        self.loaded = self.asker.loaded or self.loaded
        self.points = self.asker.points or self.points
        rows = list(zip(requests, got, said))
        self.seen += rows
        return rows

    def router(self, layer, name):
        """Its forms in the proxy, name -> router: each entry point may have one of its own."""
        return {full: r for full, r in (self.loaded or {}).get(layer, {}).items() if is_called(full, name, r)}


FORMS = ('{point}-{name}', '{point}-conflicted-{name}', '{point}-conflicted-{point}-{name}')


def is_called(full, name, router):
    """Is that a form of the router, as it is written?"""
    bare, _, provider = full.partition('@')
    name, _, wanted = name.partition('@')
    forms = {name} | {form.format(point=point, name=name) for point in router.get('points') or [] for form in FORMS}
    return bare in forms and wanted in ('', provider)


def came_by(world, got, name):
    return any(full in world.router('http', name) for full in got.get('routers') or [])


def services(world, name):
    """Where its connections end, as servers of our own tell."""
    return {r['service'] if '@' in r['service'] else f"{r['service']}@{full.partition('@')[2]}"
            for layer in ('tcp', 'udp') for full, r in world.router(layer, name).items()}


# ---- what must come true: '' when it did, the reason when it did not, None when nothing could be seen ----

def by_router(found, world, _, got, __):
    either = (found['router'], found.get('other') or found['router'])
    return '' if any(came_by(world, got, name) for name in either) else f"it came by {got.get('routers')}, not by {found['router']}"


def by_service(found, _, __, got, ___):
    return '' if found['service'] in (got.get('routers') or []) else f"it came by {got.get('routers')}"


def by_stream(found, world, __, got, answer):
    backend = (got.get('seen') or {}).get('backend')
    if got.get('closed') and answer.get('status') == 'close' and answer.get('router', '').partition('@')[0] == found['router']:
        return ''  # it lets in others
    tied = answer.get('routers') or []  # those that tie
    if not got.get('routers') and backend and any(world.owner(backend, name) for name in [found['router'], *tied]):
        return ''
    return f"it went to {backend}"


def by_status(found, _, __, got, ___):
    return '' if got.get('status') == int(found['status']) and not got.get('seen') else f"its status is {got.get('status')}"


def location(got):
    return (got.get('headers') or {}).get('Location')


def by_location(found, _, __, got, ___):
    return '' if location(got) == found['location'] else f"it is sent to {location(got)}"


def by_redirect(_, __, ___, got, ____):
    return '' if got.get('status') in REDIRECTED else f"its status is {got.get('status')}"


def by_loop(found, world, request, got, _):
    """Followed as a browser would, which some lists of addresses keep out."""
    seen, to = [found['url']], location(got)
    if to != found['location']:
        return f'it is sent to {to}'
    while to not in seen and len(seen) < 8:
        seen.append(to)
        (_, got, _), = world.ask([{**{k: v for k, v in request.items() if k in ('method', 'headers')}, 'url': to, 'ip': request['ip']}])
        if got.get('status') == 403 and request['ip'] == SOMEONE:
            request = {**request, 'ip': '127.0.0.1'}
            (_, got, _), = world.ask([request])
            return by_loop(found, world, request, got, None)
        if got.get('status') not in REDIRECTED:
            return f'{to} is answered {got.get("status")}'
        to = location(got)
    return ''


def by_default_options(_, __, ___, got, ____):
    return '' if got.get('options') == 'default' else f"its TLS options are {got.get('options')}"


def by_either(found, world, request, _, answer):
    """Both are taken, now one and then the other; a third may tie, too."""
    names, came = (found['first'], found['second']), set()
    tied = answer.get('routers') or names
    for _ in range(LOADS):
        got, = world.reload([request], [answer])
        came |= {n for n in names if came_by(world, got, n)}
        if len(came) == 2:
            return ''
        if not any(came_by(world, got, n) for n in tied):
            hidden = answer.get('why') and (got.get('closed') or got.get('status') == 421)
            return None if hidden else f"it came by {got.get('routers')}, status {got.get('status')}"
    return f'only {came} in {LOADS} loads'


SAYS = [
    (re.compile(rf'both match {REQUEST} with priority'), by_either),
    (re.compile(rf'{REQUEST} is answered by `(?P<router>[^`]+)`(?: or `(?P<other>[^`]+)`)?'), by_router),
    (re.compile(rf'{REQUEST} is answered by (?P<service>[a-z-]+@internal)'), by_service),
    (re.compile(rf'loses {REQUEST} to the broader `(?P<router>[^`]+)`'), by_router),
    (re.compile(rf'{REQUEST} goes to `(?P<router>[^`]+)`'), by_stream),
    (re.compile(rf'{REQUEST} is answered (?P<status>\d+)'), by_status),
    (re.compile(rf'{REQUEST} is sent to (?P<location>[^ ,]+), and'), by_loop),
    (re.compile(rf'{REQUEST} is sent to (?P<location>[^ ,]+), where'), by_location),
    (re.compile(rf'{REQUEST} is redirected'), by_redirect),
    (re.compile(rf'{REQUEST} is served without them'), by_default_options),
]
PAIR = re.compile(r'routers `(?P<first>[^`]+)` and `(?P<second>[^`]+)` both')


def request_of(found):
    headers = {k.strip(): v for k, v in re.findall(r'\(([^()]+): ([^()]*)\)', found['headers'] or '')}
    out = {'url': found['url'], 'ip': found['ip'] or SOMEONE}
    if found['method']:
        out['method'] = found['method']
    return {**out, 'headers': headers} if headers else out


# ---- of a router, without a request ----

def never_by_host(found, world, _):
    """A request without a host is not redirected."""
    mine = [q for q, g, _ in world.seen if q.get('host') != '' and came_by(world, g, found['router'])]
    return f'it answered {json.dumps(mine[0])}' if mine else '' if world.seen else None


def never(found, world, _):
    """It answers nothing of all that was asked."""
    name = found['router']
    if world.router('tcp', name) and not world.router('http', name):
        if sum(r['service'] in services(world, name) for r in world.loaded['tcp'].values()) > 1:
            return None
        mine = [q for q, g, _ in world.seen if world.owner((g.get('seen') or {}).get('backend'), name)]
    else:
        mine = [q for q, g, _ in world.seen if came_by(world, g, name)]
    return f'it answered {json.dumps(mine[0])}' if mine else '' if world.seen else None


def disabled(found, world, finding):
    """The proxy itself says so."""
    path = world.place(finding)
    name = found.groupdict().get('router') or (path[2] if path and len(path) > 2 and path[1] == 'routers' else None)
    if not name:
        return None
    routers = [r for layer in ('http', 'tcp') for r in world.router(layer, name).values()]
    if any(r.get('parents') for r in routers):  # what nobody asks is not even made
        return never({'router': name}, world, None)
    states = [r['status'] for r in routers]
    wrong = [s for s in states if s != 'disabled']
    return f'the proxy calls it {wrong[0]}' if wrong else never({'router': name}, world, None)


def not_there(found, world, finding):
    path = world.place(finding)
    if not path or len(path) < 3 or path[1] != 'routers':
        return None
    routers = world.router(path[0], path[2])
    said = [e for r in routers.values() for e in r.get('errors') or []]
    if not routers:  # its container is left out for something else
        return None
    return '' if any(found['point'] in e and 'entryPoint' in e for e in said) else f'the proxy says {said}'


def probe(world, name, host=None, path='/', layers=('http',)):
    """Requests to the entry points of a router, by the host names of its rule."""
    out = []
    for layer in layers:
        for router in world.router(layer, name).values():
            hosts = [host] if host else [h.replace('*', 'any') for h in re.findall(r'Host(?:SNI)?\([`"]([^`"]+)[`"]\)', router.get('rule', ''))] or ['else.test']
            for point in [p for p in router.get('points') or [] if p in world.points]:
                for scheme in ('http', 'https'):
                    out += [{'url': f'{scheme}://{h}{path}', 'host': h, 'sni': h.rstrip('.').lower(), 'entryPoint': point, 'ip': SOMEONE}
                            for h in dict.fromkeys(hosts)]
    return out[:24]


def any_of(rows, judge):
    """What the first says that says anything; a disagreement before all."""
    said = [judge(*row) for row in rows]
    wrong = [s for s in said if s]
    return wrong[0] if wrong else '' if '' in said else None


def of_prefix(found, world, finding):
    path = world.place(finding)
    if not path or len(path) < 3 or path[1] != 'routers':
        return None
    rows = world.ask(probe(world, path[2], path=found['path']) or [])

    def judge(_, got, __):
        by_it = came_by(world, got, path[2])
        if 'left out' in found[0]:
            return None if by_it else ''
        return '' if by_it else None
    return any_of(rows, judge)


def of_dead(found, world, finding):
    """The host, path or query as the rule has it never leads to the router, unless another part of the rule does."""
    path = world.place(finding)
    if not path or len(path) < 3 or path[1] != 'routers':
        return None
    if any('||' in r.get('rule', '') or '!' in r.get('rule', '') for r in world.router('http', path[2]).values()):
        return None
    given = found.groupdict()
    rows = world.ask(probe(world, path[2], path=given.get('path') or given.get('query', '/') or '/'))
    others = world.ask(probe(world, path[2], path='/?' + re.sub('^[?]|=.*', '', given['query']))) if given.get('query') else []
    if others and not any(came_by(world, got, path[2]) for _, got, _ in others):
        return None
    return any_of(rows, lambda _, got, __: f'it came by {path[2]}' if came_by(world, got, path[2]) else '')


def sample(pattern):
    """A text that the regular expression matches, where it has no more than dots and anchors; each bare dot is another letter."""
    out = re.sub(r'(?<!\\)\.', 'x', pattern.strip('^$')).replace('\\', '')
    return out if re.fullmatch(r'[\w./-]+', out) else None


def of_pattern(found, world, finding):
    """What the regular expression takes besides what was meant comes by the router, too."""
    path = world.place(finding)
    rules = [r.get('rule', '') for r in world.router('http', path[2]).values()] if path and len(path) > 2 and path[1] == 'routers' else []
    hosts = [sample(p) for p in re.findall(r'HostRegexp\([`"]([^`"]*)[`"]\)', ' '.join(rules))]
    paths = [sample(p) for p in re.findall(r'PathRegexp\([`"]([^`"]*)[`"]\)', ' '.join(rules))]
    more = 'anywhere' in found[0]
    asked = [q for h in hosts if h for q in probe(world, path[2], f'x{h}x' if more else h)]
    asked += [q for p in paths if p for q in probe(world, path[2], path=f'/x{p}x' if more else p)]
    rows = world.ask(asked) if asked else []
    return '' if any(came_by(world, got, path[2]) for _, got, _ in rows) else None


def of_first_file(found, world, finding):
    """The rule that the proxy has is the other file's."""
    rules = [r.get('rule', '') for r in world.router('http', found['router']).values()]
    first, own = (world.folder / found['file']).read_text(), (world.folder / finding['file']).read_text()
    return '' if rules and all(rule in first and rule not in own for rule in rules) else f'its rule is {rules}'


def of_uncovered(found, world, finding):
    path = world.place(finding)
    rows = world.ask([q for q in probe(world, path[2], found['host'].replace('*', 'any')) if q['url'].startswith('https')]) \
        if path and len(path) > 2 and path[1] == 'routers' else []
    return any_of(rows, lambda q, got, __: None if not got.get('tls') else 'the certificate covers it' if q['sni'] in got['names'] else '')


def of_unlabelled(_, world, __):
    if not world.question.get('containers'):
        return None
    made = [n for n, r in world.loaded.get('http', {}).items() if n.endswith('@docker') and r['status'] == 'enabled']
    return '' if made else 'there is no router'


def of_bare_middleware(found, world, _):
    errors = {e for r in world.loaded.get('http', {}).values() for e in r.get('errors') or []}
    return '' if any(f'"{found["name"]}@' in e for e in errors) else None


def of_strip(found, world, _):
    rows = world.ask(probe(world, found['router'], path=found['path']))

    def judge(_, got, __):
        seen = got.get('seen')
        if not seen or not came_by(world, got, found['router']):
            return None
        return '' if not any(h.lower() == 'x-forwarded-prefix' for h in seen.get('headers') or {}) else None
    return any_of(rows, judge)


def of_taken(found, world, _):
    rows = world.ask([q for q in probe(world, found['router'], found['host'], layers=('tcp',)) if q['url'].startswith('https')])
    return any_of(rows, lambda _, got, __: 'the TCP router got it' if world.owner((got.get('seen') or {}).get('backend'), found['router']) else
                  '' if got.get('tls') else None)


def of_claim(found, world, _):
    host = found['host'].replace('*', 'any')
    rows = world.ask([q for q in probe(world, found['router'], host) if q['url'].startswith('https')])

    def judge(_, got, answer):
        tls = answer.get('tls') or {}
        if not got.get('tls') or tls.get('loadOrderDecides'):
            return None
        if found.groupdict().get('resolver'):
            return '' if got['issuer'] == found['resolver'] else None
        return '' if got.get('options') == found['options'] else None
    return any_of(rows, judge)


def of_hostless(found, world, _):
    rows = world.ask([q for q in probe(world, found['router']) if q['url'].startswith('https')])
    return any_of(rows, lambda _, got, __: None if not came_by(world, got, found['router']) else
                  '' if got.get('options') == 'default' else f"its TLS options are {got.get('options')}")


def of_race(found, world, finding):
    """Other options after other loads, or no connection at all."""
    path, host = world.place(finding), found.groupdict().get('host') or 'else.test'
    if not path or len(path) < 3:
        return None
    asked = [q for q in probe(world, path[2], host.replace('*', 'any')) if q['url'].startswith('https')]
    said = world.trace(asked) if asked else []
    asked = [q for q, a in zip(asked, said) if (a.get('tls') or {}).get('loadOrderDecides')][:2]
    came = collections.defaultdict(set)
    for _ in range(LOADS if asked else 0):
        for q, got in zip(asked, world.reload(asked)):
            came[q['entryPoint']].add(got.get('options') or 'closed')
        if any(len(c) > 1 for c in came.values()):
            return ''
    return f'always {dict(came)}' if any(c != {'closed'} for c in came.values()) else None


def of_datagrams(found, world, _):
    (_, got, _), = world.ask([{'url': 'udp://x', 'entryPoint': found['point']}])
    backend = (got.get('seen') or {}).get('backend')
    return '' if world.owner(backend, found['router']) else f'{backend} got it'


def of_strict(found, world, finding):
    path = world.place(finding)
    rows = world.ask([q for q in probe(world, path[2], found['host']) if q['url'].startswith('https')]) if path and len(path) > 2 else []
    return any_of(rows, lambda _, got, __: '' if got.get('closed') and not got.get('tls') else 'the handshake is done')


def of_default_certificate(_, world, finding):
    path = world.place(finding)
    rows = world.ask([q for q in probe(world, path[2]) if q['url'].startswith('https')]) if path and len(path) > 2 and path[1] == 'routers' else []

    def judge(_, got, answer):
        said = (answer.get('tls') or {}).get('certificate') or {}
        if not got.get('tls') or said.get('from') != 'default':
            return None
        return '' if got['subject'] in DEFAULTS else f"the certificate is of {got['subject']}"
    return any_of(rows, judge)


ROUTERS = [
    (re.compile(r'outer `(?P<router>[^`]+)` never matches'), never),
    (re.compile(r'the rule of router `(?P<router>[^`]+)` contradicts itself'), never),
    (re.compile(r'router `(?P<router>[^`]+)` is only on `[^`]+`, which redirects everything'), never_by_host),
    (re.compile(r'takes all requests of router `(?P<router>[^`]+)`'), never),
    (re.compile(r'TCP router `(?P<router>[^`]+)` gets no TLS clients: `(?P<host>[^`]+)` is a host of HTTPS'), of_taken),
    (re.compile(r'Traefik leaves router `(?P<router>[^`]+)` out'), disabled),
    (re.compile(r'Traefik (?:would )?(?:disable|refuse)s? (?:the router|the rule)'), disabled),
    (re.compile(r'no entry point is called `(?P<point>[^`]+)`.*Traefik would not serve the router there'), not_there),
    (re.compile(r'`(?P<path>/[^`]*)` is (?:routed|left out) here, too'), of_prefix),
    (re.compile(r'no request has the path `(?P<path>[^`]+)`'), of_dead),
    (re.compile(r'(?<!the braces as text; )no request ever matches it$'), of_dead),
    (re.compile(r'`(?P<query>\?[^`]+)` does not match$'), of_dead),
    (re.compile(r'a longer (?:host|path) that holds such a part is accepted, too'), of_pattern),
    (re.compile(r'names that differ there match, too'), of_pattern),
    (re.compile(r'router `(?P<router>[^`]+)` stands in (?P<file>\S+), too \|.*ignores this one'), of_first_file),
    (re.compile(r'the certificate does not cover `(?P<host>[^`]+)`'), of_uncovered),
    (re.compile(r'every container gets a router, also those without labels'), of_unlabelled),
    (re.compile(r'`(?P<name>[^`]+)` does not say which provider has it'), of_bare_middleware),
    (re.compile(r'no path of router `(?P<router>[^`]+)` begins with .*: the service gets (?P<path>/\S*) as it is'), of_strip),
    (re.compile(r'router `(?P<router>[^`]+)` claims `(?P<host>[^`]+)`.*Traefik asks `(?P<resolver>[^`]+)` for a certificate'), of_claim),
    (re.compile(r'router `(?P<router>[^`]+)` claims `(?P<host>[^`]+)`.*get TLS options `(?P<options>[^`]+)`'), of_claim),
    (re.compile(r'TLS options need a `Host`, which the rule of `(?P<router>[^`]+)` does not have'), of_hostless),
    (re.compile(r'the load order decides the TLS options of (?:`(?P<host>[^`]+)`|names)'), of_race),
    (re.compile(r'UDP entry point `(?P<point>[^`]+)` has a second router.*only `(?P<router>[^`]+)`, the last by name'), of_datagrams),
    (re.compile(r'no certificate is in view for `(?P<host>[^`]+)`, and its TLS options are strict'), of_strict),
    (re.compile(r'browsers would be shown Traefik\'s default certificate|clients see (?:its own|the) default'), of_default_certificate),
]


class Verdicts:
    """Counts what was confirmed, and keeps what was not."""

    def __init__(self):
        self.confirmed, self.wrong, self.told = collections.Counter(), [], collections.Counter()

    def add(self, code, reason, text):
        if reason:
            self.wrong.append(f'{code}: {text}: {reason}')
        elif reason == '':
            self.confirmed[code] += 1

    def judge(self, world, findings):
        """All that they say, once the world was asked what else there is to ask."""
        texts = [(f, f'{f["message"]} | {f.get("effect") or ""}') for f in findings]
        self.told.update({f['code'] for f in findings})
        claims = [(f, text, found, holds) for f, text in texts for pattern, holds in SAYS for found in pattern.finditer(text)]
        requests = [request_of(found) for _, _, found, _ in claims]
        for (f, text, found, holds), (q, got, answer) in zip(claims, world.ask(requests) if requests or not world.seen else []):
            given = {**found.groupdict(), **(PAIR.search(text).groupdict() if PAIR.search(text) else {})}
            if (answer.get('tls') or {}).get('loadOrderDecides') and (got.get('closed') or got.get('status') == 421):
                continue
            reason = holds(given, world, q, got, answer)
            if reason == '' and 'providers.precedence' not in text:  # where trace holds to the documented order
                reason = differs(got, world.same(answer, got))
            self.add(f['code'], reason, text)
        for name in {full.partition('@')[0] for full in world.loaded.get('http', {})} if len(world.seen) < LEAST else ():
            world.ask(probe(world, name))
        for f, text in texts:
            for pattern, holds in ROUTERS:
                found = pattern.search(text)
                if found:
                    self.add(f['code'], holds(found, world, f), text)

    def lines(self):
        return ', '.join(f'{code} {n}' for code, n in sorted(self.confirmed.items()))
