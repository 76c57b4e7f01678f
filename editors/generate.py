"""Puts the words of the language, as `itsupc words` tells them, into the files of the editors.

usage: python3 editors/generate.py [-b BUILD] [-u]    compares; -u rewrites what is stale

Each file keeps its own form; only what stands between its markers (in JSON: the patterns called words-CLASS)
comes from the compiler's tables.
"""
import argparse
import difflib
import json
import pathlib
import plistlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
TREE = HERE / 'tree-sitter'
ITSUP = HERE / 'vscode' / 'syntaxes' / 'itsup.tmLanguage.json'
SYNTAXES = sorted((HERE / 'vscode' / 'syntaxes').glob('*.tmLanguage.json'))


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


# A pattern of tree-sitter for each class of words, with the capture's name in place of `@`.
PATTERNS = {
    'declaration': ('keyword.type', ['(source_file (setting name: (word) @))']),
    'setting': ('property', ['(setting name: (word) @)']),
    'word': ('constant.builtin', ['(setting (word) @)']),
    'middleware': ('function.builtin', ['(route link: (word) @)', '(middleware link: (word) @)', '(call name: (word) @)']),
    'type': ('type.builtin', ['(parameter type: (word) @)', '(parameter type: (call name: (word) @))']),
    'mode': ('type', ['(scheme) @']),
}


def queries(words):
    """Patterns for tree-sitter; of two that fit the later wins, so settings stand behind their values."""
    lines = []
    for kind in ('word', 'setting', 'declaration', 'middleware', 'type', 'mode'):
        capture, patterns = PATTERNS[kind]
        listed = wrapped([json.dumps(w) for w in sorted(words[kind])], '    ', ' ')
        listed[-1] += '))'
        patterns = [pattern.replace('@', '@' + capture) for pattern in patterns]
        if len(patterns) > 1:
            patterns = ['[', *('  ' + pattern for pattern in patterns), ']']
        patterns[0] = '(' + patterns[0]
        lines += [*patterns, f'  (#any-of? @{capture}', *listed, '']
    return lines[:-1]


# What Helix calls the captures that Neovim has under another name.
HELIX = {'number': 'constant.numeric', 'string.escape': 'constant.character.escape', 'string.special.url': 'string.special.url',
         'property': 'variable.other.member', 'function.call': 'function', 'keyword.type': 'keyword.storage.type',
         'keyword': 'keyword.control', 'indent.begin': 'indent', 'indent.branch': 'outdent', 'indent.ignore': None,
         'local.definition.var': 'local.definition.variable', 'local.definition.parameter': 'local.definition.variable.parameter'}


def helix(text):
    """A query as Helix wants it: its own names, and nothing where it has none."""
    lines = []
    for line in text.splitlines():
        named = re.sub(r'@([a-z.]+)', lambda m: '@' + str(HELIX.get(m[1], m[1])), line)
        if '@None' not in named:
            lines.append(named)
    return '\n'.join(['; Made of ../../../tree-sitter/queries by editors/generate.py -u'] + lines).rstrip() + '\n'


def keyword_tokens(words):
    return [f'    KEYWORD_{word.upper()},' for word in sorted(words['keyword'])]


def keyword_table(words):
    return [f'    {{ "{word}", KEYWORD_{word.upper()} }},' for word in sorted(words['keyword'])]


def keyword_externals(words):
    return ['    ' + ', '.join(f"'{word}'" for word in sorted(words['keyword'])) + ',']


def keyword_captures(words):
    return [f'  "{word}"' for word in sorted(words['keyword'])]


def between_markers(text, name, lines):
    """The text with these lines between the markers of that name, whatever begins a comment in it."""
    begin = re.search(rf'^.*generated:begin {name}\b.*\n', text, re.MULTILINE)
    end = re.compile(r'^.*generated:end', re.MULTILINE).search(text, begin.end())
    return text[:begin.end()] + ''.join(line.rstrip() + '\n' for line in lines) + text[end.start():]


def textmate(path, words):
    grammar = json.loads(path.read_text(encoding='utf-8'))
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
    """Every file with generated parts, and each part's name and lines."""
    every = ('keyword', 'mode', 'declaration', 'setting', 'word', 'middleware', 'type', 'matcher')
    yield HERE / 'vim' / 'syntax' / 'itsup.vim', [('words', vim(words, every))]
    yield HERE / 'vim' / 'after' / 'syntax' / 'yaml.vim', [('matchers', vim(words, ['matcher']))]
    yield HERE / 'emacs' / 'itsup-mode.el', [('words', emacs(words, every))]
    yield TREE / 'grammar.js', [('keywords', keyword_externals(words))]
    yield TREE / 'src' / 'scanner.c', [('keywords', keyword_tokens(words)), ('keyword-table', keyword_table(words))]
    yield TREE / 'queries' / 'highlights.scm', [('keywords', keyword_captures(words)), ('words', queries(words))]


def texts(words):
    """Every generated file and its text."""
    found = {path: textmate(path, words) for path in SYNTAXES}
    for path, parts in made(words):
        text = path.read_text(encoding='utf-8')
        for name, lines in parts:
            text = between_markers(text, name, lines)
        found[path] = text
    # Sublime Text reads property lists.
    grammar = json.loads(found[ITSUP])
    grammar.pop('$schema')
    found[HERE / 'sublime' / 'itsup.tmLanguage'] = plistlib.dumps(grammar, sort_keys=False).decode('utf-8')
    for name in ('highlights', 'indents', 'injections', 'locals'):
        path = TREE / 'queries' / f'{name}.scm'
        found[HERE / 'helix' / 'queries' / 'itsup' / path.name] = helix(found.get(path) or path.read_text(encoding='utf-8'))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n', maxsplit=1)[0])
    parser.add_argument('-b', '--build', default='build', help='the folder with itsupc (default: build)')
    parser.add_argument('-u', '--update', action='store_true', help='rewrite what is stale')
    options = parser.parse_args()
    words = words_of((HERE.parent / options.build).resolve() / 'itsupc')
    stale = False
    for path, text in texts(words).items():
        before = path.read_text(encoding='utf-8') if path.exists() else ''
        if before == text:
            continue
        name = path.relative_to(HERE.parent)
        if options.update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding='utf-8')
            print(f'{name}: rewritten')
            continue
        stale = True
        sys.stdout.writelines(difflib.unified_diff(before.splitlines(True), text.splitlines(True), str(name), str(name)))
    if stale:
        print('stale: run python3 editors/generate.py -u')
    sys.exit(1 if stale else 0)


main()
