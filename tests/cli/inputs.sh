#!/bin/sh
# Only regular files are read; anything else is one finding, and never a hang.
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"

clean_file good.itsup
run 2 check missing.itsup gone/a.itsup
has err missing.itsup
has err gone/a.itsup
empty out
run 2 check good.itsup/
run 2 check ''
run 2 fmt missing.itsup
run 2 tokens missing.itsup
ln -s nowhere dangling.itsup
run 2 check dangling.itsup

mkfifo pipe.itsup
for command in check 'build --emit ir' fmt 'fmt --check' tokens ast; do
    # shellcheck disable=SC2086
    for input in pipe.itsup /dev/null /dev/zero; do
        run 1 $command $input
        has err "$input"
    done
done
run 1 tokens .
mkdir folder.itsup
rm pipe.itsup dangling.itsup
run 0 check .
has err 'folder.itsup is a folder, and passed over'
run 0 check . --quiet
lacks err folder.itsup

# What the folder of a program holds instead of a file is told the same way.
mkdir work
mkfifo work/pipe.itsup
run 1 check work
has err pipe.itsup:1:1
run 1 fmt work
rm work/pipe.itsup
ln -s ../good.itsup work/link.itsup
run 0 check work
