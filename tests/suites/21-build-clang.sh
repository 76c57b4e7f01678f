# shellcheck shell=bash
# A second compiler with its own opinions.

needs build/clang clang || return 0
log=$(build_log clang)
if ! build clang; then
    fail_build build/clang clang
elif grep -E '\bwarning\b' "$log" >"$SCRATCH/warnings"; then
    fail build/clang "$SCRATCH/warnings"
else
    pass build/clang
fi
