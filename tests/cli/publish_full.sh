#!/bin/sh
# A disk that is full, or a limit that is reached: status 3, the old outputs as they were, nothing beside.
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"

world() { # PORT COUNT
    i=0
    while [ $i -lt "$2" ]; do
        mkdir -p "w/projects/p$i"
        printf 'https://p%s.example.com -> web:%s\n' $i "$1" >"w/projects/p$i/ingress.itsup"
        printf 'services:\n  web:\n    image: x\n' >"w/projects/p$i/docker-compose.yml"
        i=$((i + 1))
    done
}
listing() { (cd "$1" && find . -exec stat -c '%n %i %s %Y' {} + | LC_ALL=C sort | grep -v '^./.itsupc \|^. '); }

# A file may not grow beyond a block; the signal that comes with that is not ours to handle.
world 1000 3
"$ITSUPC" build -q -o out w
listing out >before
world 2000 3
status=0
(
    trap '' XFSZ
    ulimit -f 1
    exec "$ITSUPC" build -q -o out w
) >stdout 2>err || status=$?
[ $status -eq 3 ] || { echo "exit $status"; cat err; exit 1; }
has err 'cannot write out/'
listing out | cmp - before
"$ITSUPC" build -q -o out w

# A real disk.
mkdir disk
if [ "$(id -u)" -ne 0 ] || ! mount -t tmpfs -o size=256k none disk 2>/dev/null; then
    echo "only root can mount a small disk"
    exit 77
fi
trap 'umount "$PWD/disk"' EXIT
world 1000 20
"$ITSUPC" build -q -o disk/out w
listing disk/out >before
world 2000 20
head -c 300000 /dev/zero >disk/filler 2>/dev/null || :
status=0
"$ITSUPC" build -q -o disk/out w >stdout 2>err || status=$?
[ $status -eq 3 ] || { echo "exit $status"; cat err; exit 1; }
has err 'No space left on device'
listing disk/out | cmp - before
# Nothing at all fits.
status=0
"$ITSUPC" build -q -o disk/second/out w >stdout 2>err || status=$?
[ $status -eq 3 ] || { echo "exit $status"; cat err; exit 1; }
[ ! -e disk/second ]
rm disk/filler
"$ITSUPC" build -q -o disk/out w
"$ITSUPC" build -q --check -o disk/out w
