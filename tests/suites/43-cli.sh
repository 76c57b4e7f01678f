# shellcheck shell=bash
# The command line: each tests/cli/*.sh is one test, in an empty folder of its own; tests/cli/lib.sh
# holds the words that they share.

needs_compiler cli || return 0
cli_lib=$PWD/tests/cli/lib.sh
cli() {
    local file=$PWD/$1 folder
    folder=$SCRATCH/$(basename "$1" .sh)
    mkdir -p "$folder"
    cd "$folder" || return
    env -u NO_COLOR -u TERM CLI_LIB="$cli_lib" timeout 120 sh "$file"
}
for file in tests/cli/*.sh; do
    [[ $file != */lib.sh ]] || continue
    check_here() { (cli "$file"); }
    check "cli/$(basename "$file" .sh)" check_here
done
