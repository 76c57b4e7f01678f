"""Rules, labels and files of the file provider, and what people mistype in them: what Traefik's own decoders and
rule parsers refuse must be an error here, and no error may claim a refusal that they do not make."""
import argparse
import csv
import json
import pathlib
import random
import re
import sys
import tempfile

import mutate
from judge import Judge

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import cases  # noqa: E402

SHOWN = 12

# ---- rules ----

RULES = {
    'http': (
        'Host(`a.example.com`)', 'Host(`a.com`) && PathPrefix(`/api/`)', '!(Host(`a`) || Path(`/`)) && Method(`post`)',
        '(Host(`a.com`) || Host("b.com")) && !Method(`GET`)', 'HostRegexp(`^[a-z]+\\.example\\.com$`) || Path(`/x`)',
        'Header(`X-Env`, `beta`) && Query(`a`,`b`) && ClientIP(`10.0.0.0/8`)', 'Headers(`a`,`b`)', 'Host(`a`,`b`)',
        'PathRegexp(`^/v[0-9]{1,3}/`) || QueryRegexp(`q`, `^x`)', 'Host(`a`) &&\n Path(`/b`) // c',
        'HeaderRegexp(`User-Agent`, "(?i)bot\\\\b")', 'ClientIP(`::1`) || ClientIP(`192.168.1.1/24`)'),
    'tcp': ('HostSNI(`*`)', 'HostSNI(`a.example.com`) && ALPN(`h2`)', 'HostSNIRegexp(`^[a-z]+$`) || ClientIP(`10.0.0.1`)',
            '!HostSNI(`*.a.com`)', 'HostSNI(`a_b:c`)'),
}
CHARACTERS = '`"\'()!&|,. /\\*{}[]^$+-:;aZ0\n\t#%é'
TOKENS = ('Host', 'PathPrefix', 'pathprefix', 'PATH', 'Hostsni', 'HostSNI', '&&', '||', '!', '(', ')', '`/x`', '"a"', ',',
          'Method', 'ClientIP', 'ALPN', '`acme-tls/1`', '`10.0.0.0/33`', '``', '//', '/*', '*/', 'and', '`(`', '`*`',
          '"\\d"', '"\\x41"', 'Query', 'Header')
# Errors that are not about the parser: Traefik takes the rule, and no request ever matches it, or another one, too.
DEAD = {'R001', 'R013', 'R014', 'E0422', 'E0424', 'R027'}


def changed_rule(rng, text):
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        at = rng.randrange(len(text) + 1)
        to = min(len(text), at + rng.randrange(8))
        text = rng.choice((text[:at] + text[at + 1:], text[:at] + rng.choice(CHARACTERS) + text[at:],
                           text[:at] + rng.choice(TOKENS) + text[at:], text[:at] + text[at:to].swapcase() + text[to:],
                           text[:at] + text[to:], text[:to] + text[at:to] + text[to:]))
    return text


def rules_of(rng, kind, count):
    changed = [changed_rule(rng, rng.choice(RULES[kind])) for _ in range(count)]
    return [t for t in (*RULES[kind], *changed) if t.strip()]


def rules_file(kind, rules):
    more = ', tls: {}, entryPoints: [x]' if kind == 'tcp' else ''
    server = 'url: "http://a:80"' if kind == 'http' else 'address: "a:80"'
    rows = ''.join(f'    r{i}: {{rule: {json.dumps(t)}, service: s{more}}}\n' for i, t in enumerate(rules))
    return f'{kind}:\n  routers:\n{rows}  services:\n    s: {{loadBalancer: {{servers: [{{{server}}}]}}}}\n'


def refuses_rule(finding):
    if finding['code'] == 'R019':
        return 'disable' in finding.get('effect', '')
    return finding['level'] == 'error' and finding['code'] not in DEAD


# ---- labels ----

VALUES = ('', 'yes', 'no', '1', '-1', 'abc', '99999999999999999999', '1.5', '10', '10s', 'ten', 'true', 'false', 'TRUE', 'T',
          'a,b', ' x ', '0x10', '{}', '[]', '10 s')
FITTING = {'bool': 'true', 'int': '7', 'float': '0.5', 'duration': '10s', 'bytes': '1000', 'port': '8080', 'status': '500',
           'percent': '5', 'cidr': '10.0.0.0/8', 'cidr|ip': '10.0.0.0/8', 'url': 'http://a.example.com', 'url-path': '/x',
           'regex': '^a$', 'domain': 'a.example.com', 'hostport': 'a.example.com:80', 'htpasswd': 'u:$apr1$x$y',
           'htdigest': 'u:r:h', 'rule': 'Host(`a.example.com`)', 'object': '', 'object-or-empty': 'true', 'path': '/a'}


def fitting(kind):
    if kind.startswith(('list<', 'map<')):
        return fitting(kind[kind.index('<') + 1:-1].split(',')[-1] if kind.startswith('map<') else kind[5:-1])
    if kind.startswith('enum'):
        return re.split(r'[,}]', kind[kind.index('{') + 1:])[0]
    return FITTING.get(kind.split('[')[0], 'abc')


def label_rows():
    with open(cases.ROOT / 'compiler' / 'options' / 'dynamic.tsv', encoding='utf-8') as table:
        for row in csv.DictReader(table, delimiter='\t'):
            path = row['path']
            # `http` alone is no label, TLS and the swarm's words are read by no container, v3.8 is not out.
            if path != 'http' and not path.startswith(('tls', 'swarm')) and 'unreleased' not in row['since']:
                yield 'traefik.' + path.replace('<name>', 'n1').replace('[n]', '[0]'), fitting(row['type'])


def misspelt_key(rng, key):
    words = key.split('.')
    at = rng.choice([i for i in range(1, len(words)) if words[i] != 'n1'])
    words[at] = mutate.misspelt(rng, words[at])
    return '.'.join(words)


def labels_of(rng, each):
    rows = list(label_rows())
    return (rows + [(key, value) for key, _ in rows for value in rng.sample(VALUES, 8)] +
            [(misspelt_key(rng, key), value) for key, value in rows for _ in range(each)])


def labels_file(labels):
    return 'services:\n' + ''.join(
        f'  s{i}: {{image: x, expose: [80], labels: [{json.dumps((key + "=" + value).replace("$", "$$"))}]}}\n'
        for i, (key, value) in enumerate(labels))


# ---- the comparison ----

def findings(compiler, name, text, folder):
    (folder / name).write_text(text, encoding='utf-8')
    run = cases.Run(compiler, ['check', '--format', 'json', name], folder)
    return run, json.loads(run.out)['diagnostics'] if run.out else []


def by_line(compiler, name, texts, file_of, first, folder):
    """The findings of each text, many in one file, a line each."""
    rows = []
    for base in range(0, len(texts), 300):
        part = texts[base:base + 300]
        _, found = findings(compiler, name, file_of(part), folder)
        rows += [[d for d in found if d['line'] == first + i] for i in range(len(part))]
    return rows


def report_on(report, name, texts, answers, found, refusal):
    bad, accepted = [], 0
    for text, answer, rows in zip(texts, answers, found):
        accepted += answer['ok']
        errors = [d for d in rows if d['level'] == 'error']
        if (not answer['ok'] and not errors) or (answer['ok'] and any(refusal(d) for d in rows)):
            said = '; '.join(f'{d["code"]} {d["message"]}' for d in rows) or 'nothing'
            bad.append(f'{text!r}\n    Traefik: {answer.get("error", "accepts")}\n    itsupc: {said}\n')
    share = 100 * (len(texts) - len(bad)) / max(len(texts), 1)
    print(f'{name}: {len(texts)} texts, {accepted} accepted by Traefik, {share:.2f} % agree')
    report.add('fail' if share < LEAST[name] else 'pass', f'conformance/{name}',
               f'{share:.2f} % agree\n' + ''.join(bad[:SHOWN]))


# YAML has corners (dates, tags, keys that hold only nothing) where its two readers part ways.
LEAST = {'rule-http': 99.9, 'rule-tcp': 99.9, 'labels': 99.5, 'dynamic': 97}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('-b', '--build', default='build')
    parser.add_argument('--judge', required=True)
    parser.add_argument('--count', type=int, default=2000)
    parser.add_argument('--seed', type=int, default=1)
    options = parser.parse_args()
    compiler, judge, rng = cases.compiler_of(options.build), Judge(options.judge), random.Random(options.seed)
    report = cases.Report()
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        for kind in RULES:
            rules = rules_of(rng, kind, options.count)
            answers = judge.ask([{'kind': 'rule-' + kind, 'text': t} for t in rules])
            found = by_line(compiler, 'r.yml', rules, lambda part, kind=kind: rules_file(kind, part), 3, folder)
            report_on(report, 'rule-' + kind, rules, answers, found, refuses_rule)
        labels = labels_of(rng, 4)
        answers = judge.ask([{'kind': 'labels', 'text': {key: value}} for key, value in labels])
        found = by_line(compiler, 'compose.yml', labels, labels_file, 2, folder)
        report_on(report, 'labels', labels, answers, found,
                  lambda d: d['level'] == 'error' and 'drops all routers' in d.get('effect', ''))
        seeds = [p.read_text(encoding='utf-8') for p in sorted(cases.GOLDEN.glob('traefik/dynamic*/in/*.yml'))]
        files = seeds + [mutate.mutant(rng, rng.choice(seeds))[1] for _ in range(options.count // 8)]
        answers = judge.ask([{'kind': 'dynamic', 'text': t, 'name': 'a.yml'} for t in files])
        found = [findings(compiler, 'd.yml', text, folder)[1] for text in files]
        report_on(report, 'dynamic', files, answers, found,
                  lambda d: d['level'] == 'error' and 'whole file' in d.get('effect', ''))
    report.finish()


main()
