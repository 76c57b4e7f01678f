#!/bin/sh
# -j N: a build in parts makes what a build in one piece makes, and tells the same.
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"

world() { # PORT
    i=0
    while [ $i -lt 30 ]; do
        mkdir -p "w/projects/p$i"
        printf 'https://p%s.example.com -> web:%s\n' $i "$1" >"w/projects/p$i/ingress.itsup"
        printf 'services:\n  web:\n    image: x\n' >"w/projects/p$i/docker-compose.yml"
        i=$((i + 1))
    done
    printf 'proxy main {\n}\n' >w/projects/proxy.itsup
}

world 1000
run 0 build -j 1 -o one w
for jobs in 2 3 16 100; do
    run 0 build -j $jobs -o "made$jobs" w
    diff -r one "made$jobs"
    run 0 build -j $jobs -o "made$jobs" w
    run 0 build -j $jobs --check -o "made$jobs" w
    empty out
done

# Some change, some stay, one is new, one goes.
world 2000
printf 'https://p7.example.com -> web:1000\n' >w/projects/p7/ingress.itsup
mkdir w/projects/extra
cp w/projects/p7/docker-compose.yml w/projects/extra
printf 'https://extra.example.com -> web:1\n' >w/projects/extra/ingress.itsup
rm -r w/projects/p29
run 0 build -j 1 -o one w
run 0 build -j 3 -o made3 w
diff -r one made3
[ ! -e made3/upstream/p29 ] && [ -e made3/upstream/extra ]

# What only shows while a part is made is told as ever, and then nothing is written.
printf 'services:\n  web:\n    image: x\n    labels: {traefik.enable: "false"}\n' >w/projects/p28/docker-compose.yml
world 3000
printf 'services:\n  web:\n    image: x\n    labels: {traefik.enable: "false"}\n' >w/projects/p28/docker-compose.yml
find made3 -type f -exec sha256sum {} + | LC_ALL=C sort >before
run 1 build -j 1 -o one w
mv err wanted
has wanted traefik.enable
for jobs in 2 5; do
    run 1 build -j $jobs -o made3 w
    cmp wanted err
    run 1 build -j $jobs -o fresh w
    cmp wanted err
    [ ! -e fresh ]
done
find made3 -type f -exec sha256sum {} + | LC_ALL=C sort | cmp before -

# What stands in the way is told in one order.
world 3000
for i in 3 9 27; do echo '# mine' >>"made3/upstream/p$i/docker-compose.yml"; done
run 1 build -j 1 -o made3 w
mv err wanted
has wanted 'was changed by hand'
run 1 build -j 4 -o made3 w
cmp err wanted
