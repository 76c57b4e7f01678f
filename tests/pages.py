"""The pages of docs/diagnostics against the compiler.

The message of a page is the one that the golden case tests/golden/codes/CODE pins, and its example is that
case's input, so they cannot grow old. What a page offers under "Instead" must not bring the same finding. With -u the messages are
written anew, and a page without a case gets one with the page's example as its input; then run
`tests/golden.sh -u codes` and `tests/pages.py -u` once more.

An example of one block is the case's input.itsup. Where each block names its file behind the fence
(```yaml compose.yml), they are a workspace, the case's folder in/; a page need not show all of it. What
stands below "Instead" then replaces the files of its names. A page of a mistake in a compose
file needs no file of the language: a case made for it gets SHOP.
"""
import argparse
import pathlib
import re
import shutil
import tempfile

import cases

PAGES = cases.ROOT / 'docs' / 'diagnostics'
CASES = cases.GOLDEN / 'codes'
SHOP = 'https://shop.example.com -> web:3000\n'  # what a compose file serves, in shop.itsup


def blocks(page, section):
    """The fenced blocks below a heading: matches with the groups file (or None) and text."""
    heading = re.search(rf'^## {section}$', page, re.MULTILINE)
    if not heading:
        return []
    following = re.compile(r'^## ', re.MULTILINE).search(page, heading.end())
    fence = re.compile(r'^```[a-z]*(?: (?P<file>\S+))?\n(?P<text>.*?)^```$', re.MULTILINE | re.DOTALL)
    return list(fence.finditer(page, heading.end(), following.start() if following else len(page)))


def block(page, section):
    """The first fenced block below a heading: (start, end) of its text, or None."""
    found = blocks(page, section)
    return found[0].span('text') if found else None


def files(page, section):
    """The blocks below a heading that name their files: name -> text."""
    return {found['file']: found['text'] for found in blocks(page, section) if found['file']}


def write_files(folder, texts):
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding='utf-8')


def finding(diag, code):
    """The first finding of that code in the text form, without what any finding ends with. Of long
    quoted lines only the beginning."""
    for part in re.split(r'\n\n(?=[a-z]+\[)', diag):
        if re.match(rf'[a-z]+\[{code}\]: ', part):
            part = part.split('\n\n')[0]
            part = re.sub(r'\n *= explain: .*', '', part).rstrip('\n') + '\n'
            return re.sub(r'^( *\d* \| .{200}).+', r'\1…', part, flags=re.MULTILINE)
    return None


def update(path):
    code, page = path.stem, path.read_text(encoding='utf-8')
    case, example, message = CASES / code, block(page, 'Example'), block(page, 'Message')
    if not case.exists() and example:
        workspace = files(page, 'Example')
        if workspace and code.startswith('E07') and not any(name.endswith(('.itsup', '.json')) for name in workspace):
            workspace['shop.itsup'] = SHOP
        if workspace:
            write_files(case / 'in', workspace)
        else:
            write_files(case, {'input.itsup': page[slice(*example)]})
        print(f'new: {case.relative_to(cases.ROOT)}')
    diag = case / 'diag'
    shown = finding(diag.read_text(encoding='utf-8'), code) if diag.exists() else None
    if shown and message and page[slice(*message)] != shown:
        path.write_text(page[:message[0]] + shown + page[message[1]:], encoding='utf-8')


def wrong_message(path):
    code, page = path.stem, path.read_text(encoding='utf-8')
    message, diag = block(page, 'Message'), CASES / code / 'diag'
    if not message:
        return 'no block below "## Message"\n'
    if not diag.exists():
        return f'{diag.relative_to(cases.ROOT)} is missing: run tests/pages.py -u\n'
    shown = finding(diag.read_text(encoding='utf-8'), code)
    if not shown:
        return f'{diag.relative_to(cases.ROOT)} does not show {code}\n'
    if page[slice(*message)] != shown:
        return f'the page says\n{page[slice(*message)]}the compiler says\n{shown}run tests/pages.py -u\n'
    return ''


def wrong_example(path):
    """What the page shows must be what was compiled, but for the pages that leave out much (…)."""
    code, page = path.stem, path.read_text(encoding='utf-8')
    example = block(page, 'Example')
    if not example:
        return 'no block below "## Example"\n'
    for name, text in files(page, 'Example').items():
        path = CASES / code / 'in' / name
        if '…' not in text and (not path.exists() or path.read_text(encoding='utf-8') != text):
            return f'the example is not {path.relative_to(cases.ROOT)}\n'
    if files(page, 'Example'):
        return ''
    inputs = [p for p in (CASES / code / 'input.itsup', CASES / code / 'in' / 'shop.itsup') if p.exists()]
    shown = page[slice(*example)]
    if '…' in shown or not inputs or inputs[0].read_text(errors='replace') == shown:
        return ''
    return f'the example is not {inputs[0].relative_to(cases.ROOT)}\n'


def wrong_remedy(path, compiler):
    code, page = path.stem, path.read_text(encoding='utf-8')
    remedy = block(page, 'Instead')
    if not remedy:
        return 'no block below "## Instead"\n'
    workspace = files(page, 'Instead')
    if workspace:
        return wrong_workspace(code, workspace, compiler)
    beside = CASES / code / 'in'  # what it imports, perhaps
    cwd = beside if beside.is_dir() else cases.ROOT / 'docs'
    run = cases.Run(compiler, ['check', '--color', 'never', '-'], cwd, page[slice(*remedy)].encode())
    said = run.err.decode('utf-8', 'replace')
    return run.broke() or (said if finding(said, code) else '')


def wrong_workspace(code, workspace, compiler):
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch) / 'in'
        if (CASES / code / 'make').exists():  # what it makes is the mistake
            folder.mkdir()
        else:
            shutil.copytree(CASES / code / 'in', folder)
        write_files(folder, workspace)
        words = cases.Case(CASES / code, code).cmd or ['check', '--color', 'never']
        run = cases.Run(compiler, words, folder)
    said = run.err.decode('utf-8', 'replace')
    return run.broke() or (said if finding(said, code) else '')


def main():
    parser = argparse.ArgumentParser(description='compares docs/diagnostics with the compiler')
    parser.add_argument('-u', '--update', action='store_true', help='write the messages anew')
    parser.add_argument('-b', '--build', default='build')
    options = parser.parse_args()
    pages = sorted(p for p in PAGES.glob('*.md') if re.fullmatch(r'[A-Z][0-9]+', p.stem))
    if options.update:
        for page in pages:
            update(page)
        return
    compiler, report = cases.compiler_of(options.build), cases.Report()
    for page, remedy in zip(pages, cases.each(lambda p: wrong_remedy(p, compiler), pages)):
        message = wrong_message(page)
        example = wrong_example(page)
        report.add('fail' if example else 'pass', f'docs/example-{page.stem}', example)
        report.add('fail' if message else 'pass', f'docs/message-{page.stem}', message)
        report.add('fail' if remedy else 'pass', f'docs/instead-{page.stem}', remedy)
    report.finish()


main()
