"""Small changes to a YAML text, the kind that people make: a line lost or doubled, a key misspelt, a
value of another kind, a step of indentation too many, a character typed or not."""
import random
import re

VALUES = ('""', '"text"', '0', '-1', '99999', '1.5', 'true', 'no', 'null', '', '[]', '[a, b]', '{}', '{a: b}',
          '80', '"80:80"', '2222:22', '*nowhere', '&here x', '!reset', '"${X}"', '$X', '"${X:?stop}"', 'service:none',
          '2024-01-02', '0x1F', '1e3', '~', '.inf', '"a=b"')
CHARACTERS = ':-#[]{},&*!|>\'"%@`? \t$=/.0a_'
KEYED = re.compile(r'^(\s*(?:- )?)("?[\w.-]+"?)(:)(\s|$)(.*)$')


def misspelt(rng, word):
    at = rng.randrange(len(word))
    return rng.choice((word[:at] + word[at + 1:], word[:at] + word[at] + word[at:],
                       word[:at] + rng.choice('aeiostz_') + word[at + 1:])) or 'x'


def changed_line(rng, line):
    """(how, new line) or None."""
    keyed = KEYED.match(line)
    how = rng.choice(('key', 'value', 'value', 'value', 'indent', 'character', 'character'))
    if how == 'key' and keyed:
        before, key, colon, gap, rest = keyed.groups()
        return 'key', before + misspelt(rng, key.strip('"')) + colon + gap + rest
    if how == 'value' and keyed:
        before, key, colon, _, _ = keyed.groups()
        return 'value', before + key + colon + ' ' + rng.choice(VALUES)
    item = re.match(r'^(\s*- )(.*)$', line)
    if how == 'value' and item:
        return 'item', item.group(1) + rng.choice(VALUES)
    if how == 'indent' and line.strip():
        return 'indent', rng.choice(('  ' + line, line[2:] if line.startswith('  ') else ' ' + line))
    if how == 'character' and line.strip():
        at = rng.randrange(len(line))
        return 'character', rng.choice((line[:at] + line[at + 1:], line[:at] + rng.choice(CHARACTERS) + line[at:]))
    return None


def mutant(rng, text):
    lines = text.split('\n')
    for _ in range(20):
        at = rng.randrange(len(lines))
        how = rng.choice(('drop', 'double', 'swap', 'line', 'line', 'line', 'line', 'line', 'line'))
        if how == 'drop' and lines[at].strip():
            return f'drop line {at + 1}: {lines[at]}', '\n'.join(lines[:at] + lines[at + 1:])
        if how == 'double' and lines[at].strip():
            return f'double line {at + 1}: {lines[at]}', '\n'.join(lines[:at + 1] + lines[at:])
        if how == 'swap' and at + 1 < len(lines) and lines[at] != lines[at + 1]:
            return f'swap line {at + 1} with the next: {lines[at]}', '\n'.join(
                lines[:at] + [lines[at + 1], lines[at]] + lines[at + 2:])
        if how == 'line':
            change = changed_line(rng, lines[at])
            if change and change[1] != lines[at]:
                return f'{change[0]} in line {at + 1}: {lines[at]} -> {change[1]}', '\n'.join(
                    lines[:at] + [change[1]] + lines[at + 1:])
    return 'nothing', text


def mutants(projects, count, seed):
    """`count` times (project, how, text): files of our own projects more often than generated ones."""
    rng = random.Random(seed)
    rich = [p for p in projects if 'conformance/projects' in p.name] or projects
    for _ in range(count):
        project = rng.choice(rich if rng.random() < 0.75 else projects)
        how, text = mutant(rng, project.files[project.main])
        yield project, how, text
