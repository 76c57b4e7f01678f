"""The static configuration as flags is the one that stands in the file, by Traefik's own decoders: of every
golden workspace and example that has a `proxy` block, `command SERVICE` added.

usage: flags.py -b BUILD --judge PATH
"""
import argparse
import pathlib
import re
import shutil
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import cases  # noqa: E402
import yaml  # noqa: E402
from judge import Judge  # noqa: E402
from rows_world import INFRA, SECRETS  # noqa: E402

COMMAND = re.compile(r'^ *command traefik\b.*\n', re.MULTILINE)
PROXY = re.compile(r'^proxy\b[^{\n]*\{\n', re.MULTILINE)
# Compose would replace these; so do secrets/itsup.txt and the environment in the file.
VALUES = {'LETSENCRYPT_EMAIL': 'ops@example.org', 'EMAIL': 'ops@example.org'}
EVERYTHING = '''proxy traefik {
  entrypoint web :80 { redirect websecure }
  entrypoint websecure :443 {
    default
    trusted 10.0.0.0/8, 2001:db8::/32
    proxy-protocol 10.0.0.0/8
    http3
    cert example.org, *.example.org, www.example.com
    resolver le
    reuse-port
    timeout read 30s write 1m idle 3m
  }
  entrypoint dns :53/udp { session 10s }
  resolver le acme {
    email ${EMAIL}
    storage /le/acme.json
    key-type EC384
    dns-01 cloudflare { delay 30s; resolvers 1.1.1.1:53, 8.8.8.8:53 }
  }
  resolver ca acme { ca https://ca.example.net/acme/directory; storage /le/ca.json; tls-alpn-01 }
  provider docker { network net; endpoint tcp://127.0.0.1:2375; only "Label(`a`, `$b`)" }
  provider file /etc/traefik/dynamic
  plugin Bouncer github.com/maxlerebourg/crowdsec-bouncer-traefik-plugin v1.6.0
  log debug /var/log/traefik.log json
  accesslog json /var/log/access.log status 400-599 slower 10ms
  ping websecure
  api
  metrics prometheus entrypoint web routers
  tracing http http://otel:4318/v1/traces sample 10%
  option global.sendAnonymousUsage false
  raw static """
    accessLog:
      fields:
        headers:
          names: { X-Real-Ip: keep }
  """
}
https://a.example.org -> web:80 { resolver le }
tcp://:7000 -> web:7000
'''


def worlds():
    """name -> files with a proxy block in them."""
    yield 'everything', {'shop.itsup': EVERYTHING,
                         'compose.yml': 'services: {web: {image: x}, traefik: {image: "traefik:v3.7.9", networks: [net]}}\n'
                                        'networks: {net: {name: net}}\n'}
    for generation, infra in ((3, INFRA), (2, INFRA)):
        yield f'stack-{generation}', {
            'secrets/itsup.txt': SECRETS, 'projects/a/docker-compose.yml': 'services: {web: {image: x}}\n',
            'projects/a/ingress.itsup': 'tcp://:7000 -> web:7000\n',
            'projects/proxy.itsup': f'proxy traefik {{\n  stack itsup {generation} {{ dashboard t.example.org; router 192.168.1.1; '
                                    'image traefik v3.7.9; crowdsec crowdsecurity/linux }\n}\n'}
    for case in cases.example_cases():
        if any(PROXY.search(path.read_text()) for path in case.cwd.glob('*.itsup')):
            yield case.name, {str(path.relative_to(case.cwd)): COMMAND.sub('', path.read_text()) for path in case.cwd.rglob('*')
                              if path.is_file() and path.suffix in ('.itsup', '.yml') and 'ingress' not in path.name
                              and path.parent == case.cwd}


def build(compiler, files, folder):
    shutil.rmtree(folder, ignore_errors=True)
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    env = folder / 'values.env'
    env.write_text(''.join(f'{name}={value}\n' for name, value in VALUES.items()))
    run = cases.Run(compiler, ['build', '--env-file', 'values.env'], folder)
    return '' if run.status == 0 else (run.out + run.err).decode('utf-8', 'replace')


def with_command(files):
    return {name: PROXY.sub(lambda m: m.group(0) + '  command traefik\n', text) if name.endswith('.itsup') else text
            for name, text in files.items()}


def one(folder, *names):
    return next((path for name in names for path in folder.glob(name)), None)


def expanded(flag):
    """As Compose hands it on."""
    flag = re.sub(r'\$\$|\$\{(\w+)[^}]*\}', lambda m: '$' if m.group(0) == '$$' else VALUES[m.group(1)], flag)
    return flag


def main():
    parser = argparse.ArgumentParser(description='compares flags with the static file')
    parser.add_argument('-b', '--build', default='build')
    parser.add_argument('--judge', required=True)
    options = parser.parse_args()
    compiler, judge, report = cases.compiler_of(options.build), Judge(options.judge), cases.Report()
    with tempfile.TemporaryDirectory() as base:
        folder = pathlib.Path(base) / 'world'
        for name, files in worlds():
            fault = build(compiler, files, folder)
            static = one(folder, 'traefik/traefik.yml', 'proxy/traefik/traefik.yml')
            text = static.read_text() if static else ''
            fault = fault or build(compiler, with_command(files), folder)
            if not fault:
                compose = one(folder, 'compose.ingress.yml', 'proxy/docker-compose.yml')
                flags = yaml.safe_load(compose.read_text())['services']['traefik']['command']
                file, command = judge.ask([{'kind': 'static', 'text': text, 'name': 'traefik.yml'},
                                           {'kind': 'flags', 'text': [expanded(flag) for flag in flags]}])
                if one(folder, 'traefik/traefik.yml', 'proxy/traefik/traefik.yml'):
                    fault = 'the file is there as well'
                elif not file['ok'] or file != command:
                    fault = f'file: {file}\nflags: {command}\n' + '\n'.join(flags)
            report.add('fail' if fault else 'pass', 'conformance/flags/' + name, fault)
    report.finish()


if __name__ == '__main__':
    main()
