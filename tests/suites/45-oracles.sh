# shellcheck shell=bash
# Other programs that know the truth: each tests/oracle/*.sh BUILD_DIR compares the compiler with one
# of them, and leaves with 77 where that program is missing.

build_folder=$PWD/$ITSUPC_BUILD
needs_build oracle release || return 0
found=false
for file in tests/oracle/*.sh; do
    [[ -e $file ]] || continue
    found=true
    check "oracle/$(basename "$file" .sh)" timeout 300 "$file" "$build_folder"
done
[[ $found == true ]] || skip oracle "tests/oracle holds no script"
