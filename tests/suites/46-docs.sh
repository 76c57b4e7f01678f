# shellcheck shell=bash
# The manual agrees with the compiler: every code has its page and a test that shows its message, the
# pages quote that message, and what docs/language.md takes from the tables is what they say today.

# What a page of docs/diagnostics must hold, as headings.
sections=('## Example' '## Message' '## Instead' '## At run time')

needs docs python3 || return 0

codes() {
    sed -n 's/^CODE([A-Z0-9_]*, "\([A-Z][0-9]*\)".*/\1/p' compiler/source/codes.def
}

# The codes that some test pins: a golden's message, or a command-line test where a golden cannot
# (a file of 64 MiB, one that may not be read).
grep -rhoE '\[[A-Z][0-9]{3,4}\]' --include=diag tests/golden 2>/dev/null | tr -d '[]' | sort -u >"$SCRATCH/pinned" || true
grep -hoE '\b[A-Z][0-9]{3,4}\b' tests/cli/*.sh 2>/dev/null | sort -u >>"$SCRATCH/pinned" || true

codes >"$SCRATCH/codes"
for code in $(<"$SCRATCH/codes"); do
    page=docs/diagnostics/$code.md
    if [[ ! -f $page ]]; then
        fail "docs/page-$code" - <<<"$page is missing"
    else
        lacks=''
        for section in "${sections[@]}"; do
            grep -qxF -- "$section" "$page" || lacks+="$page has no \"$section\""$'\n'
        done
        if [[ -n $lacks ]]; then fail "docs/page-$code" - <<<"$lacks"; else pass "docs/page-$code"; fi
    fi
    if grep -qx "$code" "$SCRATCH/pinned"; then
        pass "docs/golden-$code"
    else
        fail "docs/golden-$code" - <<<"no expectation \`diag\` below tests/golden shows $code"
    fi
done

for page in docs/diagnostics/*.md; do
    code=$(basename "$page" .md)
    [[ -e $page && $code != README ]] || continue
    grep -qx "$code" "$SCRATCH/codes" || fail "docs/page-$code" - <<<"$page explains a code that codes.def does not have"
done

told "docs: pains" python3 tests/pains.py
check docs/links python3 tests/links.py README.md docs

needs_compiler docs/reference || return 0
told "docs: pages" python3 tests/pages.py -b "$ITSUPC_BUILD"
told "docs: readme" python3 tests/readme.py -b "$ITSUPC_BUILD"
if [[ -f docs/language.md ]]; then
    check docs/reference tests/reference.sh -b "$ITSUPC_BUILD"
else
    fail docs/reference - <<<"docs/language.md is missing"
fi
