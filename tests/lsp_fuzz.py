"""Messages that no editor sends: broken headers, bytes and JSON, wrong types, places far outside, edits with wrong
ranges. The server answers or ignores each, goes on, and ends with status 0 or 1 without a word. Best on a build with
sanitizers, which tell leaks, too."""
import copy
import json
import os
import random
import subprocess
import sys
import tempfile
import time

import cases
from lsp_client import CAPABILITIES, Client, Closed, uri

TEXTS = ['let d = example.com\nhttps://a.{d} | rate(100/s) -> web:80 {\n  health /up\n}\n',
         'proxy traefik {\n  entrypoint web :80 { redirect websecure }\n}\ntemplate t(id int 1..9) { https://{id}.x.example -> web:1 }\nt(id=1)\n',
         'services:\n  web:\n    image: x\n    labels:\n      - traefik.http.routers.a.rule=Host(`x`)\n',
         'ingress:\n  - service: web\n    domain: a.example.com\n', 'http:\n  routers: {a: {rule: "Host(`x`)", service: b}}\n',
         '', '\ufeff', '🚦' * 20, '{' * 200, '"' * 9, '\r\r\n\n', 'a: &a [*a, *a]\n', '- ' * 300]
NAMES = ['a.itsup', 'compose.yml', 'projects/x/ingress.itsup', 'projects/x/docker-compose.yml', 'projects/proxy.itsup',
         'projects/itsup.yml', 'dyn.yml', 'traefik.yml', 'x y/é.itsup']
PLACED = ['completion', 'hover', 'definition', 'references', 'documentHighlight', 'prepareRename', 'rename', 'signatureHelp']
WHOLE = ['documentLink', 'documentSymbol', 'foldingRange', 'semanticTokens/full', 'semanticTokens/range', 'formatting',
         'codeAction', 'inlayHint', 'codeLens', 'selectionRange']
ODD = [None, True, False, 0, -1, 1, 2**31 - 1, 2**32 - 1, 2**32, 2**63, 2**64, 1e300, 0.5, '', 'x', '\0', [], {}, [[]], {'': {}},
       {'line': 0, 'character': 0}, 'file://', 'file:///', 'file:///%00', 'file:///%zz', 'file:///dev/null', 'file:///dev/zero',
       'untitled:x', 'http://x/y', '\ud800', 'é' * 1000]


class Fuzzer:
    def __init__(self, rng, folder):
        self.rng, self.folder, self.number = rng, folder, 0

    def uri(self):
        return uri(f'{self.folder}/{self.rng.choice(NAMES)}')

    def place(self):
        n = self.rng.choice([0, 0, 1, 2, 3, 7, 30, 10**6, 2**32 - 1])
        return {'line': n, 'character': self.rng.choice([0, 1, 5, 9, 40, 2**31])}

    def message(self):
        rng = self.rng
        document = {'uri': self.uri(), 'version': rng.randrange(100)}
        kind = rng.randrange(10)
        if kind < 2:
            return self.note('textDocument/didOpen', {'textDocument': {**document, 'languageId': 'itsup', 'text': rng.choice(TEXTS)}})
        if kind < 5:
            edits = [{'range': {'start': self.place(), 'end': self.place()}, 'text': rng.choice(TEXTS)[:rng.randrange(40)]}
                     if rng.randrange(4) else {'text': rng.choice(TEXTS)} for _ in range(rng.randrange(4))]
            return self.note('textDocument/didChange', {'textDocument': document, 'contentChanges': edits})
        if kind == 5:
            return rng.choice([
                self.note('textDocument/didClose', {'textDocument': document}),
                self.note('textDocument/didSave', {'textDocument': document}),
                self.note('workspace/didChangeWatchedFiles', {'changes': [{'uri': self.uri(), 'type': rng.randrange(5)}]}),
                self.note('workspace/didChangeWorkspaceFolders', {'event': {'added': [{'uri': self.uri(), 'name': 'x'}], 'removed': []}}),
                self.note('$/cancelRequest', {'id': self.number}),
                self.ask('workspace/symbol', {'query': rng.choice(['', 'a', 'é'])}),
                self.ask('initialize', {'capabilities': {}})])
        if kind < 8:
            return self.ask(f'textDocument/{rng.choice(PLACED)}', {'textDocument': document, 'position': self.place(),
                                                                  'newName': rng.choice(['x', '', 'a b', 'é', 'y' * 99]),
                                                                  'context': {'includeDeclaration': True}})
        return self.ask(f'textDocument/{rng.choice(WHOLE)}', {'textDocument': document, 'options': {}, 'context': {'diagnostics': []},
                                                              'range': {'start': self.place(), 'end': self.place()},
                                                              'positions': [self.place()]})

    def note(self, method, params):
        return {'jsonrpc': '2.0', 'method': method, 'params': params}

    def ask(self, method, params):
        self.number += 1
        return {'jsonrpc': '2.0', 'id': self.number, 'method': method, 'params': params}

    def spoil(self, message):
        """One value somewhere inside becomes another, or goes."""
        message = copy.deepcopy(message)
        at = message
        if self.rng.randrange(4) and isinstance(message.get('params'), dict):
            at = message['params']
        while True:
            keys = list(at) if isinstance(at, dict) else list(range(len(at)))
            if not keys:
                return message
            key = self.rng.choice(keys)
            if isinstance(at[key], (dict, list)) and self.rng.randrange(3):
                at = at[key]
                continue
            if self.rng.randrange(5) == 0:
                del at[key]
            else:
                at[key] = self.rng.choice(ODD)
            return message

    def frame(self, message):
        rng = self.rng
        body = json.dumps(message, ensure_ascii=rng.randrange(2) == 0).encode('utf-8', 'surrogatepass')
        kind = rng.randrange(150)
        if kind == 0:  # bytes inside
            body = bytearray(body)
            for _ in range(rng.randrange(1, 5)):
                body[rng.randrange(len(body))] = rng.randrange(256)
            body = bytes(body)
        head = {1: b'Content-Length: %d\r\n\r\n' % rng.choice([0, 1, len(body) // 2] * 20 + [10**12]), 2: b'Content-Length: -5\r\n\r\n',
                3: b'Content-Length: x\r\n\r\n', 4: b'\r\n\r\n', 5: b'X: ' + b'y' * 6000 + b'\r\n\r\n',
                6: bytes(rng.randrange(256) for _ in range(rng.randrange(300)))}.get(kind)
        if head is None:
            head = b'Content-Length: %d\r\n\r\n' % len(body)
            if kind == 7:
                head = b'Content-Type: x\r\n' + head
        return head + body, kind == 1 and b'1000000000000' in head


def run(itsupc, seed, count):
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        for name in NAMES[:6]:
            path = os.path.join(folder, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            if rng.randrange(2):
                with open(path, 'w', encoding='utf-8') as f:
                    f.write(rng.choice(TEXTS))
        client = Client([itsupc, 'lsp'], stderr=subprocess.PIPE)
        fuzzer = Fuzzer(rng, folder)
        sent = []
        try:
            client.start([folder] if rng.randrange(2) else [], rng.choice([CAPABILITIES, {}]))
            swallowed = False
            for step in range(count):
                message = fuzzer.message()
                for _ in range(rng.choice([0, 0, 1, 1, 2])):
                    message = fuzzer.spoil(message)
                if message.get('method') in ('shutdown', 'exit'):
                    continue
                data, swallows = fuzzer.frame(message)
                sent.append(data)
                client.write(data)
                swallowed |= swallows
                while client.read(0.002 * rng.randrange(3)):  # some answers are awaited, some overtaken
                    pass
            if not swallowed:  # else the rest of the session is inside one endless message
                client.write(b'\r\n\r\n' * 2)
                end = time.monotonic() + 60
                number = client.ask('no/such')
                while True:
                    message = client.read(end - time.monotonic())
                    if message is None:
                        raise TimeoutError('no answer any more')
                    if message.get('id') == number and 'method' not in message:
                        break
                    if message.get('id', 0) is None:
                        number = client.ask('no/such')  # it was taken for the body of a message before it
            client.server.stdin.close()
            status = client.server.wait(60)
            said = client.server.stderr.read().decode(errors='replace')
            wrong = f'exit status {status}\n{said}' if status not in (0, 1) or said else ''
        except (Closed, TimeoutError, subprocess.TimeoutExpired) as e:
            client.server.kill()
            wrong = f'{type(e).__name__}: {e}\n{client.server.stderr.read().decode(errors="replace")}'
        client.server.stderr.close()
        client.server.stdout.close()
        return f'seed {seed}: {wrong}' if wrong else ''


def main():
    parser = cases.arguments(__doc__)
    parser.add_argument('--seed', type=int, default=0)
    parser.add_argument('--sessions', type=int, default=40)
    parser.add_argument('--messages', type=int, default=150)
    args = parser.parse_args()
    itsupc = cases.compiler_of(args.build)
    report = cases.Report()
    wrong = [w for w in (run(itsupc, seed, args.messages) for seed in range(args.seed, args.seed + args.sessions)) if w]
    report.add('fail' if wrong else 'pass', 'lsp/fuzz', '\n'.join(wrong[:3]))
    report.finish()


if __name__ == '__main__':
    sys.exit(main())
