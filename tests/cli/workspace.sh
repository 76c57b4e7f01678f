#!/bin/sh
# What a folder holds: a tree of projects, or one program; names start at the workspace.
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"

run 0 check
has err 'no ingress files in .'
run 0 check --quiet
empty err
run 0 check --format json
has out '"files":0'

mkdir -p tree/projects/shop tree/projects/.hidden tree/projects/bare tree/other
bad_file tree/projects/shop/ingress.itsup
bad_file tree/projects/shop/more.itsup
bad_file tree/projects/.hidden/ingress.itsup
bad_file tree/other.itsup
printf 'services: { web: { image: nginx } }\n' >tree/projects/shop/docker-compose.yml
run 1 check tree
has err ' projects/shop/ingress.itsup:1:1'
has err ' projects/shop/more.itsup:1:1' # not read, which is told
has err ' other.itsup:1:1'
test "$(grep -c "^warning.E0124" err)" = 2
test "$(grep -c "^error.E0201" err)" = 1
lacks err hidden
for how in '-C tree check' '-C tree check .' '-C tree check ./' 'check ./tree/' "check $PWD/tree"; do
    # shellcheck disable=SC2086
    run 1 $how
    has err ' projects/shop/ingress.itsup:1:1'
done
cd tree/projects
"$ITSUPC" check ../../tree >../../out 2>../../err || :
cd ../..
has err ' projects/shop/ingress.itsup:1:1'

# Several paths: the current folder is the workspace.
run 1 check tree tree/other.itsup
has err ' tree/projects/shop/ingress.itsup:1:1'
has err ' tree/other.itsup:1:1'
run 1 check "$PWD/tree/other.itsup" tree//./other.itsup
[ "$(grep -c 'E0201' err)" -le 2 ]
has err ' tree/other.itsup:1:1'

# One folder, one program.
mkdir repo
clean_file repo/a.itsup
bad_file repo/b.itsup
bad_file repo/notes.txt
run 1 check repo
has err ' b.itsup:1:1'
lacks err notes
run 0 check repo/a.itsup
