"""Rows of defects that the original generators had: each is built from a tree of a few lines, the artefacts
are read back, and requests are put to them with `itsupc trace`. A function is a row: rows/q01_…, rows/p01_….

--list prints each row of the systems' tables and the tests that hold it; one without a test fails.
"""
import re
import sys

import cases
import rows_beacon
import rows_expand
import rows_itsup
import rows_kosuke
import rows_phoenix
import rows_repo
import rows_stack
import rows_world

MODULES = (rows_itsup, rows_stack, rows_repo, rows_phoenix, rows_kosuke, rows_beacon, rows_expand)
SYSTEMS = cases.ROOT.parent / 'shared' / 'systems'


def rows():
    """The functions of the modules that take nothing, in the order of the files."""
    return [f for module in MODULES for f in vars(module).values()
            if getattr(f, '__module__', '') == module.__name__ and hasattr(f, '__code__')
            and f.__code__.co_argcount == 0]


def tests_of(row):
    """`Q1` is held by the functions that begin with q01_."""
    start = f'{row[0].lower()}{int(row[1:]):02}_'
    return [f.__name__ for f in rows() if f.__name__.startswith(start)]


def rows_of_systems():
    names = []
    for page in sorted(SYSTEMS.glob('*.md')):
        names += re.findall(r'^\| ([QPKB][0-9]+) \|', page.read_text(), re.MULTILINE)
    return sorted(names, key=lambda name: ('QPKB'.index(name[0]), int(name[1:])))


def run(row):
    """How the test went, and what was wrong."""
    try:
        row()
    except rows_world.Untold as untold:
        return 'skip', str(untold)
    except rows_world.Wrong as wrong:
        return 'fail', str(wrong) or 'wrong'
    except (KeyError, IndexError, OSError, ValueError, TypeError, AttributeError) as error:
        return 'fail', f'{type(error).__name__}: {error}'
    return 'pass', ''


def every_row(report):
    """Each row of the tables has a test."""
    names = rows_of_systems()
    if not names:
        report.add('skip', 'rows/tables', 'the tables of the systems are not there')
        return
    lacks = [name for name in names if not tests_of(name)]
    report.add('fail' if lacks else 'pass', 'rows/tables', 'no test for ' + ', '.join(lacks) if lacks else '')


def main():
    parser = cases.arguments('asks artefacts what the original generators got wrong')
    parser.add_argument('--list', action='store_true', help='print each row and its tests, run nothing')
    options = parser.parse_args()
    if options.list:
        for name in rows_of_systems():
            print(f'{name:4} {" ".join(tests_of(name)) or "-"}')
        return
    rows_world.COMPILER = cases.compiler_of(options.build)
    report = cases.Report()
    if rows_world.yaml is None:
        report.add('skip', 'rows', 'PyYAML is not there')
        report.finish()
    every_row(report)
    todo = [row for row in rows() if report.wants('rows/' + row.__name__)
            and (not options.cases or any(word in row.__name__ for word in options.cases))]
    for row, (word, faults) in zip(todo, cases.each(run, todo)):
        report.add(word, 'rows/' + row.__name__, faults)
    report.finish()


if __name__ == '__main__':
    sys.exit(main())
