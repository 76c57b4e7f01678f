"""An editor without a screen: speaks the Language Server Protocol with `itsupc lsp`."""
import json
import os
import select
import subprocess
import time


def uri(path):
    return "file://" + "".join(
        c if c.isascii() and (c.isalnum() or c in "/-._~") else "".join(f"%{b:02X}" for b in c.encode())
        for c in str(path)
    )


class Closed(Exception):
    """The server is gone."""


class Client:
    def __init__(self, command, **popen):
        self.server = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0, **popen
        )
        self.rest = b""
        self.number = 0
        self.notes = []  # notifications and requests of the server, in order
        self.diagnostics = {}  # path → the last published
        self.versions = {}

    # ---- bytes ----
    def write(self, data):
        try:
            self.server.stdin.write(data)
        except BrokenPipeError as e:
            raise Closed from e

    def send(self, message):
        body = json.dumps(message, ensure_ascii=False).encode()
        self.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)

    def read(self, timeout=20):
        """The next message, or None when none comes in time."""
        end = time.monotonic() + timeout
        while True:
            head, blank, tail = self.rest.partition(b"\r\n\r\n")
            if blank:
                size = int(head.split(b":")[1])
                if len(tail) >= size:
                    self.rest = tail[size:]
                    return self.note(json.loads(tail[:size].decode()))
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.server.stdout], [], [], left)[0]:
                return None
            piece = os.read(self.server.stdout.fileno(), 1 << 16)
            if not piece:
                raise Closed
            self.rest += piece

    def note(self, message):
        if "method" in message:
            self.notes.append(message)
            if message["method"] == "textDocument/publishDiagnostics":
                p = message["params"]
                self.diagnostics[p["uri"]] = p["diagnostics"]
                self.versions[p["uri"]] = p.get("version")
        return message

    # ---- messages ----
    def notify(self, method, params=None):
        self.send({"jsonrpc": "2.0", "method": method, "params": params or {}})

    def ask(self, method, params=None):
        """Sends a request; its number."""
        self.number += 1
        self.send({"jsonrpc": "2.0", "id": self.number, "method": method, "params": params or {}})
        return self.number

    def answer(self, number, timeout=20):
        while True:
            message = self.read(timeout)
            if message is None:
                raise TimeoutError(f"no answer to request {number}")
            if "method" not in message and message.get("id") == number:
                return message

    def request(self, method, params=None, timeout=20):
        message = self.answer(self.ask(method, params), timeout)
        if "error" in message:
            raise ValueError(f"{method}: {message['error']}")
        return message["result"]

    # ---- a session ----
    def start(self, folders=(), capabilities=None):
        result = self.request(
            "initialize",
            {
                "processId": os.getpid(),
                "rootUri": uri(folders[0]) if folders else None,
                "workspaceFolders": [{"uri": uri(f), "name": "x"} for f in folders] or None,
                "capabilities": CAPABILITIES if capabilities is None else capabilities,
            },
        )
        self.notify("initialized")
        return result

    def open(self, path, text=None, version=1):
        if text is None:
            with open(path, encoding="utf-8", newline="") as f:
                text = f.read()
        self.notify(
            "textDocument/didOpen",
            {"textDocument": {"uri": uri(path), "languageId": "itsup", "version": version, "text": text}},
        )

    def change(self, path, version, *changes):
        """Each change is a text, or (line, character, line, character, text)."""
        self.notify(
            "textDocument/didChange",
            {
                "textDocument": {"uri": uri(path), "version": version},
                "contentChanges": [
                    {"text": c}
                    if isinstance(c, str)
                    else {
                        "range": {
                            "start": {"line": c[0], "character": c[1]},
                            "end": {"line": c[2], "character": c[3]},
                        },
                        "text": c[4],
                    }
                    for c in changes
                ],
            },
        )

    def at(self, method, path, line, character, **more):
        return self.request(
            f"textDocument/{method}",
            {"textDocument": {"uri": uri(path)}, "position": {"line": line, "character": character}, **more},
        )

    def of(self, method, path, **more):
        return self.request(f"textDocument/{method}", {"textDocument": {"uri": uri(path)}, **more})

    def settle(self, path, version=None, timeout=20):
        """Waits for the diagnostics of a file, of that version when one is given."""
        end = time.monotonic() + timeout
        key = uri(path)
        while time.monotonic() < end:
            if key in self.diagnostics and (version is None or self.versions[key] == version):
                return self.diagnostics[key]
            self.read(end - time.monotonic())
        raise TimeoutError(f"no diagnostics of {path}, version {version}")

    def wait_until(self, holds, timeout=20):
        end = time.monotonic() + timeout
        while not holds() and time.monotonic() < end:
            self.read(min(1, max(0, end - time.monotonic())))
        return holds()

    def stop(self):
        """The exit status."""
        self.request("shutdown")
        self.notify("exit")
        self.server.stdin.close()
        status = self.server.wait(20)
        self.server.stdout.close()
        return status

    def kill(self):
        self.server.kill()
        self.server.wait()
        for f in (self.server.stdin, self.server.stdout):
            try:
                f.close()
            except OSError:
                pass


CAPABILITIES = {
    "general": {"positionEncodings": ["utf-16"]},
    "workspace": {"workspaceEdit": {"documentChanges": True}},
    "textDocument": {
        "publishDiagnostics": {"relatedInformation": True, "versionSupport": True, "tagSupport": {"valueSet": [1, 2]}},
        "completion": {"completionItem": {"snippetSupport": True, "documentationFormat": ["markdown"]}},
        "hover": {"contentFormat": ["markdown", "plaintext"]},
        "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix"]}}},
        "documentSymbol": {"hierarchicalDocumentSymbolSupport": True},
    },
}
