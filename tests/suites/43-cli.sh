# shellcheck shell=bash
# The command line: each tests/cli/*.sh is one test, in an empty folder of its own, and knows the
# compiler as $ITSUPC and the repository as $ROOT.

needs_compiler cli || return 0
export ROOT=$PWD
for file in tests/cli/*.sh; do
    name=$(basename "$file" .sh)
    mkdir -p "$SCRATCH/$name"
    # shellcheck disable=SC2016 # the inner shell's
    check "cli/$name" timeout 60 bash -euo pipefail -c 'cd "$1"; . "$ROOT/tests/cli.sh"; . "$ROOT/$2"' cli "$SCRATCH/$name" "$file"
done
