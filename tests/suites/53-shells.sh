# shellcheck shell=bash
# Completions, in the shells themselves, and the pages of the manual, by three programs that read them.

needs shells python3 || return 0
needs_compiler shells || return 0

for shell in bash zsh fish; do needs "completions/$shell" "$shell" || true; done
told "shells: completions" python3 tests/completions.py -b "$ITSUPC_BUILD"
check completions/bash-shellcheck bash -c "\"$ITSUPC\" completion bash | shellcheck -s bash -"

silent() { # COMMAND...: says nothing, as where there is no warning
    local said
    said=$("$@" 2>&1) || { echo "$said"; return 1; }
    [[ -z $said ]] || { echo "$said"; return 1; }
}

for page in itsupc.1 itsup.5; do
    "$ITSUPC" manual "${page##*.}" >"$SCRATCH/$page"
    ! needs "manual/$page-mandoc" mandoc ||
        check "manual/$page-mandoc" silent mandoc -T lint -W warning "$SCRATCH/$page"
    ! needs "manual/$page-groff" groff ||
        check "manual/$page-groff" silent groff -man -Tutf8 -ww -z "$SCRATCH/$page"
    ! needs "manual/$page-man" man lexgrog || {
        read_page() { MANWIDTH=80 man --warnings -l "$1" >/dev/null; }
        check "manual/$page-man" silent read_page "$SCRATCH/$page"
        check "manual/$page-whatis" lexgrog "$SCRATCH/$page"
    }
done
all_verbs() {
    "$ITSUPC" help | sed -n '/^Commands$/,/^$/s/^  \([a-z]*\) .*/\1/p' | while read -r verb; do
        grep -q "^.SS \"itsupc $verb\"" "$SCRATCH/itsupc.1" || { echo "$verb is not in itsupc(1)"; return 1; }
    done
}
check manual/every-command all_verbs
