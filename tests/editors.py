"""The files in editors/ do in real editors what they promise.

One table says what some words of a golden input are; Vim, Emacs and the TextMate grammar (by
vscode-tmgrammar-test, when npm can fetch it) must each colour them so. Vim and Emacs indent what `itsupc fmt`
laid out, which must not change. Vim's :make fills the quickfix list. The words in all of them are fresh.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import cases
import npm
from colours import EDITORS, SAMPLE, laid_out, places, run

VIM = {'declaration': 'itsupDeclaration', 'word': 'itsupWord', 'keyword': 'itsupKeyword', 'comment': 'itsupComment',
       'setting': 'itsupSetting', 'address': 'itsupAddress', 'variable': 'itsupVariable', 'number': 'itsupNumber',
       'middleware': 'itsupMiddleware', 'mode': 'itsupScheme', 'interpolation': 'itsupInterpolation',
       'operator': 'itsupOperator', 'pipe': 'itsupOperator', 'type': 'itsupType', 'string': 'itsupString', 'path': 'itsupPath', '-': ''}
SCOPE = {'declaration': 'storage.type.itsup', 'word': 'support.constant.itsup', 'keyword': 'keyword.control.itsup',
         'comment': 'comment.line.number-sign.itsup', 'setting': 'support.type.property-name.itsup',
         'address': 'constant.other.address.itsup', 'variable': 'variable.other.environment.itsup',
         'number': 'constant.numeric.itsup', 'middleware': 'support.function.itsup', 'mode': 'keyword.other.mode.itsup',
         'interpolation': 'variable.other.interpolation.itsup', 'operator': 'keyword.operator.arrow.itsup', 'pipe': 'keyword.operator.pipe.itsup',
         'type': 'storage.type.itsup', 'string': 'string.quoted.double.itsup', 'path': 'string.unquoted.path.itsup'}
FACE = {'declaration': 'font-lock-builtin-face', 'keyword': 'font-lock-keyword-face', 'comment': 'font-lock-comment-face',
        'setting': 'font-lock-builtin-face', 'variable': 'font-lock-variable-name-face',
        'number': 'font-lock-constant-face', 'middleware': 'font-lock-function-name-face',
        'mode': 'font-lock-type-face', 'interpolation': 'font-lock-variable-name-face',
        'operator': 'font-lock-keyword-face', 'pipe': 'font-lock-keyword-face', 'type': 'font-lock-type-face', 'string': 'font-lock-string-face'}


# ---- Vim ----

def vim(folder, script, file=None, env=None):
    (folder / 'script.vim').write_text(script, encoding='utf-8')
    words = ['vim', '-es', '-N', '-i', 'NONE', '-u', 'NONE', '--cmd', f'set runtimepath^={EDITORS}/vim',
             '--cmd', f'set runtimepath+={EDITORS}/vim/after', '--cmd', 'filetype plugin indent on', '--cmd', 'syntax on',
             '--cmd', 'set noswapfile encoding=utf-8', *([str(file)] if file else []), '-S', 'script.vim', '-c', 'qall!']
    return run(words, folder, env=env)


def vim_colours(folder):
    script = ["let out = ['filetype ' .. &filetype, 'error ' .. v:errmsg]"]
    script += [f"call add(out, synIDattr(synID({line}, {column}, 1), 'name'))" for line, column, *_ in places()]
    script += ["call writefile(out, 'groups')"]
    shutil.copy(SAMPLE, folder / 'sample.itsup')
    said, _ = vim(folder, '\n'.join(script), folder / 'sample.itsup')
    got = (folder / 'groups').read_text(encoding='utf-8').splitlines()
    wrong = [] if got[:2] == ['filetype itsup', 'error '] else [f'{got[:2]} {said}']
    return wrong + [f'{marked}: {group or "nothing"}, not {VIM[kind] or "nothing"}'
                    for (*_, kind, marked), group in zip(places(), got[2:]) if group != VIM[kind]]


def vim_indent(folder):
    texts = laid_out()
    names = []
    for i, path in enumerate(texts):
        shutil.copy(path, folder / f'{i}.itsup')
        names.append(f'{i}.itsup')
    script = [f'edit! {name} | silent normal! gg=G\nsilent write! {name}.new' for name in names]
    said, _ = vim(folder, '\n'.join(script))
    wrong = []
    for name, path in zip(names, texts):
        new = folder / f'{name}.new'
        if not new.exists():
            return [f'Vim wrote no {new.name}: {said}']
        wrong += changed(path, new.read_text(encoding='utf-8'))
    return wrong


def changed(path, after):
    before = path.read_text(encoding='utf-8')
    if before == after:
        return []
    pairs = [(a, b) for a, b in zip(before.splitlines(), after.splitlines()) if a != b][:3]
    return [f'{path.parent.name}: ' + ', '.join(f'{a!r} becomes {b!r}' for a, b in pairs)]


def vim_make(folder, compiler):
    (folder / 'bad.itsup').write_text('https://a.example.com -> web:3000\nftp://b.example.com -> web:3000\n')
    (folder / 'bin').mkdir()
    (folder / 'bin' / 'itsupc').symlink_to(compiler)
    script = "silent make!\ncall writefile(map(getqflist(), {_, q -> bufname(q.bufnr) .. ':' .. q.lnum .. ':' .. q.col .. ' '" \
             " .. q.type .. ' ' .. q.text}), 'list')"
    said, _ = vim(folder, script, folder / 'bad.itsup', {'PATH': f'{folder}/bin:{os.environ["PATH"]}'})
    if not (folder / 'list').exists():
        return [said]
    got = (folder / 'list').read_text(encoding='utf-8').splitlines()
    good = len(got) == 1 and re.fullmatch(r'\S*bad\.itsup:2:1 E `ftp://` is no routing mode', got[0])
    return [] if good else [f'the quickfix list holds {got}']


def vim_yaml(folder):
    (folder / 'compose.yml').write_text('labels:\n  - "traefik.http.routers.a.rule=Host(`a.b`) && PathPrefix(`/x`)"\n')
    script = "call writefile([synIDattr(synID(2, 35, 1), 'name'), synIDattr(synID(2, 40, 1), 'name')], 'groups')"
    said, _ = vim(folder, script, folder / 'compose.yml')
    got = (folder / 'groups').read_text(encoding='utf-8').splitlines() if (folder / 'groups').exists() else [said]
    return [] if got == ['traefikMatcher', 'traefikArgument'] else [f'{got}']


# ---- Emacs ----

def emacs(folder, forms):
    (folder / 'script.el').write_text('\n'.join(forms), encoding='utf-8')
    return run(['emacs', '-Q', '--batch', '-l', str(EDITORS / 'emacs' / 'itsup-mode.el'), '-l', 'script.el'], folder,
               env={'LC_ALL': 'C.UTF-8'})


def emacs_compiles(folder):
    shutil.copy(EDITORS / 'emacs' / 'itsup-mode.el', folder)
    said, status = run(['emacs', '-Q', '--batch', '--eval', '(setq byte-compile-error-on-warn t)', '-f', 'batch-byte-compile',
                        'itsup-mode.el'], folder)
    return [said] if status else []


def emacs_colours(folder):
    forms = [f'(find-file "{SAMPLE}")', '(unless (eq major-mode (quote itsup-mode)) (error "not itsup-mode"))',
             '(font-lock-ensure)']
    rows = [row for row in places() if row[3] in FACE]
    for line, column, *_ in rows:
        forms.append(f'(goto-char (point-min)) (forward-line {line - 1}) (forward-char {column - 1})'
                     '(let ((face (get-text-property (point) (quote face)))) (princ (if (consp face) (car face) face)))'
                     '(terpri)')
    said, status = emacs(folder, forms)
    got = said.splitlines()
    if status or len(got) < len(rows):
        return [said]
    return [f'{marked}: {face}, not {FACE[kind]}' for (*_, kind, marked), face in zip(rows, got[-len(rows):])
            if face != FACE[kind] and not (kind == 'comment' and face == 'font-lock-comment-delimiter-face')]


def emacs_indent(folder):
    texts = laid_out()
    forms = []
    for i, path in enumerate(texts):
        shutil.copy(path, folder / f'{i}.itsup')
        forms.append(f'(with-temp-buffer (insert-file-contents "{i}.itsup") (itsup-mode) (indent-region (point-min) (point-max))'
                     f' (let ((coding-system-for-write (quote utf-8))) (write-region nil nil "{i}.itsup.new")))')
    said, status = emacs(folder, ['(setq inhibit-message t)', *forms])
    if status:
        return [said]
    return [w for i, path in enumerate(texts) for w in changed(path, (folder / f'{i}.itsup.new').read_text(encoding='utf-8'))]


# ---- TextMate ----

def textmate(program, grammar, folder):
    lines = SAMPLE.read_text(encoding='utf-8').splitlines()
    wanted = {}
    for line, column, length, kind, _ in places():
        if kind in SCOPE:
            wanted.setdefault(line, []).append((column, length, SCOPE[kind]))
    text = ['# SYNTAX TEST "source.itsup" "the whole language"']
    for number, line in enumerate(lines, 1):
        text.append(line)
        for column, length, scope in wanted.get(number, []):
            text.append(f'#<{"-" * length} {scope}' if column == 1 else f'#{" " * (column - 2)}{"^" * length} {scope}')
    (folder / 'whole.itsup').write_text('\n'.join(text) + '\n', encoding='utf-8')
    said, status = run([str(program), '-g', str(EDITORS / grammar), 'whole.itsup'], folder)
    return [re.sub('\x1b\\[[0-9;]*m', '', said)] if status else []


def valid_json(_):
    wrong = []
    for path in sorted((EDITORS / 'vscode').rglob('*.json')):
        json.loads(path.read_text(encoding='utf-8'))
    manifest = json.loads((EDITORS / 'vscode' / 'package.json').read_text(encoding='utf-8'))['contributes']
    for part in manifest['languages'] + manifest['grammars'] + manifest['snippets']:
        for key in ('configuration', 'path'):
            if key in part and not (EDITORS / 'vscode' / part[key]).is_file():
                wrong.append(f'{part[key]} does not exist')
    return wrong


def snippets(compiler, folder):
    """Each snippet, with its placeholders as they are offered, is an input without a mistake."""
    wrong = []
    for name, snippet in json.loads((EDITORS / 'vscode' / 'snippets' / 'itsup.json').read_text(encoding='utf-8')).items():
        text = '\n'.join(snippet['body']) + '\n'
        names = dict(re.findall(r'\$\{(\d+):((?:[^\\}]|\\.)*)\}', text))
        text = re.sub(r'\$\{(\d+)(?::((?:[^\\}]|\\.)*))?\}', lambda m: names.get(m[1], ''), text)
        text = re.sub(r'\\(.)', r'\1', text)
        (folder / 'snippet.itsup').write_text(text, encoding='utf-8')
        said, status = run([compiler, 'check', '--deny', 'E0101', 'snippet.itsup'], folder)
        if status:
            wrong.append(f'{name}:\n{text}{said}')
    return wrong


def main():
    options = cases.arguments(__doc__.split('\n', maxsplit=1)[0]).parse_args()
    compiler = cases.compiler_of(options.build)
    report = cases.Report()

    def fresh(folder):
        said, status = run([sys.executable, str(EDITORS / 'generate.py'), '-b', str(pathlib.Path(compiler).parent)], folder)
        return [said] if status else []

    tests = [('words-are-fresh', None, fresh), ('vscode-files', None, valid_json),
             ('vscode-snippets', None, lambda folder: snippets(compiler, folder)),
             ('vim-colours', 'vim', vim_colours), ('vim-indent', 'vim', vim_indent),
             ('vim-make', 'vim', lambda folder: vim_make(folder, compiler)), ('vim-rules-in-yaml', 'vim', vim_yaml),
             ('emacs-compiles', 'emacs', emacs_compiles), ('emacs-colours', 'emacs', emacs_colours),
             ('emacs-indent', 'emacs', emacs_indent)]
    for name, tool, test in tests:
        if not report.wants('editors/' + name):
            continue
        if tool and not shutil.which(tool):
            report.add('skip', 'editors/' + name, f'tool {tool} is missing')
            continue
        with tempfile.TemporaryDirectory() as scratch:
            wrong = test(pathlib.Path(scratch))
        report.add('fail' if wrong else 'pass', 'editors/' + name, '\n'.join(wrong))
    for name, grammar in (('editors/textmate-colours', 'vscode/syntaxes/itsup.tmLanguage.json'),
                          ('editors/sublime-colours', 'sublime/itsup.tmLanguage')):
        if not report.wants(name):
            continue
        modules = npm.modules([npm.GRAMMAR_TEST])
        if not modules:
            report.add('skip', name, 'npm cannot fetch vscode-tmgrammar-test here')
            continue
        with tempfile.TemporaryDirectory() as scratch:
            wrong = textmate(modules / '.bin' / 'vscode-tmgrammar-test', grammar, pathlib.Path(scratch))
        report.add('fail' if wrong else 'pass', name, '\n'.join(wrong))
    report.finish()


main()
