"""Packages of the npm registry, fetched once and kept for the next run. Used by editors.py and vscode.py."""
import hashlib
import os
import pathlib
import shutil
import subprocess
import tempfile

SECONDS = 300
GRAMMAR_TEST = 'vscode-tmgrammar-test@0.1.3'


def modules(packages):
    """The node_modules that holds these (each as NAME@VERSION); None when npm cannot fetch them."""
    state = hashlib.sha256('\n'.join(sorted(packages)).encode()).hexdigest()[:16]
    cache = pathlib.Path(os.environ.get('XDG_CACHE_HOME') or pathlib.Path.home() / '.cache') / 'itsupc-tests'
    kept = cache / f'npm-{state}'
    if not kept.exists() and shutil.which('npm'):
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as scratch:
            tools = pathlib.Path(scratch) / 'tools'
            tools.mkdir()
            try:
                done = subprocess.run(['npm', 'install', '--prefix', str(tools), '--no-audit', '--no-fund', '--no-save', *packages],
                                      capture_output=True, timeout=SECONDS, check=False)
            except subprocess.TimeoutExpired:
                return None
            if done.returncode == 0 and not kept.exists():
                tools.rename(kept)
    return kept / 'node_modules' if kept.exists() else None
