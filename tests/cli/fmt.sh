#!/bin/sh
# fmt rewrites what is loose, below folders too, and touches nothing else.
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"

mkdir -p deep/er .git
clean_file want
clean_file good.itsup
loose_file loose.itsup
loose_file deep/er/loose.itsup
loose_file .git/loose.itsup
loose_file loose.txt
touch -d '2020-01-01' good.itsup loose.txt .git/loose.itsup
chmod 640 loose.itsup
before=$(ls -li good.itsup .git/loose.itsup loose.txt)

run 1 fmt --check
has out '--- a/deep/er/loose.itsup'
has out '--- a/loose.itsup'
has out '+https://shop.example.com -> web:3000'
lacks out good.itsup
has err 'error[E0606]'
has err '--> loose.itsup:1:1'
cp out diff
run 1 fmt --diff
cmp out diff
run 1 fmt --check --format json
has out '"diagnostics"'
lacks out '@@'
has err '@@ -1,1 +1,1 @@'
loose_file same
cmp loose.itsup same

run 0 fmt
has err 'formatted loose.itsup'
empty out
cmp loose.itsup want
cmp deep/er/loose.itsup want
[ "$(stat -c %a loose.itsup)" = 640 ]
[ "$before" = "$(ls -li good.itsup .git/loose.itsup loose.txt)" ]
run 0 fmt
empty err
run 0 fmt --check
[ -z "$(find . -name '.itsupc*')" ]

# The difference is one that patch reads.
if command -v patch >/dev/null; then
    loose_file loose.itsup
    loose_file deep/er/loose.itsup
    patch -s -p1 <./diff
    cmp loose.itsup want
    cmp deep/er/loose.itsup want
fi

# Around what is broken the rest is laid out.
broken_file broken.itsup
run 1 fmt broken.itsup
has err broken.itsup:1:
has broken.itsup 'https://a.example.com -> -> web:3000'
has broken.itsup 'https://b.example.com -> web:3000'
