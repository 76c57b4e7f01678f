"""What users of Traefik get wrong: each row of docs/pains.md is a golden case, and says what its message says.

The table has a row for each folder tests/golden/pains/NN-NAME, NN without a gap from 01 to 46; the third
column holds the first message of the case. With -u the table is written anew from the cases (the second
column, the mistake in words, stays). Where the list that the rows were taken from is at hand, its count
must be the same.
"""
import argparse
import re
import sys

import cases

PAGE = cases.ROOT / 'docs' / 'pains.md'
CASES = cases.GOLDEN / 'pains'
LIST = cases.ROOT.parent / 'shared' / 'traefik' / 'pains.md'
COUNT = 46
ROW = re.compile(r'^\| (\d+) \| (.*?) \| (.*?) \| (.*?) \|$', re.MULTILINE)
MESSAGE = re.compile(r'^(error|warning|note)\[([A-Z]\d+)\]: (.*)$', re.MULTILINE)


def messages(case):
    found = MESSAGE.findall((case / 'diag').read_text(encoding='utf-8'))
    codes = sorted({code for _, code, _ in found})
    first = found[0] if found else None
    return codes, first


def rows_now(old):
    for case in sorted(CASES.iterdir()):
        number = int(case.name[:2])
        codes, first = messages(case)
        links = ', '.join(f'[{code}](diagnostics/{code}.md)' for code in codes)
        words = old.get(number, case.name[3:].replace('-', ' '))
        text = first[2].replace('|', '\\|') if first else ''
        yield f'| {number} | {words} | {first[0] if first else ""}: {text} | {links} |'


def main():
    parser = argparse.ArgumentParser(description='compares docs/pains.md with the golden cases')
    parser.add_argument('-u', '--update', action='store_true', help='write the table anew')
    options = parser.parse_args()
    page = PAGE.read_text(encoding='utf-8')
    old = {int(number): words for number, words, _, _ in ROW.findall(page)}
    rows = list(rows_now(old))
    if options.update:
        head = page[:page.index('| 1 |')] if '| 1 |' in page else page
        PAGE.write_text(head + '\n'.join(rows) + '\n', encoding='utf-8')
        return
    report = cases.Report()
    numbers = [int(case.name[:2]) for case in sorted(CASES.iterdir())]
    report.add('pass' if numbers == list(range(1, COUNT + 1)) else 'fail', 'pains/count',
               f'cases: {numbers}\n')
    if LIST.exists():
        listed = len(re.findall(r'^\| \d+ \| ', LIST.read_text(encoding='utf-8'), re.MULTILINE))
        report.add('pass' if listed == COUNT else 'fail', 'pains/listed', f'the list has {listed} rows\n')
    for case, row in zip(sorted(CASES.iterdir()), rows):
        codes, _ = messages(case)
        wrong = '' if codes else 'the case shows no finding\n'
        if row not in page:
            wrong += f'docs/pains.md lacks the row\n{row}\nrun tests/pains.py -u\n'
        report.add('fail' if wrong else 'pass', f'pains/{case.name}', wrong)
    report.finish()


if __name__ == '__main__':
    sys.exit(main())
