#!/bin/sh
# completion, words and the manual answer on standard output.
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"

for shell in bash zsh fish; do
    run 0 completion "$shell"
    has out "itsupc completion $shell"
    empty err
done
run 2 completion basch
has err 'did you mean bash?'
run 2 completion powershell
has err 'bash, zsh and fish'
run 2 completion
run 2 completion bash zsh
run 0 words
for class in keyword mode declaration setting word middleware type matcher; do
    grep -q "^$class	" out
done
cut -f1,2 out | sort | uniq -d >twice
empty twice
run 0 manual 1
has out '.TH ITSUPC 1'
run 0 manual 5
has out '.TH ITSUP 5'
run 2 manual 2
run 0 help
lacks out manual
