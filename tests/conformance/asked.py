"""Asks the real proxy (asker/main.go), and compares what it did with what `itsupc trace` said."""
import json
import pathlib
import re
import subprocess
import sys
import threading

HERE = pathlib.Path(__file__).resolve().parent
DEFAULTS = ('fallback.test', 'TRAEFIK DEFAULT CERT')
REDIRECTED = (301, 302, 307, 308)
INTERNAL = {'ping@internal': 200, 'noop@internal': 418}


class Asker:
    """The program that tests/conformance/setup builds, kept running."""

    def __init__(self, path):
        self.process = subprocess.Popen([path], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.writer = None
        self.loaded, self.points = {}, []  # by the last configuration: routers, entry points

    @classmethod
    def there(cls, path=None):
        """It, or the end of this program when it is not built."""
        if not path:
            run = subprocess.run([str(HERE / 'setup'), '--there', 'asker'], capture_output=True, text=True, check=False)
            if run.returncode:
                print(f'the real proxy is not built: {run.stderr.strip()}')
                sys.exit(77)
            path = run.stdout.strip()
        return cls(path)

    def start(self, **question):
        """Asks; the answer comes with results()."""
        line = json.dumps(question).encode() + b'\n'

        def write():
            self.process.stdin.write(line)
            self.process.stdin.flush()
        self.writer = threading.Thread(target=write)
        self.writer.start()

    def results(self):
        line = self.process.stdout.readline()
        self.writer.join()
        if not line:
            raise RuntimeError('asker ended')
        answer = json.loads(line)
        if answer.get('error'):
            raise RuntimeError(f"asker: {answer['error']}")
        self.loaded, self.points = answer.get('loaded') or {}, answer.get('points') or []
        return answer['results']

    def ask(self, **question):
        self.start(**question)
        return self.results()


def address(server):
    return re.sub(r'^\w+://', '', server)


def routers_of(answer):
    """The routers that a request comes by, as the proxy calls them."""
    way = [*answer.get('parents', []), answer['router']]
    return sorted([answer.get('runtime', way[0]), *way[1:]])


def of_way(got, answer):
    """A connection of TCP names no router."""
    way = got.get('routers')
    if 'router' not in answer or way == routers_of(answer) or not (way or got.get('status') in (*REDIRECTED, 401)):
        return ''
    return f'it came by {way}'


def of_answered(got, answer):
    """The router that trace names took it: its server saw it, or a middleware or Traefik's own service answered."""
    if 'answer' in answer:
        status = answer['answer']['status']
        return '' if got.get('status') == status and not got.get('seen') else f'status {status} expected'
    if answer.get('service', '').endswith('@internal'):
        wanted = INTERNAL.get(answer['service'])
        return '' if wanted is None or got.get('status') == wanted else f'status {wanted} expected'
    seen = got.get('seen')
    if not (answer.get('servers') or answer.get('server')):
        return '' if got.get('status') == 503 or got.get('closed') else 'it has no server: 503 expected'
    if not seen:
        return 'no backend saw it'
    servers = [address(s) for s in answer.get('servers') or [answer['server']]]
    if seen['backend'] not in servers:
        return f"the backend is {seen['backend']}"
    if 'path' in answer and seen.get('path') != answer['path']:
        return f"the backend sees the path {seen.get('path')}"
    return ''


def of_tls(got, answer):
    tls = answer.get('tls')
    if not tls or not got.get('tls') or answer['outcome'] == 'ambiguous':
        return ''
    through = tls['mode'] == 'passthrough'
    if through != (got['issuer'] == 'backend' and got['subject'] == (got.get('seen') or {}).get('backend')):
        return 'passed through, or ended by the proxy?'
    if not through and not tls.get('loadOrderDecides') and got.get('options', tls.get('options')) != tls.get('options'):
        return f"the TLS options are {got['options']}"
    return '' if through or 'certificate' not in tls else of_certificate(got, tls['certificate'])


def of_certificate(got, said):
    """The names in it, and who gave it: a resolver's name is its authority's."""
    if said['from'] == 'default':
        return '' if got['subject'] in DEFAULTS else f"the certificate is of {got['subject']}"
    if said['from'] == 'resolver':  # which of the certificates that hold a name come first is chance
        return '' if got['issuer'] == said['name'] else f"the certificate is from {got['issuer']}"
    names = [n.lower() for n in got['names'] if n != got['subject']]
    if sorted({got['subject'].lower(), *names}) != sorted(set(said['names'])):
        return f"the certificate is for {got['names']}"
    return ''


def of_redirect(got, answer):
    said = (got.get('status'), (got.get('headers') or {}).get('Location'))
    return '' if said == (answer['status'], answer['location']) else f'redirected: {said}'


def of_none(got, answer):
    if answer['status'] == 'close':
        return '' if got.get('closed') else 'the connection is not closed'
    return '' if got.get('status') == answer['status'] and not got.get('seen') else f"status {answer['status']} expected"


def of_acme(got, _):
    return '' if got.get('status') == 404 and not got.get('seen') else 'the challenge is not answered'


def of_ambiguous(got, answer):
    """One of those that tie, or what else trace says may happen."""
    if answer.get('why') and (got.get('closed') or got.get('status') == 421):
        return ''
    reasons = [of_possible(got, one) for one in answer.get('possible') or []]
    return '' if not reasons or '' in reasons else '; '.join(reasons)


def of_possible(got, one):
    if 'location' in one:
        return of_redirect(got, one)
    if 'status' in one:
        return of_none(got, one)
    if 'why' in one:  # its children tie
        return ''
    if one['router'].endswith('@internal'):
        return '' if not got.get('seen') else 'a backend saw it'
    return of_answered(got, one)


OUTCOMES = {'router': of_answered, 'redirect': of_redirect, 'none': of_none,
            'acme': of_acme, 'ambiguous': of_ambiguous}


def differs(got, answer, way=True):
    """What is not as trace said, or nothing."""
    compare = OUTCOMES.get(answer['outcome'])
    if not compare:
        return f"trace: {answer.get('error')}"
    way = way and answer['outcome'] in ('router', 'redirect')
    return compare(got, answer) or of_tls(got, answer) or (of_way(got, answer) if way else '')
