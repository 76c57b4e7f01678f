"""The examples are what they say: each folder of examples/ is a workspace with its outputs beside its sources.

  worlds/clean-NAME    `check` and `build` say nothing
  worlds/build-NAME    a build into an empty folder gives exactly the outputs that stand there, and the manifest
  worlds/clone-NAME    a clone knows the outputs for ours: a source may change before the first build
  worlds/again-NAME    a build where they stand touches none of them
  worlds/same-NAME     eight environments give the same bytes: locale, zone, umask, order of files, addresses, -j, depth, home
  worlds/readme-NAME   README.md: each `$ itsupc …` of a console block prints what stands below it, … for any lines

-u writes the outputs and the answers anew.
"""
import argparse
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import tempfile

import cases

# One file of each example whose names are all over its outputs.
SOURCES = ('beacon.itsup', 'kosuke.itsup', 'shop.itsup', 'itsup.yml', 'phoenix_hypervisor_config.json')
BLOCK = re.compile(r'^```console\n(.*?)^```', re.MULTILINE | re.DOTALL)


def files_of(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob('*'))
            if p.is_file()}


def copy(world, to):
    shutil.copytree(world, to)
    return to


def said(run):
    return f'{run.line}: status {run.status}\n' + (run.out + run.err).decode('utf-8', 'backslashreplace')


def test_clean(compiler, world):
    layout = [['fmt', '--check']] if any(world.rglob('*.itsup')) else []
    runs = [cases.Run(compiler, words, world) for words in [['check', '--quiet'], ['build', '--emit', 'routes'], *layout]]
    return ''.join(said(run) for run in runs if run.status or run.err)


def built(compiler, world, scratch):
    """What a build of the sources alone gives."""
    run = cases.Run(compiler, ['build', '-o', str(scratch)], world)
    return files_of(scratch), said(run) if run.status or run.out or run.err else ''


def outputs_of(world, made):
    """What stands in the folder where outputs go: a top folder that holds one holds nothing else."""
    tops = {path.split('/')[0] for path in made}
    return {path: data for path, data in files_of(world).items() if path.split('/')[0] in tops}


def test_build(compiler, world, scratch, update):
    made, wrong = built(compiler, world, scratch)
    there = outputs_of(world, made)
    if wrong or there == made:
        return wrong
    if not update:
        return ''.join(f'{path} {"differs" if path in made and path in there else "is missing" if path in made else "has no source"}\n'
                       for path in sorted({*made, *there}) if made.get(path) != there.get(path))
    for path in there.keys() - made.keys():
        (world / path).unlink()
    for path, data in made.items():
        (world / path).parent.mkdir(parents=True, exist_ok=True)
        (world / path).write_bytes(data)
    print(f'{world.name}: outputs')
    return ''


def test_again(compiler, world, scratch):
    copy(world, scratch)
    before = {path: os.stat(scratch / path) for path in files_of(scratch)}
    wrong = ''
    for _ in range(2):  # the second one knows what the first one wrote
        run = cases.Run(compiler, ['build'], scratch)
        wrong += said(run) if run.status or run.out or run.err else ''
    after = {path: os.stat(scratch / path) for path in files_of(scratch)}
    return wrong + ''.join(f'{path} was touched\n' for path in sorted({*before, *after})
                           if path not in before or path not in after or
                           (before[path].st_mtime_ns, before[path].st_ino) != (after[path].st_mtime_ns, after[path].st_ino))


def test_clone(compiler, world, scratch):
    """Every file comes with git, the manifest too; a source changes before anything was built here."""
    copy(world, scratch)
    outputs = files_of(scratch)
    source = next(path for path in sorted(scratch.rglob('*')) if path.name in SOURCES)
    source.write_bytes(source.read_bytes().replace(b'example', b'changed'))
    run = cases.Run(compiler, ['build', '--quiet'], scratch)
    wrong = said(run) if run.status else ''
    return wrong or ('' if files_of(scratch) != outputs else f'{source.name} changes nothing\n')


def reordered(world, to):
    """The sources alone, made in the opposite order: most file systems list them in another one."""
    for path, data in sorted(files_of(world).items(), reverse=True):
        (to / path).parent.mkdir(parents=True, exist_ok=True)
        (to / path).write_bytes(data)
    return to


# name -> (variables, what stands before the command, more words, the folder below which all of it is)
ENVIRONMENTS = {
    'locale': ({'LC_ALL': 'tr_TR.UTF-8', 'LANG': 'tr_TR.UTF-8'}, [], [], ''),
    'no locale, another zone': ({'LC_ALL': 'C', 'TZ': 'Asia/Kathmandu'}, [], [], ''),
    'umask': ({}, ['sh', '-c', 'umask 077; exec "$@"', 'sh'], [], ''),
    'order of files': ({}, [], [], ''),
    'fixed addresses': ({}, ['setarch', '-R'], [], ''),
    '-j': ({}, [], ['-j', '8'], ''),
    'depth': ({}, [], [], 'a/rather/deep/place/with blanks/ünicode'),
    'home': ({'HOME': '/nonexistent', 'XDG_CACHE_HOME': '/nonexistent'}, [], [], ''),
}


def test_same(compiler, world, scratch):
    first, wrong = built(compiler, world, scratch / 'first')
    for name, (variables, before, words, below) in ENVIRONMENTS.items():
        base = scratch / name.replace(' ', '-') / below
        base.mkdir(parents=True)
        source = reordered(world, base / world.name) if 'order' in name else copy(world, base / world.name)
        if before and not shutil.which(before[0]):
            continue
        done = subprocess.run([*before, compiler, 'build', '-o', str(base / 'made'), *words], cwd=source, check=False,
                              env={**os.environ, **variables}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode or done.stdout:
            wrong += f'{name}: status {done.returncode}\n{done.stdout.decode()}'
        elif files_of(base / 'made') != first:
            wrong += f'{name}: other bytes\n'
    return wrong


def answer(compiler, world, command):
    words = shlex.split(command)
    run = cases.Run(compiler, words[1:], world)
    return (run.err + run.out).decode('utf-8', 'backslashreplace')


def agrees(want, got):
    pattern = ''.join('(.*\n)*' if line.strip() == '…' else re.escape(line) + '\n' for line in want.splitlines())
    return re.fullmatch(pattern, got) is not None


def test_readme(compiler, world, update):
    page = world / 'README.md'
    if not page.exists():
        return 'README.md is missing\n'
    text, wrong = page.read_text(encoding='utf-8'), ''
    for block in BLOCK.findall(text):
        fresh = ''
        for part in re.split(r'^(?=\$ )', block, flags=re.MULTILINE):
            command, _, want = part.partition('\n')
            if not command.startswith('$ itsupc '):
                fresh += part
                continue
            got = answer(compiler, world, command[2:])
            if not agrees(want, got):
                wrong += f'{command}\nREADME.md says\n{want}it prints\n{got}'
                want = got
            fresh += f'{command}\n{want}'
        text = text.replace(block, fresh)
    if wrong and update:
        page.write_text(text, encoding='utf-8')
        print(f'{world.name}: README.md')
        return ''
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n', maxsplit=1)[0])
    parser.add_argument('-b', '--build', default='build', help='the folder with itsupc (default: build)')
    parser.add_argument('-u', '--update', action='store_true', help='write the outputs and the answers anew')
    options = parser.parse_args()
    compiler, report = cases.compiler_of(options.build), cases.Report()
    for world in sorted(p for p in cases.EXAMPLES.iterdir() if p.is_dir()):
        with tempfile.TemporaryDirectory() as name:
            scratch = pathlib.Path(name)
            source = copy(world, scratch / 'source')
            for test, wrong in (
                    ('clean', lambda: test_clean(compiler, source)),
                    ('build', lambda: test_build(compiler, world, scratch / 'made', options.update)),
                    ('again', lambda: test_again(compiler, world, scratch / world.name)),
                    ('clone', lambda: test_clone(compiler, world, scratch / 'clone' / world.name)),
                    ('same', lambda: test_same(compiler, world, scratch / 'same')),
                    ('readme', lambda: test_readme(compiler, world, options.update))):
                if report.wants(f'worlds/{test}-{world.name}'):
                    faults = wrong()
                    report.add('fail' if faults else 'pass', f'worlds/{test}-{world.name}', faults)
    report.finish()


main()
