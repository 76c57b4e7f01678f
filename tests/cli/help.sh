#!/bin/sh
# help, --help, version and explain answer on standard output.
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"

run 0 help
verbs=$(sed -n '/^Commands$/,/^$/s/^  \([a-z]*\) .*/\1/p' out)
[ "$(echo "$verbs" | wc -l)" -ge 15 ]
for verb in $verbs; do
    "$ITSUPC" help "$verb" >one 2>err
    "$ITSUPC" "$verb" --help >two
    "$ITSUPC" -h "$verb" >three
    # A word of the language of the same name is told behind the command.
    head -n "$(wc -l <two)" one | cmp - two
    cmp two three
    has one Examples
    # What the examples type is understood: with --help at their end it is explained.
    sed -n '/^Examples$/,$s/^  itsupc //p' two | sed 's/ [|<>].*//' >examples
    [ -s examples ]
    while read -r example; do
        # shellcheck disable=SC2086 # words, on purpose
        run 0 $example --help
        [ "$verb" = help ] || cmp out two
    done <examples
done
run 0 help
lacks out tokens
run 0 --help
has out Commands
run 0 version
grep -Eqx 'itsupc [0-9]+\.[0-9]+\.[0-9]+' out
cp out version
for how in --version -V 'check --version'; do
    # shellcheck disable=SC2086
    run 0 $how
    cmp out version
done
run 2 help chek
has err 'did you mean check?'
run 0 help --reference
[ -s out ]
run 0 help rate-limit
[ -s out ]

run 0 explain
has out E0201
run 0 explain E0201
[ -s out ]
cp out page
run 0 explain e0201
cmp out page
run 2 explain E0210x
has err 'did you mean'
run 2 explain nonsense-word
run 2 explain E0201 E0101
