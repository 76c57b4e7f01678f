"""What some words of a golden input are, whichever editor colours them; and how an editor is run on a copy.

Used by editors.py and treesitter.py.
"""
import os
import re
import subprocess
import sys

import cases

EDITORS = cases.ROOT / 'editors'
SAMPLE = cases.GOLDEN / 'language' / 'whole' / 'input.itsup'
SECONDS = 120
# A part of a line with the word between « and », and what it is.
WORDS = """
«import» lib/sso.itsup                 declaration
lib/sso.itsup «as» sso                 word
«let» domain  =                        keyword
# «shop».itsup - one file              comment
«proxy» traefik                        declaration
  «entrypoint» web                     setting
web       «:80»                        -
{ «redirect» websecure }               setting
{ «default»; trusted                   setting
default; «trusted» 10                  setting
trusted «10.0.0.0/8»; http3            address
  «resolver» public   acme             setting
public   «acme» { email                word
email «${LETSENCRYPT_EMAIL}»; http-01 web    variable
; «http-01» web }                      setting
{ «delay» 30s                          setting
delay «30s»                            number
  «provider» docker                    setting
«tls» modern {                         declaration
«middleware» admins   =                keyword
= «basic-auth»(users-file              middleware
crowdsec | «headers»(hsts              middleware
headers(hsts=«1y»                      number
«defaults» https                       declaration
«https»://traefik.                     mode
https://traefik.«{domain}» |           interpolation
«project» shop {                       declaration
, www.shop.«{domain}» |                interpolation
| «canonical» ->                       middleware
canonical «->» web                     operator
    «health» /up every                 setting
/up «every» 10s                        word
every «10s» timeout                    number
    «sticky» cookie                    setting
sticky «cookie» shop                   word
  «https»://shop.{domain}/api          mode
api «|» rate                           pipe
| «rate»(100/s                         middleware
rate(«100/s»                           number
next:3000 10%      «# canary»          comment
archive «308»                          number
«=>» https://shop                      operator
8080 «else» img                        keyword
  «tls»://db                           mode
  «udp»://:51820                       mode
{ «proxy-protocol» v2                  setting
  «service» web { ip                   setting
  «egress» auth                        setting
«template» code(                       keyword
code(id «int» 1..9999                  type
branch «slug»(20)                      type
= «"main"»                             string
«for» n in                             keyword
for n «in» [12                         keyword
{              «#» paths grouped       comment
  «/v1» | strip                        path
/v1 | «strip» ->                       middleware
"""


def places():
    """(line, column, length, class) of each row; lines and columns from 1."""
    lines = SAMPLE.read_text(encoding='utf-8').splitlines()
    for row in WORDS.strip('\n').split('\n'):
        marked, kind = re.fullmatch(r'(.*?)\s+(\S+)', row).groups()
        before, word, after = re.fullmatch('(.*)«(.*)»(.*)', marked).groups()
        found = [(n, line.index(before + word + after) + len(before) + 1)
                 for n, line in enumerate(lines, 1) if before + word + after in line]
        if not found:
            sys.exit(f'{SAMPLE} has no {marked}')
        yield found[0][0], found[0][1], len(word), kind, marked


def laid_out():
    """The texts that are as `itsupc fmt` wants them, with blocks and breaks."""
    texts = sorted(cases.GOLDEN.glob('format/*/formatted'))
    broken = re.compile('broken|heredoc|crlf|bom|comments_everywhere')  # a comment before a brace may go anywhere
    return [p for p in texts if not broken.search(p.parent.name) and p.read_text(encoding='utf-8').strip()]


def run(words, folder, text=None, env=None):
    done = subprocess.run(words, cwd=folder, input=text, capture_output=True, text=True, timeout=SECONDS, check=False,
                          env={**os.environ, 'HOME': str(folder), **(env or {})})
    return done.stdout + done.stderr, done.returncode
