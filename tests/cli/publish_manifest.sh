#!/bin/sh
# What may stand in .itsupc/manifest: a file of any length, with lines that are none of ours.
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"

manifest=made/.itsupc/manifest
i=0
while [ $i -lt 400 ]; do # more than is read and written at once
    mkdir -p "w/projects/a-project-with-a-name-of-some-length-$i"
    printf 'https://p%s.example.com -> web:3000\n' $i >"w/projects/a-project-with-a-name-of-some-length-$i/ingress.itsup"
    printf 'services:\n  web:\n    image: x\n' >"w/projects/a-project-with-a-name-of-some-length-$i/docker-compose.yml"
    i=$((i + 1))
done
run 0 build -o made w
(cd made && sed 1d .itsupc/manifest | sha256sum -c --quiet -)
sed 1d $manifest | cut -c 67- | LC_ALL=C sort -c
cp $manifest first
again() { # the build takes what is there for its own, and says so as before
    run 0 build -o made w
    empty err
    cmp first $manifest
}
inode=$(stat -c %i $manifest)
again
[ "$(stat -c %i $manifest)" = "$inode" ]

# Unsorted, with lines of others, long ones, without a line end at the end.
{
    head -c 100000 /dev/zero | tr '\0' x
    printf '\n# from nowhere\n# from \n\nABCDEF  x\n'
    sed 1d first | LC_ALL=C sort
    printf '# an end'
} >$manifest
again

# Two texts of one path, as a build that was killed leaves it: either is ours.
file=made/upstream/a-project-with-a-name-of-some-length-7/docker-compose.yml
echo changed >$file
{
    cat first
    echo "$(sha256sum <$file | cut -c -64)  ${file#made/}"
} >$manifest
again
has $file p7.example.com

# Without its lines, what differs is somebody else's.
echo changed >$file
head -n 1 first >$manifest
run 1 build -o made w
has err "$file"
has $file changed
[ "$(cat $manifest)" = "$(head -n 1 first)" ]
