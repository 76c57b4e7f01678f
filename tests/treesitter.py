"""The parser and the queries of editors/tree-sitter, by libtree-sitter and in Neovim.

Whatever the compiler reads without a mistake of syntax, tree-sitter parses without an error node and into the
same words. Neovim gives the words of colours.py their captures. What the generator makes of grammar.js is fresh.
"""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

import cases
from colours import EDITORS, SAMPLE, laid_out, places, run

PARSER = EDITORS / 'tree-sitter'
GENERATOR = '0.27.1'
QUERIES = [*sorted((PARSER / 'queries').glob('*.scm')), *sorted((EDITORS / 'helix' / 'queries' / 'itsup').glob('*.scm'))]
CAPTURES = {'declaration': 'keyword.type', 'word': 'constant.builtin', 'keyword': 'keyword', 'comment': 'comment',
            'setting': 'property', 'address': 'number', 'variable': 'constant', 'number': 'number',
            'middleware': 'function.builtin', 'mode': 'type', 'interpolation': 'variable', 'operator': 'operator',
            'pipe': 'operator', 'type': 'type.builtin', 'string': 'string', 'path': 'string.special.path'}


class Failure(Exception):
    pass


def compiled(words, folder):
    """Runs the C compiler on the parser and what goes with it."""
    source = PARSER / 'src'
    said, status = run([os.environ.get('CC', 'cc'), '-std=c11', '-D_DEFAULT_SOURCE', '-Wall', '-Wextra', '-Werror', '-I', str(source),
                        str(source / 'parser.c'), str(source / 'scanner.c'), *words], folder)
    if status:
        raise Failure(said)


def dumper(folder):
    """treesitter_dump, or None where libtree-sitter is missing."""
    program = folder / 'dump'
    for sanitize in (['-fsanitize=address,undefined', '-fno-sanitize-recover=all'], []):
        try:
            compiled(['-g', *sanitize, '-o', str(program), str(cases.ROOT / 'tests' / 'treesitter_dump.c'), '-ltree-sitter'], folder)
            return program
        except Failure as failure:
            said = str(failure)
    if 'tree_sitter/api.h' in said or '-ltree-sitter' in said:
        return None
    raise Failure(said)


def dump(program, files, folder):
    """For each file (kind, first byte, last byte) of each word, and of what is wrong."""
    said, status = run([str(program), '--', *map(str, files)], folder)
    if status:
        raise Failure(said)
    found = [[]]
    for line in said.splitlines():
        kind, *place = line.split()
        if kind == 'file':
            found.append([])
        else:
            found[-1].append((kind, *map(int, place)))
    return found[:-1]


def first_bytes(text):
    """Of each line, the offset of its first byte and the line."""
    at = 0
    for number, line in enumerate(text.split(b'\n')):
        mark = 3 if number == 0 and line.startswith(b'\xef\xbb\xbf') else 0
        yield at + mark, line[mark:].decode('utf-8', 'replace')
        at += len(line) + 1


def words_of_compiler(compiler, path):
    """(kind, first byte) of each word as the compiler has them; None for a text with a mistake of syntax."""
    if subprocess.run([compiler, 'ast', path], capture_output=True, check=False).returncode:
        return None
    told = subprocess.run([compiler, 'tokens', path], capture_output=True, check=False).stdout.decode('utf-8')
    lines = list(first_bytes(path.read_bytes()))
    found = []
    for row in filter(None, told.split('\n')):
        place, kind, *rest = row.split(' ', 2)
        if kind in ('sep', 'end'):
            continue
        line, column = map(int, place.split(':'))
        at, text = lines[line - 1]
        found.append((rest[0] if kind == 'mark' else kind, at + len(text[:column - 1].encode())))
    return found


def agreement(compiler, program, folder):
    files = [p for name in ('examples', 'runtime', 'tests') for p in sorted((cases.ROOT / name).rglob('*.itsup')) if p.is_file()]
    wanted = [(p, words) for p in files if (words := words_of_compiler(compiler, p)) is not None]
    wrong = [] if len(wanted) > len(files) // 2 else [f'only {len(wanted)} of {len(files)} files could be compared']
    for (path, words), found in zip(wanted, dump(program, [p for p, _ in wanted], folder), strict=True):
        got = [(kind, at) for kind, at, _ in found]
        if got != words:
            pair = next(((a, b) for a, b in zip(words, got) if a != b), (len(words), len(got)))
            wrong.append(f'{path.relative_to(cases.ROOT)}: the compiler has {pair[0]}, tree-sitter {pair[1]}')
    return wrong


def torn(program, folder):
    """Texts that end anywhere, and texts of the golden folders with every mistake: an answer, and no harm to memory."""
    text = SAMPLE.read_bytes()
    for at in range(0, len(text), 23):
        (folder / f'torn{at}.itsup').write_bytes(text[:at])
        (folder / f'rest{at}.itsup').write_bytes(text[at:])
    files = [*sorted(folder.glob('*.itsup')), *sorted(cases.GOLDEN.rglob('input.*'))]
    found = dump(program, files, folder)
    # A mistake costs its statement, not the rest: what follows a torn head is still mostly words.
    few = [f.name for f, words in zip(files, found, strict=True) if f.name.startswith('rest') and len(words) < len(f.read_bytes()) // 40]
    return [f'tree-sitter gives up on {name}' for name in few]


def indentation(program, folder):
    """Lines that end a block or stand in one are as deep as indents.scm says."""
    texts = laid_out()
    said, status = run([str(program), '--captures', str(PARSER / 'queries' / 'indents.scm'), '--', *map(str, texts)], folder)
    if status:
        return [said]
    wrong = []
    for path, chunk in zip(texts, re.split(r'^file \d+\n', said, flags=re.MULTILINE)[:-1], strict=True):
        depth = {}
        lines = path.read_text(encoding='utf-8').split('\n')
        inside = set()
        for row in chunk.splitlines():
            capture, first, last = row.split()[0], int(row.split()[1]), int(row.split()[2])
            for line in range(first + 1, last + 1):
                if capture == 'indent.begin':
                    depth.setdefault(line, set()).add(first)
                elif capture == 'indent.ignore':
                    inside.add(line)
        for number, line in enumerate(lines):
            above = next((text for text in reversed(lines[:number]) if text.strip() and not text.lstrip().startswith('#')), '')
            goes_on = line.lstrip().startswith(('|', '->', '=>', 'else')) or above.split(' #')[0].rstrip().endswith(',') or line.lstrip().startswith('#')
            if not line.strip() or goes_on or number in inside:
                continue
            wanted = 2 * (len(depth.get(number, ())) - (line.lstrip()[0] in '}])'))
            if len(line) - len(line.lstrip()) != wanted:
                wrong.append(f'{path.parent.name}:{number + 1}: {line!r} is not {wanted} deep')
    return wrong


def valid_queries(program, folder):
    said, status = run([str(program), *map(str, QUERIES), '--'], folder)
    return [said] if status or said else []


NEOVIM = """
local folder, rows = ...
local parser = vim.treesitter.get_parser(0, 'itsup')
local root = parser:parse()[1]:root()
local query = vim.treesitter.query.get and vim.treesitter.query.get('itsup', 'highlights')
  or vim.treesitter.get_query('itsup', 'highlights')
local out = {}
for _, row in ipairs(rows) do
  local last = ''
  for id, node in query:iter_captures(root, 0, row[1] - 1, row[1]) do
    local r1, c1, r2, c2 = node:range()
    local line = row[1] - 1
    local begun = r1 < line or (r1 == line and c1 <= row[2])
    if begun and (r2 > line or (r2 == line and c2 > row[2])) then last = query.captures[id] end
  end
  table.insert(out, last)
end
vim.fn.writefile(out, 'captures')
"""


def neovim(folder):
    (folder / 'site' / 'parser').mkdir(parents=True)
    compiled(['-O1', '-shared', '-fPIC', '-o', str(folder / 'site' / 'parser' / 'itsup.so')], folder)
    (folder / 'site' / 'queries').mkdir()
    (folder / 'site' / 'queries' / 'itsup').symlink_to(PARSER / 'queries')
    lines = SAMPLE.read_text(encoding='utf-8').splitlines()
    rows = ', '.join('{%d, %d}' % (line, len(lines[line - 1][:column - 1].encode())) for line, column, *_ in places())
    (folder / 'ask.lua').write_text(NEOVIM.replace('...', f'".", {{{rows}}}', 1), encoding='utf-8')
    said, _ = run(['nvim', '--headless', '-i', 'NONE', '-u', 'NONE', '--cmd', f'set runtimepath^={folder}/site', '-c', 'set noswapfile',
                   '-c', 'luafile ask.lua', '-c', 'qall!', str(SAMPLE)], folder)
    if not (folder / 'captures').exists():
        return [said]
    got = (folder / 'captures').read_text(encoding='utf-8').split('\n')
    return [f'{marked}: {capture or "nothing"}, not {CAPTURES[kind]}' for (*_, kind, marked), capture in zip(places(), got)
            if kind in CAPTURES and capture != CAPTURES[kind]]


def generator():
    """tree-sitter's command line in the release that made src/, where it is installed."""
    kept = pathlib.Path(os.environ.get('XDG_CACHE_HOME') or pathlib.Path.home() / '.cache') / 'itsupc-tests' / f'tree-sitter-{GENERATOR}'
    for program in (kept / 'bin' / 'tree-sitter', shutil.which('tree-sitter')):
        if program and pathlib.Path(program).exists():
            said = subprocess.run([program, '--version'], capture_output=True, text=True, check=False).stdout
            if said.split()[1:2] == [GENERATOR]:
                return program
    return None


def generated(program, folder):
    """src/ is what the generator makes of grammar.js."""
    shutil.copy(PARSER / 'grammar.js', folder)
    shutil.copy(PARSER / 'tree-sitter.json', folder)
    said, status = run([str(program), 'generate', '--abi', '14'], folder)
    if status:
        return [said]
    names = [p.relative_to(folder / 'src') for p in (folder / 'src').rglob('*') if p.is_file()]
    return [f'src/{name} is stale: (cd editors/tree-sitter && tree-sitter generate --abi 14)' for name in names
            if (folder / 'src' / name).read_bytes() != (PARSER / 'src' / name).read_bytes()]


def main():
    options = cases.arguments(__doc__.split('\n', maxsplit=1)[0]).parse_args()
    compiler = cases.compiler_of(options.build)
    report = cases.Report()

    def test(name, missing, ask):
        if not report.wants(name):
            return
        if missing:
            report.add('skip', name, missing)
            return
        with tempfile.TemporaryDirectory() as scratch:
            try:
                wrong = ask(pathlib.Path(scratch))
            except Failure as failure:
                wrong = [str(failure)]
        report.add('fail' if wrong else 'pass', name, '\n'.join(wrong))

    with tempfile.TemporaryDirectory() as built:
        try:
            program = dumper(pathlib.Path(built))
            missing = None if program else 'libtree-sitter is missing'
        except Failure as failure:
            report.add('fail', 'treesitter/compiles', str(failure))
            report.finish()
        test('treesitter/queries', missing, lambda folder: valid_queries(program, folder))
        test('treesitter/agrees', missing, lambda folder: agreement(compiler, program, folder))
        test('treesitter/torn', missing, lambda folder: torn(program, folder))
        test('treesitter/indentation', missing, lambda folder: indentation(program, folder))
        test('treesitter/neovim-colours', None if shutil.which('nvim') else 'tool nvim is missing', neovim)
        found = generator()
        test('treesitter/generated', None if found else f'tree-sitter {GENERATOR} is not installed (cargo install tree-sitter-cli)',
             lambda folder: generated(found, folder))
    report.finish()


main()
