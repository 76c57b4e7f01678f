#!/bin/sh
# Unknown commands and flags, bad values: exit 2, with a suggestion, before any work.
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"

clean_file a.itsup
run 2
has err 'itsupc help'
run 2 chekc
has err 'did you mean check?'
run 2 check --formt json
has err 'did you mean --format?'
run 2 check --fromat=json
has err 'did you mean --format?'
run 2 check --emit ir
has err 'check has no flag --emit'
run 2 check -x
has err '-x'
run 2 check --format yaml
run 2 check --format jsno
has err 'did you mean json?'
run 2 check --format json:
run 2 check --format
has err 'needs a value'
run 2 check --color sometimes
run 2 check --quiet=yes
has err 'takes no value'
run 2 check --deny warning
run 2 check --deny E9999
run 2 check --allow E0201
run 2 check -j 0
run 2 check -j many
run 2 version extra
run 2 tokens
run 2 tokens a.itsup a.itsup
for version in 2.11 3 3. 3.8 3.7.10 3.7. latest ''; do
    run 2 check --traefik "$version" a.itsup
    has err 3.7.9
done
for version in 3.0 3.1.7 3.7 3.7.0 3.7.9 v3.3; do
    run 0 check --traefik "$version" a.itsup
done
empty out

# What works in which spelling.
run 0 check --color=never --format=text -q a.itsup
run 0 check --color never --format text -qj4 a.itsup
run 0 -q check a.itsup -j 4
run 0 --color never check -- a.itsup
mkdir sub
clean_file sub/-q
run 0 -C sub check -- -q
run 2 check -- -q
run 2 -C nowhere check
run 2 -C a.itsup check
