#!/usr/bin/env python3
"""Sets `itsupc build` against the bound (../shared/bench/limit.c) and prints a row for each target.

Wall time: every round runs each program once, in turn, in memory (/dev/shm); ratios are taken round
by round, their median is printed. System calls and instructions are counted, and are exact on any
machine. No verdict on time: machines differ. Without the bound's source there is nothing to compare with.
"""
import argparse
import math
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
LIMIT = ROOT.parent / 'shared' / 'bench' / 'limit.c'
NOTHING = os.open(os.devnull, os.O_RDWR)


def run(words):
    """Wall seconds and peak memory in KiB."""
    start = time.perf_counter()
    child = os.posix_spawn(words[0], words, os.environ,
                           file_actions=[(os.POSIX_SPAWN_DUP2, NOTHING, fd) for fd in (0, 1, 2)])
    _, status, usage = os.wait4(child, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f'{" ".join(words)}: status {status}')
    return time.perf_counter() - start, usage.ru_maxrss


def counted(tool, words, pattern, log):
    """What a tool counted while the program ran; None without the tool."""
    if not shutil.which(tool[0]):
        return None
    subprocess.run([*tool, *words], stdin=NOTHING, stdout=NOTHING, stderr=NOTHING, check=False)
    found = re.search(pattern, pathlib.Path(log).read_text(encoding='utf-8'), re.M)
    return int(found.group(1).replace(',', '')) if found else None


class Bench:
    def __init__(self, work, compiler, rounds):
        self.work, self.compiler, self.rounds = work, compiler, rounds
        self.limit, self.log = f'{work}/limit', f'{work}/log'
        subprocess.run(['cc', '-O2', '-static', '-o', self.limit, LIMIT], check=True)
        self.rows, self.wall, self.peak = {}, {}, {}

    def corpus(self, count):
        root = f'{self.work}/c{count}'
        subprocess.run([sys.executable, HERE / 'gen_corpus.py', '--projects', str(count), '--seed', '1', '--out', root],
                       check=True)
        text = pathlib.Path(root, 'corpus.json').read_text(encoding='utf-8')
        self.rows[count] = {key: int(value) for key, value in re.findall(r'"(rows|bytes)": (\d+)', text)}
        return root

    def words(self, root, what):
        """The bound's command line and ours."""
        out = f'{self.work}/out-limit', f'{self.work}/out-ours'
        if what == 'check':
            return [self.limit, 'scan', root], [self.compiler, 'check', root]
        return [self.limit, 'build', root, out[0]], [self.compiler, 'build', root, '-o', out[1]]

    def clear(self):
        for name in ('out-limit', 'out-ours'):
            shutil.rmtree(f'{self.work}/{name}', ignore_errors=True)

    def time(self, root, count, what):
        bound, ours = self.words(root, what)
        pairs = []
        for turn in range(-1, self.rounds):
            if what == 'fresh':
                self.clear()
            pair = run(bound), run(ours)
            if turn >= 0:
                pairs.append(pair)
        walls = [statistics.median(p[i][0] for p in pairs) for i in (0, 1)]
        self.wall[what, count] = walls
        self.peak[what, count] = self.peak_of(ours) or max(p[1][1] for p in pairs)
        ratio = statistics.median(p[1][0] / p[0][0] for p in pairs)
        print(f'{what:>8} {count:>7} {walls[0] * 1e3:>9.1f} {walls[1] * 1e3:>9.1f} {ratio:>8.2f} '
              f'{self.peak[what, count] / 1024:>9.1f} {self.growth(what, count):>16}', flush=True)

    def peak_of(self, words):
        """In KiB. A child of a large program counts that one's memory, too: so by a small one, where there is it."""
        if not os.access('/usr/bin/time', os.X_OK):
            return None
        subprocess.run(['/usr/bin/time', '-f', '%M', '-o', self.log, *words], stdin=NOTHING, stdout=NOTHING, stderr=NOTHING,
                       check=False)
        return int(pathlib.Path(self.log).read_text(encoding='utf-8').split()[-1])

    def growth(self, what, count):
        """P7: our exponent and the bound's, from the size before."""
        before = [n for (w, n) in self.wall if w == what and n < count]
        if not before:
            return ''
        n = max(before)
        exponents = [math.log(self.wall[what, count][i] / self.wall[what, n][i]) / math.log(count / n) for i in (1, 0)]
        return f'{exponents[0]:.2f} ({exponents[1]:.2f})'

    def calls(self, words):
        return counted(['strace', '-f', '-c', '-o', self.log], words, r'^\S+ +\S+ +\S+ +(\d+).* total$', self.log)

    def count(self, root, count, what):
        if what == 'fresh':
            self.clear()
        ours = self.calls(self.words(root, what)[1])
        bound = self.calls(self.words(root, what)[0])
        if ours:
            print(f'P11 {what} {count}: {ours} system calls, {ours / bound:.2f} x of {bound}')

    def instructions(self, root, count):
        words = self.words(root, 'check')[1]
        found = counted(['valgrind', '--tool=callgrind', '--callgrind-out-file=/dev/null', f'--log-file={self.log}'], words,
                        r'refs: +([\d,]+)', self.log)
        if found:
            print(f'P10 check {count}: {found / self.rows[count]["bytes"]:.0f} instructions for each byte of input')

    def slope(self, sizes):
        if len(sizes) > 1:
            first, last = sizes[0], sizes[-1]
            more = self.rows[last]['rows'] - self.rows[first]['rows']
            slope = (self.peak['fresh', last] - self.peak['fresh', first]) * 1024 / more
            start = self.peak['fresh', first] / 1024 - slope * self.rows[first]['rows'] / 1024 / 1024
            print(f'P8 {first} to {last}: {slope:.0f} bytes for each row, {start:.1f} MiB without any')


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('-b', '--build', default='build', help='the folder with itsupc')
    parser.add_argument('-r', '--rounds', type=int, default=9)
    parser.add_argument('-q', '--quick', action='store_true', help='no system calls, no instructions')
    parser.add_argument('projects', nargs='*', type=int, help='sizes (default 1000 10000)')
    options = parser.parse_args()
    compiler = str((ROOT / options.build).resolve() / 'itsupc')
    sizes = options.projects or [1000, 10000]
    if not os.access(compiler, os.X_OK):
        sys.exit(f'{options.build}/itsupc does not exist: build first')
    if not LIMIT.exists():
        sys.exit('skipped: there is no bound to compare with (../shared/bench/limit.c)')
    with tempfile.TemporaryDirectory(dir='/dev/shm' if os.access('/dev/shm', os.W_OK) else None) as work:
        bench = Bench(work, compiler, options.rounds)
        print(f'{"":>8} {"projects":>7} {"bound ms":>8} {"ours ms":>9} {"x bound":>8} {"peak MiB":>9} {"growth (bound)":>16}')
        for size in sizes:
            root = bench.corpus(size)
            for what in ('fresh', 'same', 'check'):
                bench.time(root, size, what)
            if not options.quick:
                for what in ('fresh', 'same', 'check'):
                    bench.count(root, size, what)
                if size == sizes[0]:
                    bench.instructions(root, size)
        bench.slope(sizes)


main()
