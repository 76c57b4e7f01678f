"""The completions in real shells: a line is typed, Tab is pressed, and the line must become the one that is expected.

bash and zsh run in a pseudo terminal of their own, as at a prompt; fish is asked with `complete -C`, its own door
for that. A shell that is not installed is a skip by name.
"""
import os
import pathlib
import pty
import select
import shutil
import subprocess
import tempfile
import time

import cases

SECONDS = 60
# What is typed, and what it must become with one Tab ("" where only fish is asked, which lists).
LINES = [
    ('itsupc chec', 'itsupc check'),
    ('itsupc check --fi', 'itsupc check --fix'),
    ('itsupc check --color al', 'itsupc check --color always'),
    ('itsupc check --color=al', 'itsupc check --color=always'),
    ('itsupc check --format sa', 'itsupc check --format sarif'),
    ('itsupc graph --format mer', 'itsupc graph --format mermaid'),
    ('itsupc check --format json:rep', 'itsupc check --format json:report.txt'),
    ('itsupc check --format=json:rep', 'itsupc check --format=json:report.txt'),
    ('itsupc check --deny warn', 'itsupc check --deny warnings'),
    ('itsupc check --deny warnings,E020', 'itsupc check --deny warnings,E020'),
    ('itsupc build --emit ir,upst', 'itsupc build --emit ir,upstream'),
    ('itsupc explain E021', 'itsupc explain E021'),
    ('itsupc explain E0204', 'itsupc explain E0204'),
    ('itsupc completion fi', 'itsupc completion fish'),
    ('itsupc convert --to ya', 'itsupc convert --to yaml'),
    ('itsupc help rate-li', 'itsupc help rate-limit'),
    ('itsupc check sho', 'itsupc check shop.itsup'),
    ('itsupc -q fm', 'itsupc -q fmt'),
    ('itsupc --color never chec', 'itsupc --color never check'),
    ('itsupc fmt shop.itsup --che', 'itsupc fmt shop.itsup --check'),
    ('itsupc check --env-file rep', 'itsupc check --env-file report.txt'),
]
FISH_ONLY_LISTS = {'itsupc check --format json:rep', 'itsupc check --format=json:rep'}
START = {
    'bash': (['bash', '--norc', '--noprofile', '-i'],
             'PS1=; bind "set bell-style none"; bind "set enable-bracketed-paste off"; source ./itsupc.bash\n'),
    'zsh': (['zsh', '-f', '-i'],
            'PS1=; unsetopt beep zle_bracketed_paste; bindkey -e; fpath=($PWD/fpath $fpath); '
            'autoload -U compinit; compinit -u -D\n'),
}


class Terminal:
    """A shell behind a pseudo terminal."""

    def __init__(self, words, folder):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            env = dict(os.environ, TERM='dumb', PATH=f'{folder}/bin:{os.environ["PATH"]}', HOME=str(folder), INPUTRC='/dev/null')
            os.execvpe(words[0], words, env)
        self.seen = b''

    def type(self, text):
        os.write(self.fd, text.encode())

    def drain(self, seconds):
        while select.select([self.fd], [], [], seconds)[0]:
            try:
                self.seen += os.read(self.fd, 65536)
            except OSError:
                return

    def wait_for(self, path):
        """Until the shell has written the file, which is read and removed."""
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            if path.exists() and path.read_text().endswith('\n'):
                text = path.read_text()
                path.unlink()
                return text
            self.drain(0.02)
        raise TimeoutError(f'no answer; the terminal shows {self.seen[-500:]!r}')

    def close(self):
        os.close(self.fd)
        os.waitpid(self.pid, 0)


def in_terminal(shell, folder):
    """What is wrong: each line is typed, completed, and handed to printf by what is put before and behind it."""
    words, start = START[shell]
    answer = folder / 'answer'
    terminal = Terminal(words, folder)
    wrong = []
    try:
        terminal.type(start)
        terminal.type(f"printf 'ready\\n' >{answer}\n")
        terminal.wait_for(answer)
        for line, want in LINES:
            terminal.type(line + '\t')
            terminal.type(f"\x01echo \x05 >{answer}.new && mv {answer}.new {answer}\n")
            got = terminal.wait_for(answer).rstrip('\n').rstrip()
            if got != want:
                wrong.append(f'{line!r} becomes {got!r}, not {want!r}')
    except (TimeoutError, OSError) as error:
        wrong.append(str(error))
    finally:
        terminal.close()
    return wrong


def in_fish(folder):
    wrong = []
    for line, want in LINES:
        if line in FISH_ONLY_LISTS:
            continue
        env = dict(os.environ, HOME=str(folder), PATH=f'{folder}/bin:{os.environ["PATH"]}')
        done = subprocess.run(['fish', '--no-config', '-c', 'source itsupc.fish; complete -C $argv[1]', line], cwd=folder,
                              env=env, capture_output=True, text=True, timeout=SECONDS, check=False)
        offers = [offer.split('\t')[0] for offer in done.stdout.splitlines()]
        last = want.split(' ')[-1]
        good = offers == [last] or (line == want and len(offers) > 0 and all(o.startswith(last) for o in offers))
        if done.stderr or not good:
            wrong.append(f'{line!r} is offered {offers[:10]}, not {last!r} {done.stderr}')
    return wrong


def main():
    options = cases.arguments(__doc__.split('\n', maxsplit=1)[0]).parse_args()
    compiler = cases.compiler_of(options.build)
    report = cases.Report()
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        (folder / 'bin').mkdir()
        (folder / 'bin' / 'itsupc').symlink_to(compiler)
        (folder / 'fpath').mkdir()
        (folder / 'shop.itsup').write_text('https://shop.example.com -> web:3000\n')
        (folder / 'report.txt').write_text('')
        for shell, name in (('bash', 'itsupc.bash'), ('zsh', 'fpath/_itsupc'), ('fish', 'itsupc.fish')):
            done = subprocess.run([compiler, 'completion', shell], capture_output=True, check=True)
            (folder / name).write_bytes(done.stdout)
            test = f'completions/{shell}'
            if not report.wants(test):
                continue
            if not shutil.which(shell):
                report.add('skip', test, f'tool {shell} is missing')
                continue
            wrong = in_fish(folder) if shell == 'fish' else in_terminal(shell, folder)
            report.add('fail' if wrong else 'pass', test, '\n'.join(wrong))
    report.finish()


main()
