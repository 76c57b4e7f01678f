"""README.md and docs/architecture.md against the project: a line becomes the labels that stand below it, the
screenful brings the message, the table has every command, and the map of the house names every folder."""
import argparse
import pathlib
import re
import tempfile

import cases

README = (cases.ROOT / 'README.md').read_text(encoding='utf-8')
MAP = (cases.ROOT / 'docs' / 'architecture.md').read_text(encoding='utf-8')


def wrong_message(compiler):
    fenced = re.findall(r'^```(.*?)\n(.*?)^```$', README, re.MULTILINE | re.DOTALL)
    screenful, message = [text for info, text in fenced if not info][:2]
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / 'shop.itsup').write_text(screenful, encoding='utf-8')
        said = cases.Run(compiler, ['check', '--quiet', 'shop.itsup'], folder).err.decode()
    return '' if said.strip() == message.strip() else f'README.md says\n{message}the compiler says\n{said}'


def wrong_labels(compiler):
    source = re.search(r'^```itsup shop\.itsup\n(.*?)^```', README, re.MULTILINE | re.DOTALL)[1]
    shown = re.search(r'^```yaml compose\.ingress\.yml\n(.*?)^```', README, re.MULTILINE | re.DOTALL)[1]
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch) / 'shop'
        folder.mkdir()
        (folder / 'shop.itsup').write_text(source, encoding='utf-8')
        (folder / 'compose.yml').write_text('services:\n  web:\n    image: shop\n', encoding='utf-8')
        said = cases.Run(compiler, ['build'], folder).err.decode()
        made = folder / 'compose.ingress.yml'
        text = made.read_text(encoding='utf-8') if made.exists() else ''
    return '' if text == shown else f'README.md says\n{shown}the compiler writes\n{text}{said}'


def missing_commands(compiler):
    help_text = cases.Run(compiler, ['help'], cases.ROOT).out.decode()
    commands = re.findall(r'^  ([a-z]+) ', help_text.split('Commands\n')[1].split('\n\n')[0], re.MULTILINE)
    return ''.join(f'README.md does not name `itsupc {c}`\n' for c in commands if f'`itsupc {c}' not in README)


def missing_folders():
    folders = [p for p in [*cases.ROOT.iterdir(), *(cases.ROOT / 'compiler').iterdir()]
               if p.is_dir() and not p.name.startswith(('.', 'build'))]
    return ''.join(f'docs/architecture.md does not name {p.relative_to(cases.ROOT)}/\n' for p in sorted(folders)
                   if not re.search(rf'[`/]{re.escape(p.name)}/`', MAP))


def main():
    parser = argparse.ArgumentParser(description='compares README.md with the compiler')
    parser.add_argument('-b', '--build', default='build')
    compiler, report = cases.compiler_of(parser.parse_args().build), cases.Report()
    for name, wrong in (('message', wrong_message(compiler)), ('labels', wrong_labels(compiler)), ('commands', missing_commands(compiler)),
                        ('folders', missing_folders())):
        report.add('fail' if wrong else 'pass', f'docs/readme-{name}', wrong)
    report.finish()


main()
