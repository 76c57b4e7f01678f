"""The blocks of editors/README.md, followed by a stranger: a fresh home, the checkout in ~/itsupc, and the lines of the
block as they stand. Then the editor opens a file with a mistake, and has its colours and the finding, live.
"""
import os
import pathlib
import pty
import re
import select
import shutil
import signal
import subprocess
import tempfile
import time
import tomllib

import cases
from colours import EDITORS

SECONDS = 60
BAD = 'https://a.example.com -> 10.0.0.5:3000\nftp://b.example.com -> 10.0.0.6:3000\n'
FINDING = re.compile(r'\b2\b.*ftp://. is no routing mode')


def block(section, number=0):
    """The fenced block of that number below a heading of the README."""
    text = (EDITORS / 'README.md').read_text(encoding='utf-8').split(f'\n## {section}\n')[1].split('\n## ')[0]
    return re.findall(r'```[a-z]*\n(.*?)```', text, re.DOTALL)[number]


def stranger(folder, compiler):
    """A home with a checkout and the program in the path; the environment for it."""
    (folder / 'itsupc').symlink_to(cases.ROOT)
    (folder / 'bin').mkdir()
    (folder / 'bin' / 'itsupc').symlink_to(compiler)
    (folder / 'site').mkdir()
    (folder / 'site' / 'shop.itsup').write_text(BAD, encoding='utf-8')
    env = {name: value for name, value in os.environ.items() if not name.startswith('XDG_')}
    return {**env, 'HOME': str(folder), 'PATH': f'{folder}/bin:{env["PATH"]}', 'TERM': 'xterm', 'LC_ALL': 'C.UTF-8'}


def shell(text, env):
    done = subprocess.run(['sh', '-euc', text], env=env, cwd=env['HOME'], capture_output=True, text=True, timeout=SECONDS, check=False)
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)


def in_terminal(words, env):
    """Runs a program of the terminal until it ends by itself."""
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(pathlib.Path(env['HOME']) / 'site')
        os.execvpe(words[0], words, env)
    said, until = b'', time.monotonic() + SECONDS
    while time.monotonic() < until:
        if select.select([terminal], [], [], 1)[0]:
            try:
                said += os.read(terminal, 65536)
            except OSError:
                break
    else:
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(terminal)
    return said.decode('utf-8', 'replace')


def wanted(folder, said):
    """What the editor wrote: its file type, the group of the scheme's colour, then its findings."""
    if not (folder / 'seen').exists():
        return [said[-2000:]]
    kind, colour, *found = (folder / 'seen').read_text(encoding='utf-8').splitlines()
    wrong = [] if kind == 'itsup' else [f'the file type is {kind!r}']
    wrong += [] if colour else ['https:// has no colour']
    return wrong + ([] if len(found) == 1 and FINDING.search(found[0]) else [f'the findings are {found}'])


VIM = """
let s:tries = 0
function! Look(timer) abort
  let s:tries += 1
  let l:found = getloclist(0)
  if empty(l:found) && s:tries < 300
    return
  endif
  call timer_stop(a:timer)
  let l:first = map(copy(l:found), {_, one -> one.lnum .. ' ' .. one.text})
  let l:signs = len(sign_getplaced('%', {'group': 'itsup'})[0].signs)
  call writefile([&filetype, synIDattr(synID(1, 1, 1), 'name')] + (l:signs == len(l:first) ? l:first : ['other signs']), $HOME .. '/seen')
  " Mended in the buffer alone, the finding goes; undone, it comes again.
  call setline(2, 'https://b.example.com -> 10.0.0.6:3000')
  doautocmd TextChanged
  let s:tries = 0
  call timer_start(100, 'Mended', {'repeat': -1})
endfunction
function! Mended(timer) abort
  let s:tries += 1
  if empty(getloclist(0)) || s:tries > 300
    call writefile(map(getloclist(0), {_, one -> one.text}), $HOME .. '/mended')
    call setline(3, 'https://c.example.com | x')
    doautocmd TextChanged
    call cursor(3, 25)
    if itsup#lsp#Can('completionProvider')
      call writefile(itsup#lsp#Complete(0, 'str')->map({_, one -> one.word}), $HOME .. '/completed')
    endif
    qall!
  endif
endfunction
call timer_start(100, 'Look', {'repeat': -1})
"""


def vim(folder, env):
    shell(block('Vim'), env)
    (folder / 'look.vim').write_text(VIM, encoding='utf-8')
    said = in_terminal(['vim', '-c', 'source ~/look.vim', 'shop.itsup'], env)
    wrong = wanted(folder, said)
    if not wrong and (folder / 'mended').read_text(encoding='utf-8'):
        wrong.append('what is mended in the buffer is still told')
    completed = folder / 'completed'
    if not wrong and completed.exists() and 'strip' not in completed.read_text(encoding='utf-8').splitlines():
        wrong.append(f'completion offers {completed.read_text(encoding="utf-8")}')
    return wrong


NEOVIM = """
local found = {}
vim.wait(30000, function() found = vim.diagnostic.get(0) return #found > 0 end, 50)
local out = { vim.bo.filetype, vim.fn.synIDattr(vim.fn.synID(1, 1, 1), 'name') }
for _, one in ipairs(found) do table.insert(out, (one.lnum + 1) .. ' ' .. one.message:gsub('\\n', ' ')) end
vim.lsp.commands['itsupc.trace']({ arguments = { 'https://a.example.com/' } })
if #vim.api.nvim_list_wins() ~= 2 then table.insert(out, 'no window for the trace') end
vim.fn.writefile(out, vim.env.HOME .. '/seen')
"""


def neovim(folder, env):
    shell(block('Neovim'), env)
    (folder / 'look.lua').write_text(NEOVIM, encoding='utf-8')
    done = subprocess.run(['nvim', '--headless', '-c', 'luafile ~/look.lua', '-c', 'qall!', 'shop.itsup'], env=env, cwd=folder / 'site',
                          capture_output=True, text=True, timeout=SECONDS, check=False)
    return wanted(folder, done.stdout + done.stderr)


EMACS = """
(defvar looked 0)
(defun look ()
  (setq looked (1+ looked))
  (let ((found (mapcar (lambda (one) (format "%d %s" (line-number-at-pos (flymake-diagnostic-beg one))
                                             (replace-regexp-in-string "\\n" " " (flymake-diagnostic-text one))))
                       (flymake-diagnostics))))
    (when (or found (> looked 200))
      (font-lock-ensure)
      (let ((kind (if (eq major-mode 'itsup-mode) "itsup" (symbol-name major-mode)))
            (colour (get-text-property (point-min) 'face)))
        (with-temp-file "~/seen"
          (insert kind "\n" (format "%s" (or colour "")) "\n" (mapconcat #'identity found "\n"))))
      (set-process-query-on-exit-flag (car (process-list)) nil)
      (let ((kill-emacs-hook nil) (confirm-kill-processes nil)) (kill-emacs)))))
(run-with-timer 0.2 0.2 #'look)
"""


def emacs(folder, env):
    eglot = sorted(pathlib.Path('/usr/share/emacs/site-lisp/elpa-src').glob('eglot-*'))
    before = ''.join(f'(add-to-list \'load-path "{path}")\n' for path in eglot)
    (folder / '.emacs').write_text(before + "(autoload 'eglot-ensure \"eglot\")\n" + block('Emacs'), encoding='utf-8')
    (folder / 'look.el').write_text(EMACS, encoding='utf-8')
    return wanted(folder, in_terminal(['emacs', '-nw', 'shop.itsup', '-l', '~/look.el'], env))


def has_eglot():
    known = subprocess.run(['emacs', '--batch', '--eval', '(princ (or (locate-library "eglot") ""))'], capture_output=True, text=True, check=False)
    return known.stdout or sorted(pathlib.Path('/usr/share/emacs/site-lisp/elpa-src').glob('eglot-*'))


def helix(folder, env):
    """Helix itself cannot be had here: its files are where it looks, and its list of languages names what is there."""
    text = block('Helix').replace('hx --grammar build\n', '')
    shell('mkdir -p ~/.config/helix\n' + text, env)
    config = tomllib.loads((folder / '.config' / 'helix' / 'languages.toml').read_text(encoding='utf-8'))
    language, grammar = config['language'][0], config['grammar'][0]
    server = config['language-server'][language['language-servers'][0]]
    queries = folder / '.config' / 'helix' / 'runtime' / 'queries' / language['name'] / 'highlights.scm'
    wrong = [] if (pathlib.Path(grammar['source']['path']) / 'src' / 'parser.c').exists() else [f'{grammar} holds no parser']
    wrong += [] if queries.exists() else [f'{queries} does not exist']
    wrong += [] if [server['command'], *server['args']] == ['itsupc', 'lsp'] else [f'the server is {server}']
    return wrong + ([] if language['name'] == grammar['name'] else ['another grammar'])


def main():
    options = cases.arguments(__doc__.split('\n', maxsplit=1)[0]).parse_args()
    compiler, report = cases.compiler_of(options.build), cases.Report()
    server = subprocess.run([compiler, 'help', 'lsp'], capture_output=True, check=False).returncode == 0
    for name, tool, ask in [('vim', 'vim', vim), ('neovim', 'nvim', neovim), ('emacs', 'emacs', emacs), ('helix', 'sh', helix)]:
        name = 'live/' + name
        if not report.wants(name):
            continue
        missing = f'tool {tool} is missing' if not shutil.which(tool) else \
            'itsupc has no language server' if not server and ask is not helix else \
            'tool eglot is missing' if ask is emacs and not has_eglot() else ''
        if missing:
            report.add('skip', name, missing)
            continue
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
            folder = pathlib.Path(scratch)
            try:
                wrong = ask(folder, stranger(folder, compiler))
            except (RuntimeError, subprocess.TimeoutExpired) as error:
                wrong = [str(error)]
        report.add('fail' if wrong else 'pass', name, '\n'.join(wrong))
    report.finish()


main()
