#!/bin/sh
# What a build writes: what changed alone, nothing of somebody else's, nothing outside, all or none.
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"

project() { # NAME PORT
    mkdir -p "w/projects/$1"
    printf 'https://%s.example.com -> web:%s\n' "$1" "$2" >"w/projects/$1/ingress.itsup"
    printf 'services:\n  web:\n    image: x\n' >"w/projects/$1/docker-compose.yml"
}
state() { # every file below out, with its text and times
    find out -type f -exec sha256sum {} + | LC_ALL=C sort -k 2
    find out -printf '%p %i %T@ %C@\n' | LC_ALL=C sort
}
a=out/upstream/a/docker-compose.yml
b=out/upstream/b/docker-compose.yml

project a 1000
project b 2000
build_is() { # as `run`, whose stream is a file named out: here that is the folder
    status=0
    wanted=$1
    shift
    "$ITSUPC" build "$@" >stdout 2>err || status=$?
    [ "$status" -eq "$wanted" ] || { echo "build $*: exit $status, wanted $wanted"; cat stdout err; exit 1; }
}

build_is 1 --check -o out w
has stdout '+++ b/upstream/a/docker-compose.yml'
[ ! -e out ]
build_is 0 -o out w
has "$a" 'server.port=1000'
has out/.itsupc/manifest 'upstream/a/docker-compose.yml'
(cd out && sed 1d .itsupc/manifest | sha256sum -c --quiet -)

# Again: not one file or folder is touched, not even opened for writing.
state >before
chmod -R a-w out
build_is 0 -o out w
build_is 0 --check -o out w
empty stdout
chmod -R u+w out
state | sed 's/ [0-9.]*$//' >after
sed 's/ [0-9.]*$//' before | cmp - after

# One source changes: one file does, and keeps its mode.
chmod 640 "$a"
stat -c %i "$b" >inode
project a 1001
build_is 1 --check -o out w
has stdout '-      - "traefik.http.services.a-web-1000.loadbalancer.server.port=1000"'
lacks stdout upstream/b
has "$a" port=1000
build_is 0 -o out w
has "$a" port=1001
[ "$(stat -c %a "$a")" = 640 ]
[ "$(stat -c %i "$b")" = "$(cat inode)" ]
[ ! -e out/.itsupc/stage ]

# Changed by hand: told, kept, and nothing else is written either.
echo '# mine' >>"$a"
project a 1002
project b 2002
state >before
build_is 1 -o out w
has err "$a was changed by hand; --force overwrites it"
has err 'nothing was written'
state | cmp - before
build_is 1 --check -o out w
build_is 0 --force -o out w
has "$a" port=1002
lacks "$a" '# mine'
has "$b" port=2002

# By hand, but what the build wants: no matter.
project b 2003
sed -i s/2002/2003/g "$b"
build_is 0 -o out w
build_is 0 --check -o out w

# No source any more: removed with its folder, unless somebody changed it.
project c 3000
project d 4000
build_is 0 -o out w
echo '# mine' >>out/upstream/d/docker-compose.yml
rm -r w/projects/c w/projects/d
build_is 1 --check -o out w
has stdout '--- a/upstream/c/docker-compose.yml'
build_is 0 -o out w
[ ! -e out/upstream/c ]
has out/upstream/d/docker-compose.yml '# mine'
has err 'out/upstream/d/docker-compose.yml has no source any more, but was changed by hand and stays'

# Some of the outputs alone: the others stay.
build_is 0 --emit static -o out w
[ -e "$a" ] && [ -e "$b" ]
build_is 0 --check -o out w

# A part of the workspace alone: the others stay, wherever one stands.
build_is 0 -o out w/projects/a
[ -e "$b" ]
(cd w && "$ITSUPC" build -o ../out projects/a)
[ -e "$b" ]
printf 'proxy main {\n}\n' >w/projects/proxy.itsup
"$ITSUPC" build -o out "$PWD/w/projects/a" 2>err
[ -e "$b" ]
rm w/projects/proxy.itsup
build_is 0 -o out w
build_is 0 --check -o out w

# Without the manifest what is there is foreign.
rm -r out/.itsupc
build_is 0 -o out w
rm -r out/.itsupc
project a 1003
build_is 1 -o out w
has err "$a was not written by itsupc; --force overwrites it"
build_is 0 --force -o out w

# With errors nothing is written.
state >before
project a 1004
bad_file w/projects/b/ingress.itsup
build_is 1 -o out w
state | cmp - before
project b 2003
build_is 0 -o out w

# Links are not followed: neither a file nor a folder, nor the manifest's.
mkdir outside
echo theirs >outside/docker-compose.yml
rm "$a"
ln -s "$PWD/outside/docker-compose.yml" "$a"
build_is 1 -o out w
has err "$a is a symlink, which is not followed; --force replaces it"
build_is 0 --force -o out w
[ ! -L "$a" ]
has outside/docker-compose.yml theirs
rm -r out/upstream/a
ln -s "$PWD/outside" out/upstream/a
project a 1005
build_is 1 --force -o out w
has err 'is behind a symlink, which is not followed'
has outside/docker-compose.yml theirs
rm out/upstream/a
build_is 0 -o out w
mv out/.itsupc moved
ln -s ../moved out/.itsupc
build_is 1 -o out w
has err 'is behind a symlink'
rm out/.itsupc
mv moved out/.itsupc

# Something else where a file or a folder belongs.
rm "$a"
mkdir "$a"
build_is 1 --force -o out w
has err 'is a folder or device where a file belongs'
rmdir "$a" out/upstream/a
echo x >out/upstream/a
build_is 1 --force -o out w
has err 'is behind a file where a folder belongs'
rm out/upstream/a

# A manifest that lies leads nowhere.
build_is 0 -o out w
hash=$(sha256sum outside/docker-compose.yml | cut -c 1-64)
printf '%s  ../outside/docker-compose.yml\n%s  /etc/passwd\nnonsense\n\001\n' "$hash" "$hash" >>out/.itsupc/manifest
build_is 0 -o out w
has outside/docker-compose.yml theirs

# A file that says it is not to be written.
chmod 444 "$a"
project a 1006
state >before
build_is 3 -o out w
has err "cannot write $a: it is read-only, or its folder is"
state | grep -v '/.itsupc\|^out ' >after
grep -v '/.itsupc\|^out ' before | cmp - after
[ ! -e out/.itsupc/stage ]
chmod 644 "$a"
build_is 0 -o out w

# The output folder may be a link itself, lie deep, or be missing with nothing to write.
ln -s out link
build_is 0 --check -o link w
build_is 0 -o deep/er/out w
build_is 0 --check -o deep/er/out/ w
diff -r --exclude=.itsupc out/upstream/a deep/er/out/upstream/a

# A folder that may not be written.
project a 1007
chmod -R a+rX w out
state >before
if [ "$(id -u)" -ne 0 ]; then chmod a-w out/upstream/a; fi
status=0
unprivileged "$ITSUPC" build -o "$PWD/out" w >stdout 2>err || status=$?
[ "$status" -eq 3 ] || { cat err; exit 1; }
[ "$(id -u)" -ne 0 ] || state | cmp - before

# What lies in files/ goes along: hidden, in folders, not text, to be run; and leaves again.
mkdir -p m/projects/a/files/sub
(
    cd m/projects/a
    printf 'services:\n  web:\n    image: x\n' >docker-compose.yml
    printf '\000\377' >files/.bytes
    printf 'echo\n' >files/sub/start.sh
    chmod +x files/sub/start.sh
)
build_is 0 -o mirror m
cmp m/projects/a/files/.bytes mirror/upstream/a/files/.bytes
[ -x mirror/upstream/a/files/sub/start.sh ]
[ ! -x mirror/upstream/a/files/.bytes ]
build_is 0 -o routers --emit routers m
[ ! -e routers/upstream ]
rm m/projects/a/files/.bytes
build_is 0 -o mirror m
[ ! -e mirror/upstream/a/files/.bytes ]

# A way out of the folder is no file of it, and then nothing is written.
ln -s /etc m/projects/a/files/etc
build_is 1 -o mirror m
has err projects/a/files/etc
build_is 0 --emit ir m
