"""Shows a gcovr JSON summary: the total, and the files with most branches that no test takes."""
import json
import sys

with open(sys.argv[1], encoding='utf-8') as file:
    summary = json.load(file)
print('branches {branch_percent} % ({branch_covered} of {branch_total}; the aim is 95 %), '
      'lines {line_percent} %, functions {function_percent} %'.format(**summary))
rows = sorted(((f['branch_total'] - f['branch_covered'], f) for f in summary['files']),
              key=lambda row: (-row[0], row[1]['filename']))
for missed, row in rows[:20]:
    if missed:
        print(f'{missed:>6} not taken  {row["branch_percent"] or 0:>5} %  {row["filename"]}')
