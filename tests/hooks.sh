#!/usr/bin/env bash
# The hooks of .pre-commit-hooks.yaml by `pre-commit try-repo`, on a clean and on a bad repository.
# usage: tests/hooks.sh PROGRAM system|src    status 77: something is missing, and the last line says what
set -euo pipefail
program=$(realpath "$1") kind=$2
cd "$(dirname "$0")/.."
for tool in pre-commit git; do
    command -v "$tool" >/dev/null || { echo "tool $tool is missing"; exit 77; }
done
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export HOME=$scratch/home XDG_CACHE_HOME=$scratch/cache PRE_COMMIT_HOME=$scratch/pre-commit LC_ALL=C.UTF-8
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.com GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.com
export GIT_CONFIG_NOSYSTEM=1
mkdir -p "$HOME" "$scratch/bin"
git config --global init.defaultBranch main
git config --global --add safe.directory '*'
suffix=''
if [[ $kind == system ]]; then
    ln -s "$program" "$scratch/bin/itsupc"
    PATH=$scratch/bin:$PATH
else
    suffix=-src
    export CMAKE_BUILD_TYPE=Debug # the quickest to build
fi

# The hooks as a repository of their own: what is tracked here, as it is now.
hooks=$scratch/hooks
mkdir "$hooks"
git ls-files -z --cached --others --exclude-standard -- .pre-commit-hooks.yaml CMakeLists.txt LICENSE \
    README.md compiler grammar runtime docs editors |
    while IFS= read -r -d '' file; do [[ ! -e $file ]] || printf '%s\0' "$file"; done |
    xargs -0 cp --parents -t "$hooks"
git -C "$hooks" init -q
git -C "$hooks" add -A
git -C "$hooks" commit -qm hooks

try() { # WANTED-STATUS HOOK
    local status=0
    pre-commit try-repo "$hooks" "$2$suffix" --all-files >"$scratch/said" 2>&1 || status=$?
    if ((status != $1)); then
        echo "$2$suffix in $PWD: status $status, wanted $1"
        cat "$scratch/said"
        exit 1
    fi
}
repo() { # NAME: an empty repository, entered
    mkdir "$scratch/$1"
    cd "$scratch/$1"
    git init -q
}
commit() { git add -A && git commit -qm files; }

repo clean
mkdir lib
printf 'middleware slow = rate(1/s)\n' >shared.itsup # one program with its neighbour
printf 'https://shop.example.com | slow -> web:3000\n' >shop.itsup
printf 'services:\n  web:\n    image: x\n' >compose.yml
commit
try 0 itsupc-check
try 0 itsupc-fmt
try 0 itsupc-build # no output is tracked
[[ -z $(git status --porcelain) ]]

# Outputs that are tracked must be fresh.
"$program" build -q >/dev/null
printf '/.itsupc/\n' >.gitignore
commit
try 0 itsupc-build
printf 'https://shop.example.com | slow -> web:4000\n' >shop.itsup
commit
try 1 itsupc-build
grep -q '^+.*4000' "$scratch/said"

repo bad
printf 'ftp://shop.example.com ->   web:3000\n' >bad.itsup
commit
try 1 itsupc-check
grep -q 'E0201' "$scratch/said"
try 1 itsupc-build
grep -q 'E0201' "$scratch/said"
printf 'https://shop.example.com ->   web:3000\n' >bad.itsup
commit
try 1 itsupc-fmt
grep -q 'files were modified' "$scratch/said"
grep -qx 'https://shop.example.com -> web:3000' bad.itsup

# Only what is at stake is read: a broken file elsewhere stops no commit.
repo apart
mkdir a b
printf 'https://a.example.com -> web:3000\n' >a/a.itsup
printf 'ftp://b.example.com -> web:3000\n' >b/b.itsup
commit
pre-commit try-repo "$hooks" "itsupc-check$suffix" --files a/a.itsup >"$scratch/said" 2>&1 ||
    { cat "$scratch/said"; exit 1; }

if [[ $kind == src ]]; then
    built=("$XDG_CACHE_HOME"/itsupc/*)
    [[ ${#built[@]} == 1 && -x ${built[0]}/itsupc ]] || { echo "not built once: ${built[*]}"; exit 1; }
fi
