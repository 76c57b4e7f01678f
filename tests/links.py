"""Every relative link of the Markdown files given (or below the folders given) leads to a file."""
import pathlib
import re
import sys

bad = 0
for root in map(pathlib.Path, sys.argv[1:]):
    for page in [root] if root.is_file() else sorted(root.rglob('*.md')):
        inside_code = False
        for number, line in enumerate(page.read_text(encoding='utf-8').splitlines(), 1):
            if line.lstrip().startswith('```'):
                inside_code = not inside_code
            for link in [] if inside_code else re.findall(r'\]\(([^)#\s]+)(?:#[^)]*)?\)', line):
                if '://' not in link and not (page.parent / link).exists():
                    print(f'{page}:{number}: {link} leads nowhere')
                    bad = 1
sys.exit(bad)
