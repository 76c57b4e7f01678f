// Runs the extension of editors/vscode without VS Code: a stand-in for its interface opens one file, asks the
// commands, and prints what was seen as JSON.
//
// usage: node vscode_stub.js EXTENSION.js PROGRAM FILE
'use strict';

const fs = require('fs');
const Module = require('module');
const path = require('path');

const [main, program, file] = process.argv.slice(2);
const seen = { diagnostics: [], shown: '', traced: '', errors: [], commands: [], restarted: false };

class Disposable {
  constructor(undo) { this.undo = undo; }
  dispose() { if (this.undo) this.undo(); }
}

class EventEmitter {
  constructor() {
    this.handlers = new Set();
    this.event = handler => {
      this.handlers.add(handler);
      return new Disposable(() => this.handlers.delete(handler));
    };
  }
  fire(value) { for (const handler of this.handlers) handler(value); }
  dispose() { this.handlers.clear(); }
}

class Position {
  constructor(line, character) { Object.assign(this, { line, character }); }
}

class Range {
  constructor(...at) {
    const [start, end] = at.length === 4 ? [new Position(at[0], at[1]), new Position(at[2], at[3])] : at;
    Object.assign(this, { start, end });
  }
}

class Uri {
  constructor(parts) { Object.assign(this, { scheme: 'file', authority: '', path: '', query: '', fragment: '' }, parts); }
  get fsPath() { return this.path; }
  toString() { return `${this.scheme}://${encodeURI(this.path)}`; }
  with(change) { return new Uri({ ...this, ...change }); }
  static file(name) { return new Uri({ path: name }); }
  static from(parts) { return new Uri(parts); }
  static parse(text) {
    const url = new URL(text);
    return new Uri({ scheme: url.protocol.slice(0, -1), path: decodeURI(url.pathname) });
  }
}

class CancellationTokenSource {
  constructor() { this.token = { isCancellationRequested: false, onCancellationRequested: new EventEmitter().event }; }
  cancel() {}
  dispose() {}
}

class Diagnostic {
  constructor(range, message, severity) { Object.assign(this, { range, message, severity }); }
}

// What nobody here looks at: may be called, constructed, extended and read without end.
function anything() {
  return new Proxy(class {}, {
    get: (target, name) => (name in target ? target[name] : typeof name === 'symbol' || name === 'then' ? undefined : anything()),
    apply: () => anything(),
  });
}

function partly(known) {
  return new Proxy(known, { get: (target, name) => (name in target || typeof name === 'symbol' ? target[name] : anything()) });
}

function events(...names) {
  return Object.fromEntries(names.map(name => [name, new EventEmitter().event]));
}

const opened = {
  uri: Uri.file(path.resolve(file)), languageId: 'itsup', version: 1, isDirty: false, isClosed: false, notebook: undefined,
  getText: () => fs.readFileSync(file, 'utf8'), save: async () => true,
};
const registered = {};
let provider;

const vscode = partly({
  Disposable, EventEmitter, Position, Range, Uri, CancellationTokenSource, Diagnostic,
  ViewColumn: { Beside: -2 }, version: '1.90.0',
  env: partly({ appName: 'stand-in', language: 'en', appHost: 'desktop' }),
  workspace: partly({
    ...events('onDidOpenTextDocument', 'onDidChangeTextDocument', 'onDidCloseTextDocument', 'onDidSaveTextDocument',
      'onWillSaveTextDocument', 'onDidChangeConfiguration', 'onDidChangeWorkspaceFolders', 'onDidCreateFiles', 'onDidDeleteFiles',
      'onDidRenameFiles', 'onWillCreateFiles', 'onWillDeleteFiles', 'onWillRenameFiles'),
    textDocuments: [opened], notebookDocuments: [], workspaceFolders: [{ uri: Uri.file(path.dirname(opened.uri.path)), name: 'w', index: 0 }],
    getWorkspaceFolder: () => vscode.workspace.workspaceFolders[0],
    getConfiguration: () => ({ get: (name, other) => ({ path: program, arguments: [] })[name] ?? other, has: () => false }),
    createFileSystemWatcher: () => ({ ...events('onDidCreate', 'onDidChange', 'onDidDelete'), dispose() {} }),
    registerTextDocumentContentProvider: (_, one) => { provider = one; return new Disposable(); },
    openTextDocument: async uri => { seen.shown = await provider.provideTextDocumentContent(uri); return { uri }; },
  }),
  window: partly({
    ...events('onDidChangeActiveTextEditor', 'onDidChangeVisibleTextEditors', 'onDidChangeWindowState'),
    activeTextEditor: { document: opened }, visibleTextEditors: [{ document: opened }], tabGroups: { all: [], ...events('onDidChangeTabs') },
    createOutputChannel: name => ({
      name, append() {}, appendLine(line) { if (name.includes('trace')) seen.traced += `${line}\n`; }, show() {}, clear() {}, dispose() {},
      ...events('onDidChangeLogLevel'), info() {}, warn() {}, error() {}, debug() {}, trace() {}, logLevel: 0,
    }),
    showErrorMessage: async text => { seen.errors.push(text); },
    showInformationMessage: async text => { seen.errors.push(text); },
    showTextDocument: async () => {},
  }),
  languages: partly({
    match: selector => ([].concat(selector).some(one => (one.language || one) === 'itsup') ? 10 : 0),
    createDiagnosticCollection: () => ({
      set(uri, list) { seen.diagnostics = (list || []).map(one => `${one.range.start.line + 1}: ${one.message}`); arrived(); },
      delete() {}, clear() {}, get() {}, has() { return false; }, forEach() {}, dispose() {},
    }),
    setTextDocumentLanguage: async document => document,
  }),
  commands: partly({
    registerCommand: (name, run) => { registered[name] = run; return new Disposable(); },
    executeCommand: async () => {},
  }),
});

let arrived = () => {};
function diagnostics() {
  return new Promise((resolve, reject) => {
    arrived = resolve;
    setTimeout(() => reject(new Error('no findings arrived')), 30000).unref();
  });
}

const load = Module._load;
Module._load = (name, ...rest) => (name === 'vscode' ? vscode : load(name, ...rest));

async function run() {
  const extension = require(path.resolve(main));
  let found = diagnostics();
  await extension.activate({ subscriptions: [], extensionPath: '', asAbsolutePath: name => name });
  if (seen.errors.length) return; // no server to ask
  await found;
  found = diagnostics();
  await registered['itsupc.restart']();
  await found;
  seen.restarted = true;
  seen.commands = Object.keys(registered).sort();
  await registered['itsupc.showGenerated']();
  await registered['itsupc.trace']('https://shop.example.com/');
  await extension.deactivate();
}

run().then(() => process.stdout.write(JSON.stringify(seen)), error => {
  process.stderr.write(`${error.stack}\n${JSON.stringify(seen)}\n`);
}).finally(() => process.exit());
