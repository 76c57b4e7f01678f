# shellcheck shell=bash
# .clang-format decides how our C looks; generated code is excused.

needs format clang-format-14 || return 0
while read -r file; do
    if clang-format-14 --dry-run -Werror "$file" >/dev/null 2>&1; then
        pass "format/$file"
    else
        {
            echo "clang-format-14 -i $file"
            clang-format-14 "$file" | diff "$file" - | head -n 12 || true
        } 2>&1 | fail "format/$file" -
    fi
done < <(our_c_files)
