// The protocol's own client library as a client; run by tests/lsp_editors.py with NODE_PATH.
// usage: node lsp_node.js ITSUPC FILE   prints one line of JSON
'use strict';

const { spawn } = require('child_process');
const fs = require('fs');
const { pathToFileURL } = require('url');
const rpc = require('vscode-jsonrpc/node');
const p = require('vscode-languageserver-protocol');

async function session(itsupc, file, polite) {
  const said = {};
  const server = spawn(itsupc, ['lsp'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = new Promise((resolve) => server.on('exit', resolve));
  const connection = rpc.createMessageConnection(
    new rpc.StreamMessageReader(server.stdout), new rpc.StreamMessageWriter(server.stdin));
  const uri = pathToFileURL(file).href;
  const waiting = [];
  connection.onNotification(p.PublishDiagnosticsNotification.type, (params) => {
    if (params.uri === uri && params.version) (waiting.shift() || (() => {}))(params);
  });
  const published = () => new Promise((resolve) => waiting.push(resolve));
  connection.onRequest(p.RegistrationRequest.type, (params) => {
    said.registered = params.registrations.map((r) => r.method);
  });
  connection.listen();
  const started = await connection.sendRequest(p.InitializeRequest.type, {
    processId: process.pid,
    rootUri: null,
    workspaceFolders: null,
    capabilities: {
      general: { positionEncodings: ['utf-8', 'utf-16'] },
      workspace: { didChangeWatchedFiles: { dynamicRegistration: true } },
      textDocument: { publishDiagnostics: { versionSupport: true } },
    },
  });
  said.encoding = started.capabilities.positionEncoding;
  await connection.sendNotification(p.InitializedNotification.type, {});
  const text = fs.readFileSync(file, 'utf8');
  let next = published();
  await connection.sendNotification(p.DidOpenTextDocumentNotification.type,
    { textDocument: { uri, languageId: 'itsup', version: 1, text } });
  said.first = (await next).diagnostics.map((d) => d.code);
  const at = { textDocument: { uri }, position: { line: 1, character: 26 } };
  said.completion = (await connection.sendRequest(p.CompletionRequest.type, at)).items.length > 0;
  said.symbols = (await connection.sendRequest(p.DocumentSymbolRequest.type, { textDocument: { uri } })).length;
  const tokens = await connection.sendRequest(p.SemanticTokensRequest.type, { textDocument: { uri } });
  said.tokens = tokens.data.length % 5 === 0 && tokens.data.length > 0;

  // a request that is taken back, behind some that keep the server busy
  const source = new rpc.CancellationTokenSource();
  const busy = Promise.all(Array.from({ length: 100 }, () => connection.sendRequest(p.CompletionRequest.type, at)));
  const cancelled = connection.sendRequest(p.HoverRequest.type, at, source.token);
  source.cancel();
  said.cancelled = await cancelled.then(() => 'answered', (e) => e.code);
  await busy;
  said.unknown = await connection.sendRequest('no/such').then(() => 0, (e) => e.code);

  next = published();
  await connection.sendNotification(p.DidChangeTextDocumentNotification.type, {
    textDocument: { uri, version: 2 },
    contentChanges: [{ range: { start: { line: 2, character: 2 }, end: { line: 2, character: 7 } }, text: 'health' }],
  });
  const second = await next;
  said.second = [second.version, second.diagnostics.length];
  if (polite) await connection.sendRequest(p.ShutdownRequest.type);
  await connection.sendNotification(p.ExitNotification.type);
  said.exit = await exited;
  connection.dispose();
  return said;
}

(async () => {
  const [itsupc, file] = process.argv.slice(2);
  const polite = await session(itsupc, file, true);
  const rude = await session(itsupc, file, false);
  console.log(JSON.stringify({ ...polite, rude: rude.exit }));
})().catch((e) => {
  console.error(e);
  process.exit(1);
});
