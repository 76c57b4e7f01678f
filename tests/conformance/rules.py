"""Rules: what itsupc refuses against the rule parsers and matchers of Traefik itself.

Thousands of rules are generated, half of them changed at one or two places. Each goes as the `match`
of a route through `itsupc check`, many in one file, and through the judge. What Traefik
refuses must be an error, and an error that tells of a refusal must be one. Errors that tell otherwise
(a rule that never matches) say nothing of refusing. Exceptions stand in rules_exceptions.txt: a regular expression on the rule, a tab,
the reason.
"""
import argparse
import collections
import concurrent.futures
import json
import pathlib
import random
import re
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
sys.path.insert(0, str(HERE))

import cases  # noqa: E402
from judge import Judge  # noqa: E402

HOSTS = ('a.example', 'b.example.com', '*.example.com', '*', 'A.Example', 'ä.example', 'a..b', '', 'a b', '10.0.0.1',
         'a.example.', 'x' * 70, '-a.example', 'a.example:80', '{sub}.example', '*.*.example', 'a.*.example', '[::1]')
PATHS = ('/', '/api', '/api/', '/a b', 'api', '', '/{id}', '/ü', '/a?b=c', '//', '/%2f', '/a#b')
REGEXES = ('^a$', 'a.*', '(', '[a-z]+', '(?i)x', '(?=x)', r'\d+', '*', 'a{2,1}', 'a{1001}', '', 'ü', r'\\', '(?P<n>a)',
           '^/(a|b)/.+$', r'\pL', '[', 'a**', '(?<n>a)', r'^.+\.example\.com$', r'\Z', '[[:alpha:]]')
METHODS = ('GET', 'post', 'PUT', 'FOO', '', 'G T')
NAMES = ('X-A', 'x-b', 'Content-Type', '', 'a b', 'ä', 'X_A')
CLIENTS = ('10.0.0.1', '10.0.0.0/8', '::1', 'fd00::/8', '10.0.0.1/33', 'x', '', '10.0.0', '10.1.2.3/8', '::ffff:1.2.3.4',
           '10.0.0.1/', '010.0.0.1', 'fe80::1%eth0', '1.2.3.4/08')
ALPNS = ('h2', 'http/1.1', 'acme-tls/1', 'h3', '', 'x')
VALUES = ('1', 'v', '', 'a b', 'ü')

HTTP = {
    'Host': (HOSTS,), 'HostRegexp': (REGEXES,), 'Path': (PATHS,), 'PathPrefix': (PATHS,), 'PathRegexp': (REGEXES,),
    'Method': (METHODS,), 'Header': (NAMES, VALUES), 'HeaderRegexp': (NAMES, REGEXES), 'Query': (NAMES, VALUES),
    'QueryRegexp': (NAMES, REGEXES), 'ClientIP': (CLIENTS,),
}
TCP = {'HostSNI': (HOSTS,), 'HostSNIRegexp': (REGEXES,), 'ALPN': (ALPNS,), 'ClientIP': (CLIENTS,)}
STRANGERS = ('Headers', 'HeadersRegexp', 'HostHeader', 'Foo', 'host', 'HOST', 'PATHPREFIX', 'pathprefix', 'Pathprefix',
             'pathPrefix', 'HOSTSNI', 'Hostsni', 'clientip', 'Clientip', 'ClientIp', 'Rule', 'true', 'and', 'func', 'Host.x')
PIECES = ('&&', '||', '!', '(', ')', '`', '"', ',', ' ', '\n', '&', '|', "'", '.', '1', 'a', '\\', '//', '/*', '*/', '==', '!!',
          ';', '{', '}', '[', ']', '`a`', '"a"', 'Host', '()', '\t', '<', '-', '+', 'ä', '"\\x41"', '"\\u0041"', '"\\q"', '\r',
          '&^', '...', ':=', 'Host(`a.example`)', '$', '%', '"\\"', '0x1', "'a'", '#', '@', '?', '~', '\ufeff')


def quoted(rng, text):
    if rng.random() < 0.7 and '`' not in text:
        return '`' + text + '`'
    return json.dumps(text, ensure_ascii=rng.random() < 0.3)


def call(rng, names):
    name = rng.choice(list(names))
    # The first values of each list are the ordinary ones.
    args = [rng.choice(values[:3] if rng.random() < 0.6 else values) for values in names[name]]
    if rng.random() < 0.04:
        name = rng.choice(STRANGERS)
    if rng.random() < 0.04:
        args += ['more']
    if rng.random() < 0.03:
        args = args[1:]
    if rng.random() < 0.1 and name.startswith('Query'):
        args = args[:1]
    return f'{name}(' + rng.choice((', ', ',', ' , ')).join(quoted(rng, a) for a in args) + ')'


def rule(rng, names, depth=0):
    kind = rng.random()
    if depth > 3 or kind < 0.45:
        return call(rng, names)
    if kind < 0.55:
        return '!' + rule(rng, names, depth + 1)
    if kind < 0.7:
        return '(' + rule(rng, names, depth + 1) + ')'
    joint = rng.choice((' && ', ' || ', '&&', '||', ' &&\n', ' && ', ' || '))
    return rule(rng, names, depth + 1) + joint + rule(rng, names, depth + 1)


def changed(rng, text):
    for _ in range(rng.choice((1, 1, 1, 2))):
        at = rng.randrange(len(text) + 1)
        kind = rng.randrange(4)
        if kind == 0:
            text = text[:at] + rng.choice(PIECES) + text[at:]
        elif kind == 1:
            text = text[:at] + text[at + rng.choice((1, 1, 1, 2, 5)):]
        elif kind == 2:
            text = text[:at] + rng.choice(PIECES) + text[at + 1:]
        else:
            end = min(len(text), at + rng.randrange(1, 12))
            text = text[:end] + text[at:end] + text[end:]
    return text


def rules(rng, names, count):
    for _ in range(count):
        text = rule(rng, names)
        yield changed(rng, text) if rng.random() < 0.5 else text


def string(text):
    """The text as a string of our language."""
    out = ''
    for c in text:
        if c in '"\\{$':
            out += '\\' + c
        elif c in '\n\t\r':
            out += {'\n': '\\n', '\t': '\\t', '\r': '\\r'}[c]
        elif ord(c) < 32 or c == '\ufeff':
            out += f'\\u{{{ord(c):X}}}'
        else:
            out += c
    return '"' + out + '"'


def our_verdicts(compiler, scheme, batch):
    """For each rule None, or (says that Traefik refuses it, what it says)."""
    text = ''.join(f'{scheme}://h{i}.example -> web:{3000 + i} {{\n  match {string(r)}\n}}\n' for i, r in enumerate(batch))
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, 'rules.itsup').write_text(text, encoding='utf-8')
        run = cases.Run(compiler, ['check', '--format', 'json', 'rules.itsup'], folder)
    if run.broke():
        return [(True, run.broke())] * len(batch)
    out = [None] * len(batch)
    for d in json.loads(run.out)['diagnostics']:
        line = d['line']
        if d['level'] == 'error' and (line - 2) % 3 == 0:
            refusal = 'would disable' in d['effect']
            before = out[(line - 2) // 3]
            if before is None or refusal > before[0]:
                out[(line - 2) // 3] = (refusal, f"{d['code']}: {d['message']}: {d['effect']}")
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('-b', '--build', default='build')
    parser.add_argument('--judge', required=True)
    parser.add_argument('--count', type=int, default=5000)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--show', type=int, default=30)
    options = parser.parse_args()
    compiler, judge, report = cases.compiler_of(options.build), Judge(options.judge), cases.Report()
    known = [re.compile(line.split('\t')[0]) for line in (HERE / 'rules_exceptions.txt').read_text().splitlines()
             if line and not line.startswith('#')]
    for kind, scheme, names in (('http', 'https', HTTP), ('tcp', 'tls', TCP)):
        texts = list(rules(random.Random(f'{options.seed} {kind}'), names, options.count))
        batches = [texts[i:i + 200] for i in range(0, len(texts), 200)]
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            mine = [v for part in pool.map(lambda b, s=scheme: our_verdicts(compiler, s, b), batches) for v in part]
        answers = judge.ask([{'kind': 'rule-' + kind, 'text': text} for text in texts])
        tally, wrong = collections.Counter(), []
        for text, refused, answer in zip(texts, mine, answers):
            if answer['ok'] and not (refused and refused[0]):
                tally['told to be wrong otherwise' if refused else 'accepted by both'] += 1
            elif refused and not answer['ok']:
                tally['refused by both'] += 1
            elif any(k.search(text) for k in known):
                tally['listed exception'] += 1
            else:
                tally['only Traefik refuses' if refused is None else 'only itsupc refuses'] += 1
                wrong.append(f'{text!r}\n    itsupc: {refused and refused[1]}\n    Traefik: {answer.get("error", "takes it")[:300]}\n')
        print(f'{kind}: {len(texts)} rules: ' + ', '.join(f'{n} {what}' for what, n in tally.most_common()))
        report.add('fail' if wrong else 'pass', f'conformance/rules-{kind}', ''.join(wrong[:options.show]))
    report.finish()


main()
