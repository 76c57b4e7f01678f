"""The language server in programs that others wrote: Neovim, by the block of editors/README.md as well, and
the protocol's own client library for Node."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

import cases
import npm

SECONDS = 120
PROTOCOL = 'vscode-languageserver-protocol@3.17.5'
FILES = {
    'compose.yml': 'services:\n  web:\n    image: nginx\n    expose: ["8080"]\n',
    'shop.itsup': 'middleware admins = allow(10.0.0.0/8)\nhttps://a.example.com | admins -> web:8080 {\n  helth /up\n}\n',
}


def folder_with(files):
    kept = tempfile.TemporaryDirectory()
    for name, text in files.items():
        (pathlib.Path(kept.name) / name).write_text(text, encoding='utf-8')
    return kept


def differing(found, wanted):
    return [f'{key}: found {found.get(key)!r}, wanted {value!r}' for key, value in wanted.items() if found.get(key) != value]


def neovim(itsupc, script, folder, file='shop.itsup', **environment):
    out = pathlib.Path(folder) / 'out.json'
    run = subprocess.run(['nvim', '--headless', '-u', environment.pop('init', 'NONE'), '-n', file, '-c', f'luafile {script}'],
                         cwd=folder, timeout=SECONDS, capture_output=True, check=False,
                         env={**os.environ, 'ITSUPC': itsupc, 'OUT': str(out), 'XDG_CONFIG_HOME': folder,
                              'XDG_STATE_HOME': folder, 'XDG_DATA_HOME': folder, **environment})
    if not out.exists():
        return None, (run.stdout + run.stderr).decode(errors='replace')
    return json.loads(out.read_text(encoding='utf-8')), ''


def in_neovim(itsupc):
    with folder_with(FILES) as folder:
        found, said = neovim(itsupc, cases.ROOT / 'tests' / 'lsp_neovim.lua', folder)
        if found is None:
            return [said]
        wrong = differing(found, {'before': ['E0301'], 'after': [], 'definition': {'line': 0, 'character': 11},
                                  'error': None, 'last': 'let x = 1', 'fixed': '  health /up', 'exit': 0})
        if 'middleware' not in found.get('hover', '') or not found.get('items'):
            wrong.append(f'hover {found.get("hover")!r}, {found.get("items")} completions')
        return wrong


WAIT = '''
vim.wait(10000, function() return #vim.diagnostic.get(0) > 0 end)
vim.fn.writefile({ vim.fn.json_encode({ found = #vim.diagnostic.get(0) }) }, vim.env.OUT)
vim.cmd('qall!')
'''


def by_readme(itsupc):
    """The block of Lua in editors/README.md, as a stranger's init.lua."""
    text = (cases.ROOT / 'editors' / 'README.md').read_text(encoding='utf-8')
    blocks = re.findall(r'```lua\n(.*?)```', text, re.S)
    if not blocks:
        return ['editors/README.md has no block of Lua']
    labels = 'services:\n  web:\n    image: x\n    labels:\n      - traefik.http.routers.a.rule=Hots(`a.example.com`)\n'
    with folder_with({'compose.yml': labels, 'init.lua': blocks[0], 'wait.lua': WAIT}) as folder:
        bin_folder = pathlib.Path(folder) / 'bin'
        bin_folder.mkdir()
        (bin_folder / 'itsupc').symlink_to(itsupc)
        found, said = neovim(itsupc, 'wait.lua', folder, 'compose.yml', init='init.lua', PATH=f'{bin_folder}:{os.environ["PATH"]}')
        return [said] if found is None else [] if found['found'] else ['no finding']


def in_node(itsupc, modules):
    with folder_with(FILES) as folder:
        run = subprocess.run(['node', str(cases.ROOT / 'tests' / 'lsp_node.js'), itsupc, f'{folder}/shop.itsup'], timeout=SECONDS,
                             capture_output=True, check=False, env={**os.environ, 'NODE_PATH': str(modules)})
        if run.returncode:
            return [run.stderr.decode(errors='replace')]
        return differing(json.loads(run.stdout), {
            'encoding': 'utf-8', 'registered': ['workspace/didChangeWatchedFiles'], 'first': ['E0301'], 'completion': True,
            'symbols': 2, 'tokens': True, 'cancelled': -32800, 'unknown': -32601, 'second': [2, 0], 'exit': 0, 'rude': 1})


def main():
    args = cases.arguments(__doc__).parse_args()
    itsupc = cases.compiler_of(args.build)
    report = cases.Report()

    def add(name, wrong):
        report.add('fail' if wrong else 'pass', name, '\n'.join(wrong))

    if shutil.which('nvim'):
        add('lsp/neovim', in_neovim(itsupc))
        add('lsp/neovim-readme', by_readme(itsupc))
    else:
        report.add('skip', 'lsp/neovim', 'tool nvim is missing')
    modules = npm.modules([PROTOCOL]) if shutil.which('node') else None
    if modules:
        add('lsp/node', in_node(itsupc, modules))
    else:
        report.add('skip', 'lsp/node', f'npm cannot fetch {PROTOCOL} here')
    report.finish()


if __name__ == '__main__':
    main()
