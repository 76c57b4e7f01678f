# shellcheck shell=bash
# Other programs that know the truth: each tests/oracle/*.sh BUILD_DIR compares one of our programs
# there (tests/oracle/*.c) with them, and leaves with 77 where they are missing.

needs oracle header:cmocka.h || return 0
needs_build oracle sanitize || return 0
build_folder=$PWD/build-sanitize
found=false
for file in tests/oracle/*.sh; do
    [[ -e $file ]] || continue
    found=true
    check "oracle/$(basename "$file" .sh)" timeout 300 "$file" "$build_folder"
done
[[ $found == true ]] || skip oracle "tests/oracle holds no script"
