"""Times `itsupc check` on generated routes and prints a table: files of one-line routes of ours, or with --kind
existing configurations of Traefik: dynamic files of 500 routers each, a single one, or the labels of a compose file.

Wall time is the median of N runs, memory the largest resident set of any. No verdict: machines differ;
the growth columns (tenfold input, how many times the time and the memory) hold on any of them.
The kernel counts what the spawning Python held as well, so memory below some 15 MiB does not show.
"""
import argparse
import os
import pathlib
import statistics
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

HEAD = """\
let domain = example.com
let offices = [192.0.2.0/24, 2001:db8:40::/48]

middleware admins = basic-auth(users-file=/run/secrets/admins)
middleware edge = headers(hsts=1y, nosniff, deny-frame) | compress

"""

# Each takes a number and gives a line; the mix is what such files hold.
ROUTES = [
    lambda n: f'https://app{n}.{{domain}} -> app-{n}:3000',
    lambda n: f'https://api{n}.example.com/v{n % 9 + 1} | strip | rate(100/s, burst=200) -> api-{n}:8000',
    lambda n: f'https://shop{n}.{{domain}}, www.shop{n}.{{domain}} | canonical | edge -> shop-{n}:8080',
    lambda n: f'http://plain{n}.example.net -> plain-{n}:80',
    lambda n: f'https://beta{n}.{{domain}} | allow(offices) -> web-{n}:3000 90%, web-next-{n}:3000 10%',
    lambda n: f'https://old{n}.example.org => https://new{n}.example.org/archive 308',
    lambda n: f'https://admin{n}.{{domain}}/panel | admins -> admin-{n}:9000 {{ health /up every 10s timeout 3s }}',
    lambda n: f'tls://db{n}.{{domain}} | allow(10.{n // 250 % 250}.{n % 250}.0/24) -> db-{n}:5432',
    lambda n: f'passthrough://mail{n}.example.org -> mail-{n}:993',
    lambda n: f'https://img{n}.{{domain}} -> img-{n}:8080 else img-backup-{n}:8080 {{ health /ok every 5s }}',
]


def generate(path, count):
    with open(path, 'w', encoding='utf-8') as out:
        out.write(HEAD)
        for n in range(count):
            out.write(ROUTES[n % len(ROUTES)](n) + '\n')


RULES = [
    ('Host(`app{n}.example.com`)', 10),
    ('Host(`app{n}.example.com`) && PathPrefix(`/api/`)', 30),
    ('Host(`app{n}.example.com`) && Path(`/health`)', 20),
    ('Host(`www{n}.example.com`) || Host(`web{n}.example.org`)', 0),
]


# All of one host, and of any host: what a crowd of routers is told apart by.
ONE_HOST = [
    ('Host(`shop.example.com`) && PathPrefix(`/app{n}/`)', 0),
    ('Host(`shop.example.com`) && Path(`/app{n}/api/healthz`)', 0),
    ('Host(`shop.example.com`) && PathPrefix(`/app{n}/api/`) && Method(`POST`)', 0),
    ('Host(`shop.example.com`) && PathPrefix(`/app{n}/api/`)', 0),
]
ANY_HOST = [
    ('Header(`X-Tenant`, `t{n}`)', 0),
    ('Header(`X-Tenant`, `t{n}`) && Method(`POST`)', 0),
    ('Method(`GET`) && Query(`user`, `u{n}`)', 0),
    ('PathPrefix(`/hook/{n}/`) && !Method(`GET`)', 0),
]


def generate_files(folder, count, each=500, rules=None):
    """A static file and a folder for the file provider."""
    rules = rules or RULES
    os.makedirs(os.path.join(folder, 'dynamic'))
    with open(os.path.join(folder, 'traefik.yml'), 'w', encoding='utf-8') as out:
        out.write('entryPoints:\n  web:\n    address: ":80"\n  websecure:\n    address: ":443"\n'
                  'providers:\n  file:\n    directory: /etc/traefik/dynamic\n')
    for start in range(0, count, each):
        routes = range(start, min(start + each, count))
        with open(os.path.join(folder, 'dynamic', f'{start:07}.yml'), 'w', encoding='utf-8') as out:
            out.write('http:\n  routers:\n')
            for n in routes:
                rule, priority = rules[n % 4]
                out.write(f'    r{n}:\n      rule: {rule.format(n=n // 4)}\n      entryPoints: [websecure]\n'
                          f'      priority: {priority}\n      service: s{n}\n      tls: {{}}\n')
            out.write('  services:\n')
            for n in routes:
                out.write(f'    s{n}:\n      loadBalancer:\n        servers:\n          - url: http://app{n}:3000\n')


def generate_single(folder, count):
    generate_files(folder, count, each=count)


def generate_labels(folder, count, rules=None):
    """Containers with four routers each."""
    rules = rules or RULES
    os.makedirs(folder)
    with open(os.path.join(folder, 'compose.yml'), 'w', encoding='utf-8') as out:
        out.write('services:\n')
        for n in range(count // 4):
            out.write(f'  app{n}:\n    image: app\n    labels:\n')
            for i, (rule, priority) in enumerate(rules):
                head = f'      - traefik.http.routers.r{n}-{i}'
                out.write(f'{head}.rule={rule.format(n=n)}\n{head}.entrypoints=websecure\n'
                          f'{head}.priority={priority}\n{head}.tls=true\n{head}.service=s{n}\n')
            out.write(f'      - traefik.http.services.s{n}.loadbalancer.server.port=3000\n')


def generate_program(folder, count):
    os.makedirs(folder)
    generate(os.path.join(folder, 'bench.itsup'), count)


def generate_one_host(folder, count):
    """The paths of one host, as a program of ours."""
    os.makedirs(folder)
    with open(os.path.join(folder, 'bench.itsup'), 'w', encoding='utf-8') as out:
        out.write(HEAD)
        for n in range(count):
            out.write(f'https://shop.{{domain}}/app{n} -> app-{n}:3000\n')


KINDS = {
    'itsup': generate_program, 'files': generate_files, 'single': generate_single, 'labels': generate_labels,
    'one-host': generate_one_host,
    'one-host-files': lambda folder, count: generate_files(folder, count, rules=ONE_HOST),
    'one-host-labels': lambda folder, count: generate_labels(folder, count, ONE_HOST),
    'any-host-files': lambda folder, count: generate_files(folder, count, rules=ANY_HOST),
    'any-host-labels': lambda folder, count: generate_labels(folder, count, ANY_HOST),
}


def size_of(folder):
    return sum(path.stat().st_size for path in pathlib.Path(folder).rglob('*') if path.is_file())


def measure(words):
    """Wall seconds, peak memory in MiB, the exit status and processor seconds of one run."""
    start = time.perf_counter()
    with open(os.devnull, 'w', encoding='utf-8') as nothing:
        child = os.posix_spawn(words[0], words, os.environ, file_actions=[
            (os.POSIX_SPAWN_DUP2, nothing.fileno(), 1), (os.POSIX_SPAWN_DUP2, nothing.fileno(), 2)])
    _, status, usage = os.wait4(child, 0)
    used = usage.ru_utime + usage.ru_stime
    return time.perf_counter() - start, usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status), used


def main():
    parser = argparse.ArgumentParser(description='times itsupc check')
    parser.add_argument('-b', '--build', default='build', help='the folder with itsupc')
    parser.add_argument('-n', '--runs', type=int, default=7, help='runs per size (default 7)')
    parser.add_argument('--kind', choices=KINDS, default='itsup', help='what is generated (default itsup)')
    parser.add_argument('routes', nargs='*', type=int, help='sizes (default 1000 10000 100000)')
    options = parser.parse_args()
    compiler = str((ROOT / options.build).resolve() / 'itsupc')
    if not os.access(compiler, os.X_OK):
        sys.exit(f'{options.build}/itsupc does not exist: build first')

    print(f'{"routes":>8} {"bytes":>10} {"wall ms":>9} {"fastest":>9} {"cpu ms":>8} {"growth":>7} {"peak MiB":>9} {"growth":>7} status')
    last = None
    with tempfile.TemporaryDirectory() as folder:
        for count in options.routes or [1000, 10000, 100000]:
            path = os.path.join(folder, f'bench-{count}')
            KINDS[options.kind](path, count)
            runs = [measure([compiler, 'check', path]) for _ in range(options.runs)]
            wall, fastest = statistics.median(r[0] for r in runs), min(r[0] for r in runs)
            cpu = min(r[3] for r in runs)
            peak, status = max(r[1] for r in runs), max(r[2] for r in runs)
            growth = (f'{wall / last[0]:.1f} x', f'{peak / last[1]:.1f} x') if last else ('', '')
            print(f'{count:>8} {size_of(path):>10} {wall * 1000:>9.1f} {fastest * 1000:>9.1f} {cpu * 1000:>8.1f} '
                  f'{growth[0]:>7} {peak:>9.1f} {growth[1]:>7} {status}')
            last = (wall, peak)
            if status not in (0, 1):
                sys.exit(f'itsupc ended with status {status}')


if __name__ == '__main__':
    main()
