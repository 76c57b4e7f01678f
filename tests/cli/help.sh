# shellcheck shell=bash
# Every command is told of, and explains itself.
expect 0 "$ITSUPC" help
empty err
cp out help
for command in check fmt build explain help version; do
    holds help "$command"
    expect 0 "$ITSUPC" help "$command"
    holds out "$command"
    expect 0 "$ITSUPC" "$command" --help
done
# The developers' own commands are not for the list.
lacks help 'itsupc tokens'
