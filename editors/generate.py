"""Puts the words of the language, as `itsupc words` tells them, into the files of the editors.

usage: python3 editors/generate.py [-b BUILD] [-u]    compares; -u rewrites what is stale

Each file keeps its own form; only what stands between its markers (in JSON: the patterns called words-CLASS)
comes from the compiler's tables.
"""
import argparse
import difflib
import json
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
SYNTAX = HERE / 'vscode' / 'syntaxes' / 'itsup.tmLanguage.json'


def words_of(compiler):
    classes = {}
    for line in subprocess.run([compiler, 'words'], capture_output=True, text=True, check=True).stdout.splitlines():
        kind, word = line.split('\t')
        classes.setdefault(kind, []).append(word)
    # The longest first: an alternation takes the first that fits.
    return {kind: sorted(words, key=lambda w: (-len(w), w)) for kind, words in classes.items()}


def wrapped(items, before, between, width=96):
    """Lines of at most `width`, each begun by `before`."""
    lines, line = [], before
    for i, item in enumerate(items):
        piece = item + (between if i + 1 < len(items) else '')
        if len(line) + len(piece) > width and line != before:
            lines.append(line)
            line = before
        line += piece
    return lines + [line]


def vim(words, kinds):
    lines = []
    for kind in kinds:
        pieces = wrapped([re.sub(r'([.~*\[\]])', r'\\\1', w) for w in words[kind]], '', r'\|', 90)
        lines.append(f"let s:{kind} = '{pieces[0]}'")
        lines += [f"      \\ . '{piece}'" for piece in pieces[1:]]
    return lines


def emacs(words, kinds):
    lines = []
    for kind in kinds:
        lines += [f'(defconst itsup--{kind}-words', "  '("]
        lines += wrapped([json.dumps(w) for w in sorted(words[kind])], '    ', ' ')
        lines[-1] += ')'
        lines += [f'  "Words of the class {kind}, from the tables of the compiler.")', '']
    return lines[:-1]


def between_markers(path, comment, lines):
    text = path.read_text(encoding='utf-8')
    begin = re.search(rf'^{re.escape(comment)} generated:begin.*\n', text, re.MULTILINE)
    end = re.search(rf'^{re.escape(comment)} generated:end', text, re.MULTILINE)
    return text[:begin.end()] + ''.join(line.rstrip() + '\n' for line in lines) + text[end.start():]


def textmate(words):
    grammar = json.loads(SYNTAX.read_text(encoding='utf-8'))
    for kind, found in words.items():
        rule = grammar['repository'].get(f'words-{kind}')
        if not rule:
            continue
        listed = '|'.join(map(re.escape, found)).replace('\\-', '-')
        for key in ('begin', 'match'):
            if key in rule:
                rule[key] = re.sub(r'\(\?:(?!\^).*?\)(?=\(\?#end\))', lambda _: f'(?:{listed})', rule[key], count=1)
    return json.dumps(grammar, indent=2, ensure_ascii=False) + '\n'


def made(words):
    """Every generated file and its text."""
    every = ('keyword', 'mode', 'declaration', 'setting', 'word', 'middleware', 'type', 'matcher')
    yield HERE / 'vim' / 'syntax' / 'itsup.vim', '"', vim(words, every)
    yield HERE / 'vim' / 'after' / 'syntax' / 'yaml.vim', '"', vim(words, ['matcher'])
    yield HERE / 'emacs' / 'itsup-mode.el', ';;', emacs(words, every)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n', maxsplit=1)[0])
    parser.add_argument('-b', '--build', default='build', help='the folder with itsupc (default: build)')
    parser.add_argument('-u', '--update', action='store_true', help='rewrite what is stale')
    options = parser.parse_args()
    words = words_of((HERE.parent / options.build).resolve() / 'itsupc')
    texts = {path: between_markers(path, comment, lines) for path, comment, lines in made(words)}
    texts[SYNTAX] = textmate(words)
    stale = False
    for path, text in texts.items():
        before = path.read_text(encoding='utf-8')
        if before == text:
            continue
        name = path.relative_to(HERE.parent)
        if options.update:
            path.write_text(text, encoding='utf-8')
            print(f'{name}: rewritten')
            continue
        stale = True
        sys.stdout.writelines(difflib.unified_diff(before.splitlines(True), text.splitlines(True), str(name), str(name)))
    if stale:
        print('stale: run python3 editors/generate.py -u')
    sys.exit(1 if stale else 0)


main()
