"""The pages of docs/diagnostics against the compiler.

The message of a page is the one that the golden case tests/golden/codes/CODE pins, and its example is that
case's input, so they cannot grow old. What a page offers under "Instead" must not bring the same finding. With -u the messages are
written anew, and a page without a case gets one with the page's example as its input; then run
`tests/golden.sh -u codes` and `tests/pages.py -u` once more.
"""
import argparse
import re

import cases

PAGES = cases.ROOT / 'docs' / 'diagnostics'
CASES = cases.GOLDEN / 'codes'


def block(page, section):
    """The first fenced block below a heading: (start, end) of its text, or None."""
    heading = re.search(rf'^## {section}$', page, re.MULTILINE)
    if not heading:
        return None
    found = re.compile(r'^```[a-z]*\n(.*?)^```$', re.MULTILINE | re.DOTALL).search(page, heading.end())
    following = re.compile(r'^## ', re.MULTILINE).search(page, heading.end())
    if not found or (following and following.start() < found.start()):
        return None
    return found.span(1)


def finding(diag, code):
    """The first finding of that code in the text form, without what any finding ends with."""
    for part in re.split(r'\n\n(?=[a-z]+\[)', diag):
        if re.match(rf'[a-z]+\[{code}\]: ', part):
            part = part.split('\n\n')[0]
            return re.sub(r'\n *= explain: .*', '', part).rstrip('\n') + '\n'
    return None


def update(path):
    code, page = path.stem, path.read_text(encoding='utf-8')
    case, example, message = CASES / code, block(page, 'Example'), block(page, 'Message')
    if not case.exists() and example:
        case.mkdir(parents=True)
        (case / 'input.itsup').write_text(page[slice(*example)], encoding='utf-8')
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
    beside = CASES / code / 'in'  # what it imports, perhaps
    cwd = beside if beside.is_dir() else cases.ROOT / 'docs'
    run = cases.Run(compiler, ['check', '--color', 'never', '-'], cwd, page[slice(*remedy)].encode())
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
