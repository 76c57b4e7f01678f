"""The Dockerfile, without Docker: its stages as folders, its RUN lines in a chroot.

`FROM debian:12-slim` is what debootstrap makes, kept for the next run; `FROM scratch` is an empty folder. The
program is then run in the last stage, where there is nothing else. Needs root, debootstrap and Debian's archive.

usage: python3 tests/image.py [FOLDER]    the stages stay in FOLDER
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
DEBIAN = """Types: deb
URIs: http://deb.debian.org/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
"""


def instructions():
    text = re.sub(r'^#.*\n', '', (ROOT / 'Dockerfile').read_text(encoding='utf-8'), flags=re.MULTILINE)
    for line in text.replace('\\\n', ' ').splitlines():
        if line.strip():
            yield line.split(None, 1)


def debian():
    """An archive of a fresh Debian 12, made once."""
    cache = pathlib.Path(os.environ.get('XDG_CACHE_HOME') or pathlib.Path.home() / '.cache') / 'itsupc-tests'
    kept = cache / 'debian-12.tar'
    if not kept.exists():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as scratch:
            root = pathlib.Path(scratch) / 'root'
            subprocess.run(['debootstrap', '--variant=minbase', 'bookworm', root], check=True)
            subprocess.run(['tar', '-C', root, '-cf', f'{scratch}/made.tar', '.'], check=True)
            pathlib.Path(scratch, 'made.tar').rename(kept)
    return kept


def ignored():
    return ['--exclude=./' + line.strip() for line in (ROOT / '.dockerignore').read_text(encoding='utf-8').splitlines()]


class Stage:
    def __init__(self, root, image):
        self.root, self.folder = root, '/'
        root.mkdir()
        if image == 'scratch':
            return
        if image != 'debian:12-slim':
            sys.exit(f'tests/image.py knows no image {image}')
        subprocess.run(['tar', '-C', root, '-xf', debian()], check=True)
        (root / 'etc/apt/sources.list').unlink(missing_ok=True)
        (root / 'etc/apt/sources.list.d/debian.sources').write_text(DEBIAN, encoding='utf-8')
        for name in ('etc/resolv.conf', 'etc/hosts'):
            shutil.copy('/' + name, root / name)
        for extra in pathlib.Path('/etc/apt/apt.conf.d').glob('*prox*'):
            shutil.copy(extra, root / 'etc/apt/apt.conf.d')

    def run(self, words):
        subprocess.run(['unshare', '--mount', '--pid', '--fork', 'sh', '-euc',
                        'mount -t proc proc "$1/proc"; shift; exec "$@"', 'sh', self.root, 'chroot', self.root, 'sh', '-c',
                        f'cd {self.folder} && {words}'], env=dict(os.environ, DEBIAN_FRONTEND='noninteractive'), check=True)

    def take(self, source, target):
        into = self.root / target.lstrip('/')
        into.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            into.mkdir(exist_ok=True)
            packed = subprocess.Popen(['tar', '-C', source, *ignored(), '-cf', '-', '.'], stdout=subprocess.PIPE)
            subprocess.run(['tar', '-C', into, '-xf', '-'], stdin=packed.stdout, check=True)
        else:
            shutil.copy(source, into)


def build(folder):
    """The last stage and its entry point."""
    stages, stage, entry = {}, None, None
    for kind, rest in instructions():
        words = rest.split()
        if kind == 'FROM':
            stage = Stage(folder / f'stage{len(stages)}', words[0])
            stages[words[2] if len(words) == 3 else ''] = stage
        elif kind == 'RUN':
            stage.run(rest)
        elif kind == 'COPY' and words[0].startswith('--from='):
            stage.take(stages[words[0].removeprefix('--from=')].root / words[1].lstrip('/'), words[2])
        elif kind == 'COPY':
            stage.take(ROOT / words[0], words[1])
        elif kind == 'WORKDIR':
            stage.folder = rest
            (stage.root / rest.lstrip('/')).mkdir(parents=True, exist_ok=True)
        elif kind == 'ENTRYPOINT':
            entry = json.loads(rest)
        else:
            sys.exit(f'tests/image.py knows no {kind}')
    return stage, entry


def main():
    for tool in ('debootstrap', 'unshare', 'tar'):
        if not shutil.which(tool):
            print(f'tool {tool} is missing')
            sys.exit(77)
    if os.geteuid():
        print('only root may chroot')
        sys.exit(77)
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else scratch)
        stage, entry = build(folder)
        workspace = stage.root / stage.folder.lstrip('/')
        (workspace / 'shop.itsup').write_text('https://shop.example.com -> 10.0.0.5:3000\n', encoding='utf-8')
        # No shell in there to enter the folder with: -C does it.
        for words in (['check'], ['build'], ['trace', 'https://shop.example.com/']):
            subprocess.run(['chroot', stage.root, *entry, '-C', stage.folder, *words], check=True)
        names = sorted(str(p.relative_to(stage.root)) for p in stage.root.rglob('*') if p.is_file())
        extra = [name for name in names if not name.startswith('workspace/') and name not in ('itsupc', 'LICENSE')]
        made = [name for name in names if name.endswith('routers-http.yml')]
        size = (stage.root / 'itsupc').stat().st_size
        print(f'{len(names)} files, {size} bytes of program')
        sys.exit(f'the image holds {extra}, a build made {made}' if extra or not made else 0)


main()
