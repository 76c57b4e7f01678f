# shellcheck shell=bash
# Every code has its page; a code that no one knows is an error that helps.
while read -r code; do
    expect 0 "$ITSUPC" explain "$code"
    empty err
    holds out "$code"
done < <(sed -n 's/^CODE([A-Z0-9_]*, "\([A-Z][0-9]*\)".*/\1/p' "$ROOT/compiler/source/codes.def")
cp out last
expect 2 "$ITSUPC" explain E9999
empty out
holds err E9999
