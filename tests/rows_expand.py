"""`expand` with arguments of any characters: every form says the same to whoever reads it, a shell, Docker's
command line, Compose, Traefik, a program that reads JSON."""
import json
import subprocess

from rows_world import World, check, yaml

TEMPLATE = '''proxy {
  provider docker { network previews }
  entrypoint web :80
  entrypoint websecure :443 { default }
}
template t(id int, branch slug(20) unique = "main", note string = "") {
  https://p-{id}-{branch}.example.com | headers(X-Note={note}) -> box-{id}-{branch}:3000 { resolver none; public }
}
'''
BRANCHES = ['main', 'Feature/Add_Login--Page!!', "'; rm -rf /; '", '"; echo hi; "', '$(id)', '`id`', '$HOME', '${HOME}', 'a\nb', 'a\r\nb',
            'a\tb', '--__--x', 'Ünïcode/ブランチ', '🚦x', 'x' * 300, 'x' * 5000, '-n', '--help', 'a=b', 'a b c', '\\n', '\u202eabc', '%s%n',
            '{x}', '[a]', 'a;b', 'a|b', 'a&b', 'a>b', '#x']
NOTES = ['plain', '"', "'", '$HOME', '${HOME}', '$(id)', '`id`', 'a\tb', '\\', '\\n', 'é✓', '{{ x }}', '{x}', '$$', '${', 'a,b', 'a=b',
         ' lead', 'trail ', '#', 'yes', '1', 'null', ':', '- x', '&a', '*a', '|', '>', '%', '@', '!', 'x' * 3000, '\u2028', '\x85', '\ufeff']


class Instance:
    def __init__(self, world, *words):
        self.world, self.words = world, ('t', *words)
        self.json = json.loads(self.form('json'))
        self.labels = self.json['labels']

    def form(self, name):
        return self.world.run('expand', *self.words, '--format', name)


def shell(text, words):
    """What a shell makes of `words` behind `text`."""
    done = subprocess.run(['sh', '-c', text + f'\nfor word in {words}; do printf "%s\\0" "$word"; done'],
                          stdout=subprocess.PIPE, check=False)
    return done.stdout.decode().split('\0')[:-1]


def same_everywhere(instance, what):
    pairs = [f'{key}={value}' for key, value in instance.labels.items()]
    name, network = instance.json['name'], instance.json['network']
    words = shell('set -- ' + instance.form('docker'), '"$@"')
    wanted = ['--name', name, '--network', network] + [word for pair in pairs for word in ('--label', pair)]
    check(words == wanted, f'{what!r}: docker: {words}')
    variables = ' '.join(f'"$ITSUP_{v}"' for v in ['NAME', 'URL', 'NETWORK', *(f'LABEL_{n}' for n in range(1, len(pairs) + 1))])
    found = shell(instance.form('env'), variables)
    check(found == [name, instance.json['url'], network, *pairs], f'{what!r}: env: {found}')
    labels = yaml.safe_load(instance.form('compose'))['services'][name]['labels']
    labels = labels if isinstance(labels, dict) else dict(pair.split('=', 1) for pair in labels)
    check({key: value.replace('$$', '$') for key, value in labels.items()} == instance.labels, f'{what!r}: compose: {labels}')
    check(all('$' not in value.replace('$$', '') for value in labels.values()), f'{what!r}: compose: {labels}')
    lines = instance.form('labels').removesuffix('\n').split('\n')
    check(lines == pairs, f'{what!r}: labels: {lines}')


def expand_takes_any_branch():
    world = World({'shop.itsup': TEMPLATE}, tree=False)
    urls = set()
    for number, branch in enumerate(BRANCHES):
        instance = Instance(world, f'id={number}', f'branch={branch}')
        same_everywhere(instance, branch)
        label = instance.json['url'].removeprefix(f'https://p-{number}-').split('.')[0]
        check(0 < len(label) <= 20 and set(label) <= set('abcdefghijklmnopqrstuvwxyz0123456789-'), f'{branch!r}: {label}')
        urls.add(label)
    check(len(urls) == len(BRANCHES), 'two branches have one name, though it is `unique`')


def expand_takes_any_text():
    world = World({'shop.itsup': TEMPLATE}, tree=False)
    for note in NOTES:
        instance = Instance(world, 'id=1', f'note={note}')
        check([v for k, v in instance.labels.items() if k.endswith('.X-Note')] == [note], f'{note!r}: {instance.labels}')
        same_everywhere(instance, note)
        middlewares = yaml.safe_load(instance.form('dynamic'))['http']['middlewares'].values()
        found = next(m['headers'] for m in middlewares if 'headers' in m)['customResponseHeaders']['X-Note']
        check(found.replace('{{`{{`}}', '{{') == note, f'{note!r}: dynamic: {found!r}')
    lines = ''.join(json.dumps({'template': 't', 'id': at, 'note': note}) + '\n' for at, note in enumerate(NOTES))
    answers = [json.loads(line) for line in world.run('expand', 't', '--format', 'json', stdin=lines).split('\n')[:-1]]
    notes = [next(v for k, v in answer['labels'].items() if k.endswith('.X-Note')) for answer in answers]
    check(notes == NOTES, f'from JSON lines: {notes}')
