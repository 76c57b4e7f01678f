# shellcheck shell=bash
# Our scripts, those of the tests included.

needs shellcheck shellcheck || return 0
while read -r file; do
    check "shellcheck/$file" shellcheck --external-sources "$file"
done < <(our_scripts)
