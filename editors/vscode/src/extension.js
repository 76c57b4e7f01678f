// The extension for VS Code: starts `itsupc lsp` and shows what the program says.
'use strict';

const vscode = require('vscode');
const { LanguageClient } = require('vscode-languageclient/node');
const { answerOf, generatedOf } = require('./program');

const GENERATED = 'itsup-generated';

let client;

function setting(name) {
  return vscode.workspace.getConfiguration('itsup').get(name);
}

function folderOf(document) {
  const folder = document && vscode.workspace.getWorkspaceFolder(document.uri);
  const first = (vscode.workspace.workspaceFolders || [])[0];
  return (folder || first || {}).uri?.fsPath;
}

// ---- the server ----

async function start() {
  const command = setting('path');
  const server = { command, args: ['lsp', ...setting('arguments')] };
  client = new LanguageClient('itsup', 'itsupc', { run: server, debug: server }, {
    documentSelector: [
      { scheme: 'file', language: 'itsup' },
      { scheme: 'file', language: 'yaml' },
      { scheme: 'file', language: 'dockercompose' },
    ],
  });
  try {
    await client.start();
  } catch (error) {
    client = undefined;
    const choice = await vscode.window.showErrorMessage(
      `itsupc could not be started as "${command}": ${error.message}`, 'Open Settings');
    if (choice) vscode.commands.executeCommand('workbench.action.openSettings', 'itsup.path');
  }
}

async function stop() {
  const running = client;
  client = undefined;
  if (running) await running.stop();
}

async function restart() {
  await stop();
  await start();
}

// ---- what is shown beside the source ----

class Generated {
  constructor() {
    this.changed = new vscode.EventEmitter();
    this.onDidChange = this.changed.event;
  }

  async provideTextDocumentContent(uri) {
    return generatedOf(setting('path'), uri.fsPath);
  }
}

function generatedUri(document) {
  return vscode.Uri.from({ scheme: GENERATED, path: document.uri.path, query: 'itsup' });
}

async function showGenerated() {
  const editor = vscode.window.activeTextEditor;
  if (!editor || editor.document.languageId !== 'itsup') {
    vscode.window.showInformationMessage('Open an *.itsup file first.');
    return;
  }
  await editor.document.save();
  const document = await vscode.workspace.openTextDocument(generatedUri(editor.document));
  await vscode.languages.setTextDocumentLanguage(document, 'yaml');
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true, preview: false });
}

// A code lens hands the URL over; else it is asked for.
async function traceUrl(output, url) {
  const asked = typeof url === 'string' ? url : await vscode.window.showInputBox({
    prompt: 'URL of the request', placeHolder: 'https://shop.example.com/cart', ignoreFocusOut: true,
  });
  if (!asked) return;
  const folder = folderOf(vscode.window.activeTextEditor?.document);
  const answer = await answerOf(setting('path'), ['trace', '--color', 'never', '--', asked], folder);
  output.appendLine(`itsupc trace ${asked}`);
  output.appendLine(answer.out + answer.err);
  output.show(true);
}

async function activate(context) {
  const output = vscode.window.createOutputChannel('itsupc trace');
  const generated = new Generated();
  context.subscriptions.push(
    output,
    generated.changed,
    vscode.workspace.registerTextDocumentContentProvider(GENERATED, generated),
    vscode.workspace.onDidSaveTextDocument(document => generated.changed.fire(generatedUri(document))),
    vscode.workspace.onDidChangeConfiguration(event => {
      if (event.affectsConfiguration('itsup.path') || event.affectsConfiguration('itsup.arguments')) return restart();
    }),
    vscode.commands.registerCommand('itsupc.trace', url => traceUrl(output, url)),
    vscode.commands.registerCommand('itsupc.showGenerated', showGenerated),
    vscode.commands.registerCommand('itsupc.restart', restart),
  );
  await start();
}

module.exports = { activate, deactivate: stop };
