#!/usr/bin/env python3
"""Writes compiler/often.txt: what a build calls, so that it lies together in the program.

The system brings code into memory by 64 KiB around what is called. A name that is gone does no harm,
one that is missing costs a few pages: run this again when much has changed.
"""
import argparse
import re
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIST = ROOT / 'compiler/often.txt'


def called(program, workspace, out):
    """The functions of a first build, and of the same again."""
    names = set()
    for turn in 'first', 'again':
        profile = Path(out, turn)
        subprocess.run(['valgrind', '-q', '--tool=callgrind', f'--callgrind-out-file={profile}', program, 'build', '-q', '-j1',
                        workspace, '-o', Path(out, 'made')], check=False, capture_output=True)
        for line in profile.read_text().splitlines():
            found = re.match(r"c?fn=\(\d+\) ([A-Za-z_][\w.]*?)(?:'\d+)?$", line)
            if found:
                names.add(re.sub(r'\.(lto_priv|isra|part|constprop|cold)\b.*', '', found[1]))
    return names


def members():
    """Which file of the C library's archive defines a function."""
    archive = subprocess.run(['cc', '-print-file-name=libc.a'], check=True, capture_output=True, text=True).stdout.strip()
    listing = subprocess.run(['nm', '-A', archive], check=False, capture_output=True, text=True).stdout
    found = re.findall(r':([^:\s]+\.o):\S*\s+[TWi] (\S+)$', listing, re.M)
    return {name: member for member, name in found}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('-b', '--build', default='build', help='the folder of the release')
    parser.add_argument('workspace', nargs='+', help='what is built: small ones of each kind, and a large tree')
    given = parser.parse_args()
    program = Path(given.build, 'itsupc').resolve()
    names = set()
    for workspace in given.workspace:
        with tempfile.TemporaryDirectory() as out:
            names |= called(program, workspace, out)
    library = members()
    ours = {f'function {name}' for name in names if not name.startswith('_')}
    theirs = {f'library {library[name]}' for name in names if name in library}
    LIST.write_text('# What a build calls; by tests/bench/often.py.\n' + '\n'.join(sorted(ours | theirs)) + '\n')
    print(f'{len(ours)} functions, {len(theirs)} files of the C library')


main()
