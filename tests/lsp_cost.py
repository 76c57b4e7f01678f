"""What an edit costs, in instructions as callgrind counts them: as much in a tree of 2,000 projects as in one of
100. Counted is what 40 edits take more than 20, so that the start does not matter."""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import cases
from lsp_client import Client

SMALL, LARGE, EDITS, MOST = 100, 2000, 20, 1.2
PROXY = 'proxy traefik { stack itsup 3 { dashboard t.example.com; router 192.168.1.1 } }\nmiddleware admins = allow(10.0.0.0/8)\n'


def project(number, word='web'):
    return (f'https://h{number}.example.com | admins -> web:80 {{ name {word} }}\n'
            f'https://h{number}.example.com/api | compress -> api:80\n')


def tree(folder, count):
    (folder / 'projects').mkdir()
    (folder / 'projects' / 'proxy.itsup').write_text(PROXY, encoding='utf-8')
    for number in range(count):
        one = folder / 'projects' / f'p{number:04}'
        one.mkdir()
        (one / 'ingress.itsup').write_text(project(number), encoding='utf-8')
        (one / 'docker-compose.yml').write_text('services:\n  web:\n    image: x\n  api:\n    image: x\n', encoding='utf-8')


def instructions(itsupc, folder, edits):
    """Of a session that opens one file and types that often."""
    out = folder.parent / 'callgrind.out'
    client = Client(['valgrind', '-q', '--tool=callgrind', f'--callgrind-out-file={out}.%p', itsupc, 'lsp'], stderr=subprocess.PIPE)
    client.start([folder])
    path = folder / 'projects' / 'p0050' / 'ingress.itsup'
    client.open(path)
    client.settle(path, 1, 300)
    for number in range(edits):
        client.change(path, number + 2, (0, 55, 0, 55 + (number > 0), 'abcdefghij'[number % 10]))
        client.settle(path, number + 2, 300)
    status = client.stop()
    said = client.server.stderr.read().decode()
    client.server.stderr.close()
    if status:
        sys.exit(f'exit status {status}: {said}')
    counted = pathlib.Path(f'{out}.{client.server.pid}').read_text(encoding='utf-8')
    return int(re.search(r'^(?:summary|totals): (\d+)', counted, re.M)[1])


def cost(itsupc, count):
    with tempfile.TemporaryDirectory() as kept:
        folder = pathlib.Path(kept) / 'tree'
        folder.mkdir()
        tree(folder, count)
        return (instructions(itsupc, folder, 2 * EDITS) - instructions(itsupc, folder, EDITS)) / EDITS


def main():
    args = cases.arguments(__doc__).parse_args()
    itsupc = cases.compiler_of(args.build)
    report = cases.Report()
    if not shutil.which('valgrind'):
        report.add('skip', 'lsp/cost', 'tool valgrind is missing')
        report.finish()
    small, large = cost(itsupc, SMALL), cost(itsupc, LARGE)
    told = f'an edit takes {small:,.0f} instructions among {SMALL} projects, {large:,.0f} among {LARGE}'
    print(told)
    report.add('fail' if large > MOST * small or small <= 0 else 'pass', 'lsp/cost', told)
    report.finish()


if __name__ == '__main__':
    main()
