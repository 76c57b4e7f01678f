"""The language server as editors see it: sessions with a client of our own (lsp_client.py), and what it
finds compared with `itsupc check`."""
import json
import os
import pathlib
import random
import shutil
import subprocess
import tempfile

import cases
from lsp_client import CAPABILITIES, Client, Closed, uri

TESTS = []
EXAMPLES = cases.EXAMPLES


def test(function):
    TESTS.append(function)
    return function


class Session:
    """A server over a temporary folder with files."""

    def __init__(self, itsupc, files=(), folders=('.',), capabilities=None, flags=()):
        self.kept = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.kept.name).resolve()
        for name, text in dict(files).items():
            self.write(name, text)
        self.client = Client([itsupc, 'lsp', *flags], stderr=subprocess.PIPE)
        self.result = self.client.start([self.path(f) if f != '.' else str(self.folder) for f in folders], capabilities)
        self.versions = {}

    def path(self, name):
        return str(self.folder / name)

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding='utf-8', newline='')

    def open(self, name, text=None):
        self.versions[name] = 1
        self.client.open(self.path(name), text)
        return self

    def change(self, name, *changes):
        self.versions[name] += 1
        self.client.change(self.path(name), self.versions[name], *changes)
        return self

    def findings(self, name):
        return self.client.settle(self.path(name), self.versions.get(name))

    def codes(self, name):
        return [d['code'] for d in self.findings(name)]

    def quiet(self, seconds=0.6):
        """Until nothing more comes."""
        while self.client.read(seconds):
            pass

    def __enter__(self):
        return self

    def __exit__(self, kind, *rest):
        try:
            if kind is None:
                said = self.client.stop()
                assert said == 0, f'exit status {said}: {self.client.server.stderr.read().decode()}'
            else:
                self.client.kill()
        finally:
            self.client.server.stderr.close()
            self.kept.cleanup()


def place(text):
    """A text with ¦ where the cursor stands: without it, and the position (UTF-16)."""
    before, _, after = text.partition('¦')
    line = before.count('\n')
    column = len(before.rpartition('\n')[2].encode('utf-16-le')) // 2
    return before + after, line, column


def same(found, wanted):
    assert found == wanted, f'\nfound   {found}\nwanted  {wanted}'


def holds(found, *wanted):
    for word in wanted:
        assert word in found, f'{word!r} is not in {found!r}'


SHOP = {
    'compose.yml': 'services:\n  web:\n    image: nginx\n    expose: ["8080", "9090"]\n  api:\n    image: nginx\n',
    'lib.itsup': 'middleware guard = allow(10.0.0.0/8)\nlet zone = example.org\n',
}
HEAD = '''import lib.itsup as sso
let domain = example.com
proxy traefik {
  entrypoint web :80 { redirect websecure }
  entrypoint websecure :443 { default }
  resolver public acme { email a@example.com; http-01 web }
}
middleware admins = basic-auth(users-file=/run/secrets/a) | compress
template preview(id int 1..9) {
  https://p{id}.{domain} -> web:3000
}
'''



def framed(body):
    return b'Content-Length: %d\r\n\r\n%b' % (len(body), body)


# ---- the protocol ----


@test
def lifecycle(itsupc):
    client = Client([itsupc, 'lsp'])
    same(client.answer(client.ask('textDocument/hover'))['error']['code'], -32002)
    result = client.start()
    same(result['capabilities']['positionEncoding'], 'utf-16')
    same(result['serverInfo']['name'], 'itsupc')
    same(client.answer(client.ask('initialize'))['error']['code'], -32600)
    same(client.answer(client.ask('no/such'))['error']['code'], -32601)
    client.notify('no/such')
    client.notify('$/no/such')
    same(client.answer(client.ask('textDocument/didOpen'))['error']['code'], -32601)
    same(client.request('shutdown'), None)
    same(client.answer(client.ask('textDocument/hover'))['error']['code'], -32600)
    client.notify('exit')
    same(client.server.wait(10), 0)
    for ending in ('exit', None):
        client = Client([itsupc, 'lsp'])
        client.start()
        if ending:
            client.notify(ending)
        client.server.stdin.close()
        same(client.server.wait(10), 1)


@test
def malformed(itsupc):
    """Each gets an error, and the next message is answered."""
    bad = [
        (b'Content-Length: 3\r\n\r\n{x}', -32700),
        (b'Content-Length: 4\r\n\r\n"\xff"\n', -32700),
        (b'Content-Length: 0\r\n\r\n', -32700),
        (b'Content-Length: x\r\n\r\n', -32700),
        (b'Content-Length: -1\r\n\r\n', -32700),
        (b'Content-Length: 99999999999999999999999999\r\n\r\n', -32700),
        (b'Nothing: 1\r\n\r\n', -32700),
        (b'x' * 5000 + b'\r\n\r\n', -32700),
        (b'Content-Length: 2\r\n\r\n[]', -32600),
        (b'Content-Length: 4\r\n\r\nnull', -32600),
        (b'Content-Length: 2\r\n\r\n{}', -32600),
        (framed(b'{"jsonrpc":"1.0","id":1,"method":"shutdown"}'), -32600),
        (framed(b'{"jsonrpc":"2.0","id":[],"method":"shutdown"}'), -32600),
        (framed(b'{"jsonrpc":"2.0","method":1}'), -32600),
        (framed(b'{"jsonrpc":"2.0","id":null,"method":"shutdown"}'), -32600),
        (b'Content-Length: 205\r\n\r\n' + b'[' * 205, -32700),
    ]
    client = Client([itsupc, 'lsp'])
    client.start()
    for data, code in bad:
        client.write(data)
        message = client.read()
        same((data[:40], message['id'], message['error']['code']), (data[:40], None, code))
        while client.read(0.05):
            pass
        same(client.answer(client.ask('no/such'))['error']['code'], -32601)
    client.write(b'Content-Length: x\r\n\r\n{"jsonrpc":"2.0"}' + framed(b'{"jsonrpc":"2.0","id":"behind","method":"no/such"}'))
    same([client.read()['id'] for _ in range(2)], [None, 'behind'])
    for params, code in [([], -32602), ('x', -32602), ({'textDocument': 3}, -32602), ({'textDocument': {'uri': 4}}, -32602)]:
        client.send({'jsonrpc': '2.0', 'id': 'x', 'method': 'textDocument/hover', 'params': params})
        message = client.read()
        same((message['id'], message['error']['code']), ('x', code))
    folder = tempfile.mkdtemp()
    none = f'{folder}/none.itsup'
    client.open(none, 'https://a.example.com -> :80\n')
    for position in [None, 3, {'line': -1, 'character': 0}, {'line': 'x', 'character': 0}, {'line': 1.5, 'character': 0}]:
        number = client.ask('textDocument/hover', {'textDocument': {'uri': uri(none)}, 'position': position})
        same(client.answer(number)['error']['code'], -32602)
    same(client.at('hover', none, 4000000000, 4000000000), None)
    same(client.stop(), 0)
    os.rmdir(folder)


@test
def headers(itsupc):
    """Case, more headers, blanks; bytes one by one."""
    body = json.dumps({'jsonrpc': '2.0', 'id': 1, 'method': 'initialize', 'params': {'capabilities': {}}}).encode()
    client = Client([itsupc, 'lsp'])
    for byte in b'Content-Type: application/vscode-jsonrpc; charset=utf-8\r\ncontent-length:  %d \r\n\r\n%b' % (len(body), body):
        client.write(bytes([byte]))
    same(client.read()['id'], 1)
    client.kill()


@test
def cancelled(itsupc):
    with Session(itsupc, SHOP) as s:
        c = s.client
        s.open('shop.itsup', HEAD)
        s.findings('shop.itsup')
        at = {'textDocument': {'uri': uri(s.path('shop.itsup'))}, 'position': {'line': 1, 'character': 5}}
        def ask(number, method='textDocument/hover'):
            return {'jsonrpc': '2.0', 'id': number, 'method': method, 'params': at}
        batch = [ask('a'), ask('b'), {'jsonrpc': '2.0', 'method': '$/cancelRequest', 'params': {'id': 'b'}}, ask('c')]
        c.write(b''.join(framed(json.dumps(m).encode()) for m in batch))
        answers = {m['id']: m for m in (c.read() for _ in range(3))}
        assert 'result' in answers['a'] and 'result' in answers['c'], answers
        same(answers['b']['error']['code'], -32800)
        change = {'jsonrpc': '2.0', 'method': 'textDocument/didChange', 'params': {
            'textDocument': {'uri': uri(s.path('shop.itsup')), 'version': 2},
            'contentChanges': [{'text': '# another\n' + HEAD}]}}
        s.versions['shop.itsup'] = 2
        batch = [ask('d'), change, ask('e')]
        c.write(b''.join(framed(json.dumps(m).encode()) for m in batch))
        answers = {m['id']: m for m in (c.read() for _ in range(2))}
        same(answers['d']['error']['code'], -32801)
        assert 'result' in answers['e'], answers


# ---- texts ----


@test
def edits(itsupc):
    """Random edits in both encodings: the text is then what a full one would be."""
    alphabet = ['a', 'é', '€', '🚦', '\n', '\r\n', ' ', '{', '#', 'https://x.example.com -> :80', '"']
    for encoding, unit in (('utf-16', 'utf-16-le'), ('utf-8', 'utf-8')):
        rng = random.Random(encoding)
        capabilities = dict(CAPABILITIES, general={'positionEncodings': [encoding, 'utf-16']})
        with Session(itsupc, capabilities=capabilities) as s:
            same(s.result['capabilities']['positionEncoding'], encoding)
            text = '# 🚦 one\r\nlet a = "é"\n'
            s.open('a.itsup', text)
            width = 2 if encoding == 'utf-16' else 1

            def position(at, text=None):
                before = text[:at]
                return before.count('\n'), len(before.rpartition('\n')[2].encode(unit)) // width

            for _ in range(150):
                at, to = sorted(rng.randrange(len(text) + 1) for _ in range(2))
                to = min(to, at + 6)
                if text[at - 1:at + 1] == '\r\n' or text[to - 1:to + 1] == '\r\n':
                    continue
                new = ''.join(rng.choice(alphabet) for _ in range(rng.randrange(4)))
                s.change('a.itsup', (*position(at, text), *position(to, text), new))
                text = text[:at] + new + text[to:]
                if '\r' in text.replace('\r\n', ''):
                    text = text.replace('\r', '')
                    s.change('a.itsup', text)
            found = s.findings('a.itsup')
            s.open('b.itsup', text)
            same(found, json.loads(json.dumps(s.findings('b.itsup')).replace('b.itsup', 'a.itsup')))
            end = s.client.of('formatting', s.path('a.itsup'), options={})
            same(end, s.client.of('formatting', s.path('b.itsup'), options={}))


@test
def positions(itsupc):
    text = 'let s = "🚦é"; nonsense\n'
    for encoding, column in (('utf-16', 15), ('utf-8', 18)):
        with Session(itsupc, capabilities=dict(CAPABILITIES, general={'positionEncodings': [encoding]})) as s:
            s.open('a.itsup', text)
            starts = {d['range']['start']['character'] for d in s.findings('a.itsup')}
            holds(starts, column)


# ---- findings ----


def checked(itsupc, folder):
    """What `check` finds there, by file, as (code, line, column in UTF-16, message)."""
    run = subprocess.run([itsupc, 'check', '--format', 'json', '-C', str(folder)], capture_output=True, check=False)
    out = {}
    for d in json.loads(run.stdout)['diagnostics']:
        lines = (folder / d['file']).read_bytes().decode('utf-8').replace('\r\n', '\n').split('\n')
        before = lines[d['line'] - 1][:d['column'] - 1] if d['line'] <= len(lines) else ''
        out.setdefault(d['file'], []).append(
            (d['code'], d['line'] - 1, len(before.encode('utf-16-le')) // 2, d['message']))
    return {name: sorted(found) for name, found in out.items()}


def shown(client, folder):
    out = {}
    for key, found in client.diagnostics.items():
        name = key[len(uri(folder)) + 1:]
        if found:
            out[name] = sorted((d['code'], d['range']['start']['line'], d['range']['start']['character'],
                                d['message'].split('\n')[0]) for d in found)
    return out


@test
def findings(itsupc):
    with Session(itsupc, SHOP) as s:
        s.open('shop.itsup', 'https://a.example.com -> wb:8080 {\n  helth /up\n}\n')
        found = s.findings('shop.itsup')
        same([d['code'] for d in found], ['E0312', 'E0301'])
        same(found[1]['range'], {'start': {'line': 1, 'character': 2}, 'end': {'line': 1, 'character': 7}})
        same((found[1]['severity'], found[1]['source']), (1, 'itsupc'))
        holds(found[0]['message'], 'has no service `wb`', 'no backend', 'did you mean `web`?')
        same(found[1]['data']['fixes'][0]['edits'][0]['newText'], 'health')
        s.change('shop.itsup', (1, 2, 1, 7, 'health'), (0, 25, 0, 27, 'web'))
        same(s.findings('shop.itsup'), [])
        s.change('shop.itsup', (0, 25, 0, 28, 'api'), (2, 1, 2, 1, '\nhttps://a.example.com -> web:80\n'))
        found = s.findings('shop.itsup')
        same([d['code'] for d in found], ['R001'])
        holds(found[0]['relatedInformation'][0]['message'], 'first routed here')
        same(found[0]['relatedInformation'][0]['location']['range']['start'], {'line': 0, 'character': 0})


@test
def tags(itsupc):
    with Session(itsupc) as s:
        s.open('a.itsup', 'https://a.example.com -> 10.0.0.1:80 # itsup: allow(R010) no need\n')
        same([(d['code'], d.get('tags')) for d in s.findings('a.itsup')], [('E0601', [1])])


@test
def flags(itsupc):
    """--allow and --deny hold as for check."""
    text = 'https://a.example.com -> 10.0.0.1:80 # itsup: allow(R010) no need\n'
    with Session(itsupc, flags=['--deny', 'E0601']) as s:
        s.open('a.itsup', text)
        same([(d['code'], d['severity']) for d in s.findings('a.itsup')], [('E0601', 1)])
    run = subprocess.run([itsupc, 'lsp', '--format', 'json'], capture_output=True, check=False, stdin=subprocess.DEVNULL)
    same(run.returncode, 2)


@test
def examples(itsupc):
    """Every example, each of its files opened: what `check` finds, no more and no less."""
    for world in sorted(p for p in EXAMPLES.iterdir() if p.is_dir()):
        with Session(itsupc) as s:
            shutil.copytree(world, s.folder / 'w')
            wanted = checked(itsupc, s.folder / 'w')
            files = [p for p in sorted((s.folder / 'w').rglob('*')) if p.suffix in ('.itsup', '.yml')]
            for path in files[:12]:
                s.open(str(path.relative_to(s.folder)))
            s.quiet()
            found = {n[2:]: v for n, v in shown(s.client, s.folder).items()}
            for path in files[:12]:
                name = str(path.relative_to(s.folder / 'w'))
                if name in wanted or name.endswith('.itsup'):
                    same((world.name, name, found.get(name, [])), (world.name, name, wanted.get(name, [])))


@test
def broken(itsupc):
    """Each syntax error of the golden inputs, and nothing else, as `check` tells it."""
    for folder in sorted((cases.GOLDEN / 'syntax').iterdir())[:60]:
        if not (folder / 'input.itsup').exists():
            continue
        with Session(itsupc) as s:
            shutil.copy(folder / 'input.itsup', s.folder / 'input.itsup')
            text = (s.folder / 'input.itsup').read_bytes()
            try:
                text.decode('utf-8')
            except UnicodeDecodeError:
                continue
            if b'\r' in text.replace(b'\r\n', b''):
                continue  # a line end for editors, none for us
            s.open('input.itsup')
            s.findings('input.itsup')
            same((folder.name, shown(s.client, s.folder)), (folder.name, checked(itsupc, s.folder)))


def project(rng, number):
    """A project that may meet others: hosts, ports, addresses, egress."""
    rows = []
    for _ in range(rng.randrange(1, 4)):
        kind = rng.randrange(5)
        host = f'h{rng.randrange(8)}.example.com'
        if kind < 2:
            rows.append(f'https://{host} -> web:80')
        elif kind == 2:
            rows.append(f'tcp://:{5000 + rng.randrange(4)} -> web:5000')
        elif kind == 3:
            rows.append(f'service web {{ ip 172.20.0.{10 + rng.randrange(4)} }}')
        else:
            rows.append(f'egress p{rng.randrange(10)}/web')
    rows.append(f'https://own{number}.example.com | {rng.choice(["admins", "compress"])} -> web:80')
    return '\n'.join(dict.fromkeys(rows)) + '\n'


@test
def across(itsupc):
    """A tree whose projects meet: after every edit all is shown that `check` finds, and nothing else."""
    for seed in range(4):
        rng = random.Random(seed)
        files = {'projects/proxy.itsup': 'proxy traefik { stack itsup 3 { dashboard t.example.com; router 192.168.1.1 } }\n'
                                         'middleware admins = allow(10.0.0.0/8)\n'}
        for n in range(10):
            files[f'projects/p{n}/ingress.itsup'] = project(rng, n)
            files[f'projects/p{n}/docker-compose.yml'] = 'services:\n  web:\n    image: x\n'
        with Session(itsupc, files) as s:
            for step in range(8):
                n = rng.randrange(10)
                name = f'projects/p{n}/ingress.itsup'
                text = project(rng, n)
                if rng.randrange(6) == 0:
                    text += 'https://\n'
                if rng.randrange(5) == 0:
                    name, text = f'projects/p{n}/docker-compose.yml', 'services:\n  other:\n    image: x\n    ports: ["5001:1"]\n'
                if name in s.versions:
                    s.change(name, text)
                else:
                    s.open(name, text)
                s.write(name, text)
                s.findings(name)
                own = shown(s.client, s.folder).get(name, [])
                wanted = checked(itsupc, s.folder)
                same((seed, step, own), (seed, step, wanted.get(name, []))) if step else None
                s.quiet()
                same((seed, step, shown(s.client, s.folder)), (seed, step, wanted))


@test
def side(itsupc):
    """A large tree is checked on the side, while one goes on typing: in the end all is shown that `check` finds."""
    rng = random.Random(7)
    files = {'projects/proxy.itsup': 'proxy traefik { stack itsup 3 { dashboard t.example.com; router 192.168.1.1 } }\n'
                                     'middleware admins = allow(10.0.0.0/8)\n'}
    for n in range(230):
        files[f'projects/p{n}/ingress.itsup'] = (project(rng, n) if n < 12 else f'https://q{n // 2}.example.com | admins -> web:80\n')
        files[f'projects/p{n}/docker-compose.yml'] = 'services:\n  web:\n    image: x\n'
    with Session(itsupc, files) as s:
        for step in range(12):
            n = rng.randrange(12)
            name = f'projects/p{n}/ingress.itsup'
            text = project(rng, n)
            if step % 4 == 2:
                name = 'projects/proxy.itsup'
                text = files[name] + ('let x = {nothing}\n' if step % 8 == 2 else '')
            s.change(name, text) if name in s.versions else s.open(name, text)
            s.write(name, text)
            s.findings(name)
            if step % 3 == 2:
                s.quiet(1.5)
                same((step, shown(s.client, s.folder)), (step, checked(itsupc, s.folder)))


@test
def shared(itsupc):
    """An edit of what all projects share is told in them."""
    files = {'projects/proxy.itsup': 'proxy traefik { stack itsup 3 { dashboard t.example.com; router 192.168.1.1 } }\nlet d = example.com\n',
             'projects/a/ingress.itsup': 'https://a.{d} -> web:80\n',
             'projects/a/docker-compose.yml': 'services:\n  web:\n    image: x\n'}
    with Session(itsupc, files) as s:
        s.open('projects/a/ingress.itsup').open('projects/proxy.itsup')
        same(s.findings('projects/a/ingress.itsup'), [])
        s.change('projects/proxy.itsup', (1, 4, 1, 5, 'e'))
        key = uri(s.path('projects/a/ingress.itsup'))
        assert s.client.wait_until(lambda: s.client.diagnostics[key]), 'nothing is told'
        same([d['code'] for d in s.client.diagnostics[key]], ['E0315'])
        s.change('projects/proxy.itsup', (1, 4, 1, 5, 'd'))
        assert s.client.wait_until(lambda: not s.client.diagnostics[key]), 'it is told still'


@test
def shared_findings(itsupc):
    """What two projects do together to a file that both share is told there."""
    files = {'projects/proxy.itsup': 'proxy traefik { stack itsup 3 { dashboard t.example.com; router 192.168.1.1 } }\n'
                                     'template t(id int) { https://t{id}.example.com -> web:1 }\n'}
    for n in range(3):
        files[f'projects/p{n}/ingress.itsup'] = f'https://h{n}.example.com -> web:80\n' + ('t(id=2)\n' if n == 2 else '')
        files[f'projects/p{n}/docker-compose.yml'] = 'services:\n  web:\n    image: x\n'
    files['projects/p1/more.itsup'] = 'https://more.example.com -> web:80\n'  # which nothing reads
    for first in (files['projects/p1/ingress.itsup'], '# not as on the disk\n'):
        with Session(itsupc, files) as s:
            s.open('projects/p0/ingress.itsup')
            s.quiet()
            s.open('projects/p1/ingress.itsup', first)
            same(s.findings('projects/p1/ingress.itsup'), [])
            key = uri(s.path('projects/proxy.itsup'))
            text = files['projects/p1/ingress.itsup'] + 't(id=2)\n'
            s.write('projects/p1/ingress.itsup', text)
            s.change('projects/p1/ingress.itsup', text)
            assert s.client.wait_until(lambda: s.client.diagnostics.get(key)), 'nothing is told'
            s.open('projects/p1/more.itsup')
            same(s.codes('projects/p1/more.itsup'), ['E0124'])
            same(shown(s.client, s.folder), checked(itsupc, s.folder))
            s.change('projects/p1/ingress.itsup', first)
            assert s.client.wait_until(lambda: not s.client.diagnostics[key]), 'it is told still'


@test
def disk(itsupc):
    """What changes outside: a compose file is written, a project comes and goes."""
    with Session(itsupc, SHOP) as s:
        s.open('shop.itsup', 'https://a.example.com -> late:80\n')
        same(s.codes('shop.itsup'), ['E0312'])
        s.write('compose.yml', 'services:\n  late:\n    image: x\n')
        changed = {'changes': [{'uri': uri(s.path('compose.yml')), 'type': 2}]}
        s.client.notify('workspace/didChangeWatchedFiles', changed)
        key = uri(s.path('shop.itsup'))
        assert s.client.wait_until(lambda: not s.client.diagnostics[key]), 'the new file is not read'
        (s.folder / 'compose.yml').unlink()
        s.client.notify('workspace/didChangeWatchedFiles', {'changes': [{'uri': uri(s.path('compose.yml')), 'type': 3}]})
        s.change('shop.itsup', (0, 25, 0, 25, 'x'))
        same(s.findings('shop.itsup'), [])


@test
def unsaved(itsupc):
    """A file that is not on the disk yet counts, also beside others."""
    with Session(itsupc, SHOP) as s:
        s.open('a.itsup', 'https://a.example.com -> web:80\n')
        same(s.findings('a.itsup'), [])
        s.open('b.itsup', 'https://a.example.com -> api:80\n')
        same(s.codes('b.itsup'), ['R001'])
        s.client.notify('textDocument/didClose', {'textDocument': {'uri': uri(s.path('b.itsup'))}})
        assert s.client.wait_until(lambda: not s.client.diagnostics[uri(s.path('b.itsup'))]), 'told of a file that is gone'
        s.client.notify('textDocument/didOpen', {'textDocument': {
            'uri': 'untitled:Untitled-1', 'languageId': 'itsup', 'version': 1, 'text': 'https://a.example.com -> \n'}})
        assert s.client.wait_until(lambda: 'untitled:Untitled-1' in s.client.diagnostics), 'no findings'
        same([d['code'] for d in s.client.diagnostics['untitled:Untitled-1']], ['E0101'])


@test
def imported(itsupc):
    """A library below the folder that imports it is judged with it."""
    files = {'shop.itsup': 'import lib/sso.itsup\nhttps://a.example.com | guard -> 10.0.0.1:80\n',
             'lib/sso.itsup': 'middleware guard = allow(10.0.0.0/8)\n'}
    with Session(itsupc, files) as s:
        s.open('lib/sso.itsup').open('shop.itsup')
        same(s.findings('shop.itsup'), [])
        s.change('lib/sso.itsup', (0, 11, 0, 16, 'door'))
        s.findings('lib/sso.itsup')
        key = uri(s.path('shop.itsup'))
        assert s.client.wait_until(lambda: s.client.diagnostics[key]), 'not told'
        same([d['code'] for d in s.client.diagnostics[key]], ['E0307'])


@test
def roots(itsupc):
    """Two folders of one editor are two workspaces."""
    files = {f'{w}/shop.itsup': 'https://a.example.com -> 10.0.0.1:80\n' for w in ('one', 'two')}
    with Session(itsupc, files, folders=('one', 'two')) as s:
        s.open('one/shop.itsup').open('two/shop.itsup')
        same((s.findings('one/shop.itsup'), s.findings('two/shop.itsup')), ([], []))
        s.client.notify('workspace/didChangeWorkspaceFolders',
                        {'event': {'added': [], 'removed': [{'uri': uri(s.path('two')), 'name': 'x'}]}})
        s.change('two/shop.itsup', (0, 8, 0, 9, '-'))
        same(s.codes('two/shop.itsup'), ['E0401'])


@test
def existing(itsupc):
    """Files of Traefik that nobody generated."""
    files = {'compose.yml': 'services:\n  web:\n    image: x\n    labels:\n      - traefik.enable=true\n'
                            '      - traefik.http.routers.a.rule=Hots(`a.example.com`)\n',
             'notes.yml': 'a: [\n'}
    with Session(itsupc, files) as s:
        s.open('compose.yml')
        holds(s.codes('compose.yml'), 'E0421')
        s.change('compose.yml', (5, 36, 5, 40, 'Host'))
        assert 'E0421' not in s.codes('compose.yml')
        same(s.client.diagnostics.get(uri(s.path('notes.yml')), []), [])


# ---- words ----

COMPLETIONS = [
    ('¦', 'https:// let middleware template proxy project preview', 'health rate'),
    ('pro¦', 'proxy project', ''),
    ('https://x.example.com | ¦', 'admins sso.guard rate forward-auth canonical strip-prefix', 'health web:8080'),
    ('https://x.example.com | admins | ra¦', 'rate rate-limit', ''),
    ('tls://x.example.com | ¦', 'allow in-flight ip-allow-list', 'rate headers'),
    ('https://x.example.com | rate(¦', 'burst per average', ''),
    ('https://x.example.com | headers(nosniff, ¦', 'hsts deny-frame cors', ''),
    ('https://x.example.com | forward-auth(tls.¦', 'tls.ca tls.insecure-skip-verify', ''),
    ('https://x.example.com | headers(nosniff=¦', 'domain', ''),
    ('https://x.example.com | redirect-scheme(permanent=¦', 'true false', ''),
    ('https://x.example.com -> ¦', 'web:8080 web:9090 api: api@internal', 'rate'),
    ('https://x.example.com -> web:8080 { ¦', 'health resolver cert', 'proxy-protocol acme https://'),
    ('https://x.example.com -> web:8080 {\n  resolver ¦', 'public none', 'health'),
    ('https://x.example.com -> web:8080 {\n  entrypoint ¦', 'web websecure', 'public'),
    ('https://x.example.com -> web:8080 {\n  health /up ¦', 'every timeout grpc', 'health'),
    ('https://x.example.com -> web:8080 {\n  health /up every 10s ¦', 'timeout', 'every'),
    ('https://x.example.com -> web:8080 {\n  lb ¦', 'wrr p2c', ''),
    ('https://x.example.com -> web:8080 {\n  option loadBalancer.¦', 'loadBalancer.strategy loadBalancer.passHostHeader', ''),
    ('https://x.example.com -> web:8080 {\n  mirror ¦', 'web:8080', ''),
    ('tcp://:5432 -> api:5432 {\n  ¦', 'proxy-protocol', 'lb cert'),
    ('https://{¦', 'domain sso.zone', 'web'),
    ('https://x.{do¦', 'domain', ''),
    ('let x = "{¦', 'domain', ''),
    ('preview(¦', 'id', ''),
    ('proxy {\n  ¦', 'entrypoint resolver provider', 'health'),
    ('proxy {\n  entrypoint x :1 {\n    ¦', 'redirect trusted default', 'health'),
    ('proxy {\n  option api.¦', 'api.dashboard', ''),
    ('proxy {\n  provider ¦', 'docker file', ''),
    ('tls modern {\n  min ¦', '1.2 1.3', ''),
    ('defaults ¦', 'https tcp', ''),
    ('defaults https { use ¦', 'admins rate', 'health'),
    ('template q(a ¦', 'int slug domain', ''),
    ('service ¦', 'web api', ''),
    ('import ¦', 'lib.itsup compose', 'shop.itsup web'),
    ('"text ¦', '', 'let'),
    ('# comment ¦', '', 'let'),
]


@test
def completion(itsupc):
    with Session(itsupc, SHOP) as s:
        s.open('shop.itsup', HEAD)
        for typed, wanted, unwanted in COMPLETIONS:
            text, line, column = place(HEAD + typed)
            s.change('shop.itsup', text)
            result = s.client.at('completion', s.path('shop.itsup'), line, column)
            labels = [item['label'] for item in result['items']]
            for word in wanted.split():
                assert word in labels, f'{typed!r} does not offer {word}: {labels}'
            for word in unwanted.split():
                assert word not in labels, f'{typed!r} offers {word}'
            for item in result['items']:
                same((typed, item['textEdit']['range']['end']),
                     (typed, {'line': line, 'character': column}))


SERVICE = 'services:\n  web:\n    image: x\n    labels:\n'
YAML_COMPLETIONS = [
    ('compose.yml', SERVICE + '      - ¦', 'traefik.', 'image'),
    ('compose.yml', SERVICE + '      - "traefik.¦', 'traefik.enable traefik.http traefik.tcp', ''),
    ('compose.yml', SERVICE + '      - traefik.http.routers.¦', 'traefik.http.routers.web.', ''),
    ('compose.yml', SERVICE + '      - traefik.http.routers.a.rule=Host(`x.example.com`)\n      - traefik.http.routers.¦',
     'traefik.http.routers.a. traefik.http.routers.web.', ''),
    ('compose.yml', SERVICE + '      - traefik.http.routers.a.¦', 'traefik.http.routers.a.rule traefik.http.routers.a.tls', ''),
    ('compose.yml', SERVICE + '      - traefik.http.routers.a.rule=¦', 'Host PathPrefix', 'HostSNI'),
    ('compose.yml', SERVICE + '      traefik.http.services.a.loadbalancer.strategy: ¦', 'wrr p2c', ''),
    ('compose.yml', 'services:\n  web:\n    ¦', 'image labels networks', 'http'),
    ('dyn.yml', 'http:\n  ¦', 'routers services middlewares', 'entryPoints'),
    ('dyn.yml', 'http:\n  middlewares:\n    a:\n      basicAuth:\n        ¦', 'users usersFile', ''),
    ('dyn.yml', 'http:\n  middlewares:\n    a: {}\n  routers:\n    r:\n      middlewares:\n        - ¦', 'a', ''),
    ('dyn.yml', 'http:\n  services:\n    s:\n      loadBalancer:\n        passHostHeader: ¦', 'true false', ''),
    ('traefik.yml', 'entryPoints:\n  web:\n    ¦', 'address http', ''),
    ('traefik.yml', 'log:\n  level: ¦', 'DEBUG INFO', ''),
    ('projects/p/itsup-project.yml', 'ingress:\n  - service: ¦', 'web', ''),
    ('projects/p/itsup-project.yml', 'ingress:\n  - service: web\n    ¦', 'domain port router', 'ingress'),
    ('projects/p/itsup-project.yml', '¦', 'ingress egress enabled', 'port'),
    ('projects/itsup.yml', '¦', 'traefikDomain routerIP versions', 'ingress'),
]


@test
def completion_yaml(itsupc):
    files = {'projects/p/docker-compose.yml': 'services:\n  web:\n    image: x\n',
             'projects/p/itsup-project.yml': 'ingress:\n  - service: web\n'}
    for name, typed, wanted, unwanted in YAML_COMPLETIONS:
        with Session(itsupc, files) as s:
            text, line, column = place(typed)
            s.open(name, text)
            labels = [i['label'] for i in s.client.at('completion', s.path(name), line, column)['items']]
            for word in wanted.split():
                assert word in labels, f'{name} {typed!r} does not offer {word}: {labels}'
            for word in unwanted.split():
                assert word not in labels, f'{name} {typed!r} offers {word}'


ROUTE = 'https://shop.{domain}, www.{domain} | admins | sso.guard | rate(100/s, burst=200) -> web:8080 {\n  health /up every 10s\n  resolver public\n}\npreview(id=3)\n'
HOVERS = [
    ('| ra¦te(', 'rate(100/s', 'limits how often', 'http.middlewares.<name>.rateLimit'),
    ('bur¦st=', 'rateLimit.burst', 'Default: `1`'),
    ('hea¦lth', 'asks each backend', '`<duration>`'),
    ('ev¦ery', 'asks each backend'),
    ('| adm¦ins', 'middleware admins = basic-auth', 'shop.itsup'),
    ('sso.gu¦ard', 'middleware guard = allow', 'lib.itsup'),
    ('shop.{dom¦ain}', 'let domain = example.com'),
    ('resolver pub¦lic\n', 'resolver public acme'),
    ('w¦eb:8080', 'service of compose.yml', '8080'),
    ('https¦://shop', 'TLS ends at the proxy', 'traefik.http.routers', 'Host(`shop.example.com`)'),
    ('pre¦view(id', 'template preview(id int 1..9)'),
    ('templ¦ate preview', 'routes with parameters'),
]


def put(text, marked):
    """The place of ¦ of a part of the text."""
    part = marked.replace('¦', '')
    at = text.index(part) + marked.index('¦')
    return place(text[:at] + '¦' + text[at:])[1:]


@test
def hover(itsupc):
    with Session(itsupc, SHOP) as s:
        text = HEAD + ROUTE
        s.open('shop.itsup', text)
        same(s.findings('shop.itsup'), [])
        for marked, *wanted in HOVERS:
            found = s.client.at('hover', s.path('shop.itsup'), *put(text, marked))
            assert found, f'no hover at {marked}'
            holds(found['contents']['value'], *wanted)
        same(s.client.at('hover', s.path('shop.itsup'), 6, 0), None)


@test
def hover_yaml(itsupc):
    text = SERVICE + '      - traefik.http.routers.a.rule=Host(`x.example.com`)\n'
    with Session(itsupc) as s:
        s.open('compose.yml', text)
        holds(s.client.at('hover', s.path('compose.yml'), *put(text, 'routers.a.ru¦le'))['contents']['value'],
              'http.routers.<name>.rule')
        text = 'http:\n  services:\n    s:\n      loadBalancer:\n        passHostHeader: true\n'
        s.open('dyn.yml', text)
        holds(s.client.at('hover', s.path('dyn.yml'), *put(text, 'passHost¦Header'))['contents']['value'], "client's Host header")


def where(places, text=None):
    return sorted((p['uri'].rpartition('/')[2], p['range']['start']['line']) for p in places)


@test
def navigation(itsupc):
    with Session(itsupc, SHOP) as s:
        text = HEAD + ROUTE
        c, path = s.client, s.path('shop.itsup')
        s.open('shop.itsup', text)
        line = text.split('\n')

        def of(start):
            return next(i for i, l in enumerate(line) if l.startswith(start))

        route, call = of('https://shop'), of('preview(')
        for marked, definition, references in [
            ('| adm¦ins', [('shop.itsup', of('middleware'))], [('shop.itsup', of('middleware')), ('shop.itsup', route)]),
            ('sso.gu¦ard', [('lib.itsup', 0)], [('lib.itsup', 0), ('shop.itsup', route)]),
            ('preview(id=¦3', [], []),
            ('prev¦iew(id=3', [('shop.itsup', of('template'))], [('shop.itsup', of('template')), ('shop.itsup', call)]),
            ('p{i¦d}', [('shop.itsup', of('template'))], [('shop.itsup', of('template')), ('shop.itsup', of('template') + 1)]),
            ('resolver publ¦ic\n', [('shop.itsup', 5)], [('shop.itsup', 5), ('shop.itsup', route + 2)]),
            ('redirect webs¦ecure', [('shop.itsup', 4)], [('shop.itsup', 3), ('shop.itsup', 4)]),
            ('w¦eb:8080', [('compose.yml', 1)], [('compose.yml', 1), ('shop.itsup', of('template') + 1), ('shop.itsup', route)]),
            ('import li¦b', [('lib.itsup', 0)], []),
        ]:
            same((marked, where(c.at('definition', path, *put(text, marked)))), (marked, definition))
            found = c.at('references', path, *put(text, marked), context={'includeDeclaration': True})
            same((marked, where(found)), (marked, references))
        same([h['range']['start']['line'] for h in c.at('documentHighlight', path, *put(text, '| adm¦ins'))],
             [of('middleware'), route])
        links = c.of('documentLink', path)
        same([(l['range']['start'], l['target'].rpartition('/')[2]) for l in links], [({'line': 0, 'character': 7}, 'lib.itsup')])


@test
def navigation_yaml(itsupc):
    files = {'projects/p/docker-compose.yml': 'services:\n  web:\n    image: x\n',
             'projects/p/itsup-project.yml': 'ingress:\n  - service: web\n    domain: a.example.com\n    port: 3000\n',
             'projects/itsup.yml': 'traefikDomain: t.example.com\nrouterIP: 192.168.1.1\n'}
    with Session(itsupc, files) as s:
        name = 'projects/p/itsup-project.yml'
        s.open(name)
        same(where(s.client.at('definition', s.path(name), *put(files[name], 'service: w¦eb'))), [('docker-compose.yml', 1)])
    text = ('http:\n  routers:\n    r:\n      middlewares: [auth]\n      service: back\n      rule: Host(`a.example.com`)\n'
            '  middlewares:\n    auth: {compress: {}}\n  services:\n    back: {loadBalancer: {servers: [{url: http://a}]}}\n')
    with Session(itsupc) as s:
        s.open('dyn.yml', text)
        same(where(s.client.at('definition', s.path('dyn.yml'), *put(text, 'service: ba¦ck'))), [('dyn.yml', 9)])


def applied(s, edit):
    """The texts as a workspace edit makes them."""
    out = {}
    for key, edits in edit['changes'].items():
        path = s.folder / key[len(uri(s.folder)) + 1:]
        text = s.texts.get(path.name) or path.read_text(encoding='utf-8')
        lines = text.split('\n')
        starts = [sum(len(l) + 1 for l in lines[:i]) for i in range(len(lines))]
        spans = sorted(((starts[e['range'][k]['line']] + e['range'][k]['character']) for k in ('start', 'end')) + [e['newText']]
                       if False else
                       [starts[e['range']['start']['line']] + e['range']['start']['character'],
                        starts[e['range']['end']['line']] + e['range']['end']['character'], e['newText']] for e in edits)
        for start, end, new in reversed(spans):
            text = text[:start] + new + text[end:]
        out[path.name] = text
    return out


@test
def rename(itsupc):
    with Session(itsupc, SHOP) as s:
        text = HEAD + ROUTE
        s.texts = {'shop.itsup': text}
        s.open('shop.itsup', text)
        path = s.path('shop.itsup')
        for marked, new, changes in [
            ('| adm¦ins', 'staff', {'shop.itsup': text.replace('admins', 'staff')}),
            ('sso.gu¦ard', 'door', {'shop.itsup': text.replace('guard', 'door'), 'lib.itsup': SHOP['lib.itsup'].replace('guard', 'door')}),
            ('{dom¦ain}', 'd', {'shop.itsup': text.replace('let domain', 'let d').replace('{domain}', '{d}')}),
            ('prev¦iew(id=3', 'pr', {'shop.itsup': text.replace('preview(', 'pr(')}),
            ('p{i¦d}', 'nr', {'shop.itsup': text.replace('(id int', '(nr int').replace('{id}', '{nr}')}),
            ('resolver publ¦ic\n', 'le', {'shop.itsup': text.replace('public', 'le')}),
        ]:
            assert s.client.at('prepareRename', path, *put(text, marked)), marked
            same((marked, applied(s, s.client.at('rename', path, *put(text, marked), newName=new))), (marked, changes))
        for marked, new in [('| ra¦te(', 'x'), ('| adm¦ins', 'no name'), ('{dom¦ain}', '1'), ('w¦eb:8080', 'x')]:
            number = s.client.ask('textDocument/rename', {
                'textDocument': {'uri': uri(path)}, 'newName': new,
                'position': dict(zip(('line', 'character'), put(text, marked)))})
            same(s.client.answer(number)['error']['code'], -32803)
        same(s.client.at('prepareRename', path, *put(text, '| ra¦te(')), None)


@test
def rename_shared(itsupc):
    """A middleware that every project sees is renamed in all of them."""
    files = {'projects/proxy.itsup': 'proxy traefik { stack itsup 3 { dashboard t.example.com; router 192.168.1.1 } }\nmiddleware admins = allow(10.0.0.0/8)\n'}
    for n in range(5):
        files[f'projects/p{n}/ingress.itsup'] = f'https://h{n}.example.com | admins -> web:80\n'
        files[f'projects/p{n}/docker-compose.yml'] = 'services:\n  web:\n    image: x\n'
    with Session(itsupc, files) as s:
        s.open('projects/p1/ingress.itsup')
        edit = s.client.at('rename', s.path('projects/p1/ingress.itsup'), 0, 26, newName='staff')
        same(sorted(k[len(uri(s.folder)) + 1:] for k in edit['changes']),
             ['projects/p0/ingress.itsup', 'projects/p1/ingress.itsup', 'projects/p2/ingress.itsup',
              'projects/p3/ingress.itsup', 'projects/p4/ingress.itsup', 'projects/proxy.itsup'])


@test
def projects(itsupc):
    """Names of other projects."""
    files = {'projects/proxy.itsup': 'proxy traefik { stack itsup 3 { dashboard t.example.com; router 192.168.1.1 } }\n'}
    for n in range(3):
        files[f'projects/p{n}/ingress.itsup'] = f'https://h{n}.example.com -> web:80\n'
        files[f'projects/p{n}/docker-compose.yml'] = f'services:\n  web:\n    image: x\n  own{n}:\n    image: x\n'
    with Session(itsupc, files) as s:
        name = 'projects/p1/ingress.itsup'
        text = files[name] + 'egress p2/own2\negress '
        s.open(name, text)
        labels = [i['label'] for i in s.client.at('completion', s.path(name), 2, 7)['items']]
        same(sorted(labels), ['p0/own0', 'p0/web', 'p2/own2', 'p2/web'])
        same([p['uri'].rpartition('/projects/')[2] for p in s.client.at('definition', s.path(name), 1, 11)], ['p2/docker-compose.yml'])
        same([p['uri'].rpartition('/projects/')[2] for p in s.client.at('definition', s.path(name), 1, 8)], ['p2/ingress.itsup'])


# ---- the rest ----


@test
def symbols(itsupc):
    with Session(itsupc, SHOP) as s:
        s.open('shop.itsup', HEAD + ROUTE + 'project x {\n  https://y.example.com -> web:80\n}\n')
        tree = s.client.of('documentSymbol', s.path('shop.itsup'))
        same([(x['name'], len(x.get('children', []))) for x in tree],
             [('import', 0), ('domain', 0), ('proxy', 3), ('admins', 0), ('preview', 1), ('https://shop.{domain}', 0), ('project', 1)])
        found = s.client.request('workspace/symbol', {'query': 'gua'})
        same([(x['name'], x['location']['uri'].rpartition('/')[2]) for x in found], [('guard', 'lib.itsup')])


@test
def folding(itsupc):
    with Session(itsupc) as s:
        s.open('a.itsup', '# one\n# two\n\nproxy {\n  entrypoint web :80 {\n    default\n  }\n}\n')
        same([(f['startLine'], f['endLine'], f.get('kind')) for f in s.client.of('foldingRange', s.path('a.itsup'))],
             [(4, 5, None), (3, 6, None), (0, 1, 'comment')])


@test
def yaml_names(itsupc):
    """Middlewares of labels and of dynamic files: found, counted, renamed."""
    labels = ('services:\n  web:\n    image: x\n    labels:\n      - traefik.http.routers.r.rule=Host(`a.example.com`)\n'
              '      - traefik.http.routers.r.middlewares=auth,zip@file\n'
              '      - "traefik.http.middlewares.auth.basicauth.usersfile=/x"\n'
              '      - traefik.http.middlewares.auth.basicauth.realm=r\n')
    dynamic = 'http:\n  middlewares:\n    zip:\n      compress: {}\n    auth:\n      compress: {}\n'
    with Session(itsupc, {'compose.yml': labels, 'dynamic.yml': dynamic}) as s:
        s.texts = {}
        s.open('compose.yml').open('dynamic.yml')
        path = s.path('compose.yml')
        found = s.client.at('references', path, *put(labels, 'middlewares=au¦th'), context={'includeDeclaration': True})
        same(where(found), [('compose.yml', 5), ('compose.yml', 6), ('compose.yml', 7)])
        same(where(s.client.at('definition', path, *put(labels, 'zi¦p@file'))), [('dynamic.yml', 2)])
        edit = s.client.at('rename', path, *put(labels, 'middlewares=au¦th'), newName='door')
        same(applied(s, edit), {'compose.yml': labels.replace('=auth', '=door').replace('.auth.', '.door.')})
        edit = s.client.at('rename', s.path('dynamic.yml'), *put(dynamic, 'z¦ip:'), newName='gzip')
        same(applied(s, edit), {'compose.yml': labels.replace('zip@', 'gzip@'), 'dynamic.yml': dynamic.replace('zip:', 'gzip:')})
        tree = s.client.of('documentSymbol', s.path('dynamic.yml'))
        same([tree[0]['name'], [x['name'] for x in tree[0]['children'][0]['children']]], ['http', ['zip', 'auth']])
        same([(f['startLine'], f['endLine']) for f in s.client.of('foldingRange', s.path('dynamic.yml'))][:3], [(0, 5), (1, 5), (2, 3)])


@test
def signature(itsupc):
    with Session(itsupc, SHOP) as s:
        for typed, label, active in [
            ('https://x.example.com | rate(¦', 'rate(100/s, burst=200, per=ip)', 0),
            ('https://x.example.com | rate(100/s, ¦', 'rate(100/s, burst=200, per=ip)', 1),
            ('https://x.example.com | rate(100/s, per=¦', 'rate(100/s, burst=200, per=ip)', 2),
            ('preview(¦', 'preview(id int 1..9)', 0),
            ('https://x.example.com -> ¦', None, None),
        ]:
            text, line, column = place(HEAD + typed)
            s.change('a.itsup', text) if 'a.itsup' in s.versions else s.open('a.itsup', text)
            found = s.client.at('signatureHelp', s.path('a.itsup'), line, column)
            same((typed, found and found['signatures'][0]['label'], found and found['activeParameter']), (typed, label, active))


@test
def selection(itsupc):
    text = 'project x {\n  https://a.example.com -> web:80\n}\n'
    with Session(itsupc) as s:
        s.open('a.itsup', text)
        found = s.client.of('selectionRange', s.path('a.itsup'), positions=[{'line': 1, 'character': 28}])[0]
        spans = []
        while found:
            spans.append((found['range']['start'], found['range']['end']))
            found = found.get('parent')
        same([(a['line'], a['character'], b['line'], b['character']) for a, b in spans],
             [(1, 27, 1, 30), (1, 2, 1, 33), (0, 10, 2, 1), (0, 0, 2, 1), (0, 0, 3, 0)])


@test
def pages(itsupc):
    """The code in a comment that silences it has its page."""
    text = 'https://a.example.com -> 10.0.0.1:80 # itsup: allow(R010) so\n'
    with Session(itsupc) as s:
        s.open('a.itsup', text)
        holds(s.client.at('hover', s.path('a.itsup'), *put(text, 'R0¦10'))['contents']['value'], 'R010', 'prefix')


@test
def links_to_pages(itsupc):
    """Where the pages lie beside the program, as after an installation."""
    with tempfile.TemporaryDirectory() as top:
        top = pathlib.Path(top).resolve()
        page = top / 'share' / 'doc' / 'itsupc' / 'docs' / 'diagnostics' / 'R010.md'
        page.parent.mkdir(parents=True)
        page.write_text('x')
        (top / 'bin').mkdir()
        shutil.copy(itsupc, top / 'bin' / 'itsupc')
        with Session(str(top / 'bin' / 'itsupc')) as s:
            s.open('a.itsup', '# itsup: allow(R010, X999) as\nhttps://a.example.com -> 10.0.0.1:80 # R010\n')
            links = s.client.of('documentLink', s.path('a.itsup'))
            same([(l['range']['start'], l['target']) for l in links], [({'line': 0, 'character': 15}, uri(page))])


@test
def tokens(itsupc):
    text = 'let d = example.com # c\nhttps://a.{d} | compress -> web:80\n'
    with Session(itsupc) as s:
        s.open('a.itsup', text)
        legend = s.result['capabilities']['semanticTokensProvider']['legend']['tokenTypes']
        data = s.client.of('semanticTokens/full', s.path('a.itsup'))['data']
        line = column = 0
        found = []
        for down, right, length, kind, _ in zip(*[iter(data)] * 5):
            line, column = (line + down, right) if down else (line, column + right)
            found.append((text.split('\n')[line][column:column + length], legend[kind]))
        same(found, [('let', 'keyword'), ('d', 'variable'), ('example.com', 'string'), ('# c', 'comment'),
                     ('https://a.{', 'string'), ('d', 'variable'), ('}', 'string'), ('|', 'operator'),
                     ('compress', 'function'), ('->', 'operator'), ('web', 'class'),])
        part = s.client.of('semanticTokens/range', s.path('a.itsup'), range={
            'start': {'line': 1, 'character': 0}, 'end': {'line': 2, 'character': 0}})['data']
        same(part[:2], [1, 0])


@test
def tokens_never_overlap(itsupc):
    for path in sorted(cases.ROOT.glob('examples/**/*.itsup')) + sorted(cases.GOLDEN.glob('language/*/input.itsup')):
        with Session(itsupc) as s:
            s.open('a.itsup', path.read_text(encoding='utf-8'))
            line = column = end = 0
            for down, right, length, _, _ in zip(*[iter(s.client.of('semanticTokens/full', s.path('a.itsup'))['data'])] * 5):
                line, column, end = (line + down, right, 0) if down else (line, column + right, end)
                assert column >= end, f'{path}:{line + 1}:{column}'
                end = column + length


@test
def formatting(itsupc):
    for path in sorted(cases.GOLDEN.glob('format/*/input.itsup'))[:40]:
        text = path.read_bytes().decode('utf-8', 'replace')
        if '\ufffd' in text:
            continue
        with Session(itsupc) as s:
            s.texts = {'a.itsup': text}
            s.open('a.itsup', text)
            edits = s.client.of('formatting', s.path('a.itsup'), options={'tabSize': 8, 'insertSpaces': False})
            laid_out = subprocess.run([itsupc, 'fmt', '-q', '-'], input=text.encode(), capture_output=True, check=False).stdout.decode()
            same((path, applied(s, {'changes': {uri(s.path('a.itsup')): edits}})['a.itsup'] if edits else text), (path, laid_out))


@test
def actions(itsupc):
    with Session(itsupc, SHOP) as s:
        text = 'https://a.example.com -> web:8080 {\n  helth /up\n  helth /down\n}\n'
        s.texts = {'a.itsup': text}
        s.open('a.itsup', text)
        area = {'start': {'line': 1, 'character': 3}, 'end': {'line': 1, 'character': 3}}
        found = s.client.of('codeAction', s.path('a.itsup'), range=area, context={'diagnostics': []})
        same([(a['kind'], a['title']) for a in found],
             [('quickfix', 'write `health`'), ('source.fixAll.itsupc', 'fix all that itsupc can')])
        same(found[0]['isPreferred'], True)
        same(found[0]['diagnostics'][0]['code'], 'E0301')
        same(applied(s, found[0]['edit']), {'a.itsup': text.replace('helth /up', 'health /up')})
        same(applied(s, found[1]['edit']), {'a.itsup': text.replace('helth', 'health')})
        only = s.client.of('codeAction', s.path('a.itsup'), range=area, context={'diagnostics': [], 'only': ['source.fixAll']})
        same([a['kind'] for a in only], ['source.fixAll.itsupc'])
        far = {'start': {'line': 0, 'character': 0}, 'end': {'line': 0, 'character': 1}}
        same([a['kind'] for a in s.client.of('codeAction', s.path('a.itsup'), range=far, context={'diagnostics': []})],
             ['source.fixAll.itsupc'])
        # an edit and a question in one breath: the fix is of the new text
        s.change('a.itsup', '# more\n' + text)
        area = {'start': {'line': 2, 'character': 3}, 'end': {'line': 2, 'character': 3}}
        found = s.client.of('codeAction', s.path('a.itsup'), range=area, context={'diagnostics': [], 'only': ['quickfix']})
        same(found[0]['edit']['changes'][uri(s.path('a.itsup'))][0]['range']['start']['line'], 2)


@test
def every_fix(itsupc):
    """Each fix that `check` offers for the golden inputs is a code action with the same edits."""
    seen = 0
    for path in sorted(cases.GOLDEN.glob('*/*/input.itsup')):
        wanted = path.parent / 'json'
        if not wanted.exists() or (path.parent / 'args').exists() or seen > 60:
            continue
        text = path.read_bytes()
        try:
            lines = text.decode('utf-8')
        except UnicodeDecodeError:
            continue
        with Session(itsupc, {'input.itsup': lines}) as s:
            run = subprocess.run([itsupc, 'check', '--format', 'json', '-C', str(s.folder)], capture_output=True, check=False)
            fixes = sorted((f['title'], len(f['edits'])) for d in json.loads(run.stdout)['diagnostics'] for f in d['fixes'])
            s.open('input.itsup')
            everything = {'start': {'line': 0, 'character': 0}, 'end': {'line': 99999, 'character': 0}}
            found = s.client.of('codeAction', s.path('input.itsup'), range=everything, context={'diagnostics': [], 'only': ['quickfix']})
            same((path, sorted((a['title'], sum(len(e) for e in a['edit']['changes'].values())) for a in found)), (path, fixes))
            seen += len(fixes)
    assert seen, 'no golden input has a fix'


@test
def fix_all(itsupc):
    """The action that fixes all makes of a golden input what `check --fix` does."""
    seen = 0
    for path in sorted(cases.GOLDEN.glob('*/*/input.itsup')):
        if (path.parent / 'args').exists() or '"edits"' not in (path.parent / 'json').read_text() if (path.parent / 'json').exists() else True:
            continue
        try:
            text = path.read_bytes().decode('utf-8')
        except UnicodeDecodeError:
            continue
        with Session(itsupc, {'input.itsup': text}) as s:
            s.texts = {'input.itsup': text}
            s.open('input.itsup')
            everything = {'start': {'line': 0, 'character': 0}, 'end': {'line': 99999, 'character': 0}}
            found = s.client.of('codeAction', s.path('input.itsup'), range=everything, context={'diagnostics': [], 'only': ['source.fixAll']})
            subprocess.run([itsupc, 'check', '--fix', '-q', '-C', str(s.folder)], capture_output=True, check=False)
            wanted = (s.folder / 'input.itsup').read_bytes().decode('utf-8')
            same((path, applied(s, found[0]['edit'])['input.itsup'] if found else text), (path, wanted))
            seen += wanted != text
    assert seen, 'no golden input is mended'


@test
def hints_and_lenses(itsupc):
    with Session(itsupc, SHOP) as s:
        text = HEAD + ROUTE
        s.open('shop.itsup', text)
        all_of_it = {'start': {'line': 0, 'character': 0}, 'end': {'line': 99, 'character': 0}}
        hints = s.client.of('inlayHint', s.path('shop.itsup'), range=all_of_it)
        same([h['label'] for h in hints], ['websecure · certificate in place', 'websecure · certificate by public'])
        lenses = s.client.of('codeLens', s.path('shop.itsup'))
        same([(l['command']['command'], l['command']['arguments']) for l in lenses],
             [('itsupc.trace', ['https://p3.example.com']), ('itsupc.trace', ['https://shop.example.com'])])
        s.change('shop.itsup', text + 'https://\n')
        same(s.client.of('inlayHint', s.path('shop.itsup'), range=all_of_it), [])


@test
def unfinished(itsupc):
    """Every prefix of a file: questions are answered, whatever is missing."""
    text = HEAD + ROUTE
    with Session(itsupc, SHOP) as s:
        s.open('shop.itsup', '')
        for end in range(0, len(text), 7):
            part, line, column = place(text[:end] + '¦')
            s.change('shop.itsup', part)
            for method in ('completion', 'hover', 'definition'):
                s.client.at(method, s.path('shop.itsup'), line, column)
            for method in ('documentSymbol', 'foldingRange', 'semanticTokens/full', 'codeLens'):
                s.client.of(method, s.path('shop.itsup'))


def main():
    parser = cases.arguments(__doc__)
    args = parser.parse_args()
    itsupc = cases.compiler_of(args.build)
    report = cases.Report()
    for function in TESTS:
        name = f'lsp/{function.__name__}'
        if args.cases and function.__name__ not in args.cases:
            continue
        if not report.wants(name):
            continue
        try:
            function(itsupc)
            report.add('pass', name)
        except (AssertionError, TimeoutError, Closed, ValueError, LookupError, TypeError, OSError, StopIteration) as e:
            report.add('fail', name, f'{type(e).__name__}: {e}')
    report.finish()


if __name__ == '__main__':
    main()
