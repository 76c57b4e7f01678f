#!/bin/sh
# fmt writes through a link, keeps a read-only file, and leaves nothing behind.
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"

clean_file want
mkdir real
loose_file real/a.itsup
ln -s real/a.itsup link.itsup
run 0 fmt link.itsup
[ -L link.itsup ]
[ ! -L real/a.itsup ]
cmp real/a.itsup want

loose_file locked.itsup
loose_file before
chmod 444 locked.itsup
loose_file other.itsup
run 3 fmt locked.itsup other.itsup
has err 'cannot write locked.itsup'
cmp locked.itsup before
cmp other.itsup want
run 1 fmt --check locked.itsup

# Already as it should be: nothing is written, so nothing fails.
clean_file kept.itsup
chmod 444 kept.itsup
run 0 fmt kept.itsup

# Linked folders are not entered.
mkdir outside inside
loose_file outside/a.itsup
ln -s ../outside inside/link
ln -s .. inside/round
clean_file inside/b.itsup
run 0 fmt inside
cmp outside/a.itsup before
[ -z "$(find . -name '.itsupc*')" ]
