#!/bin/sh
# A build that is killed at any moment leaves each file old or new, and the next one goes on.
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"

world() { # PORT
    i=0
    while [ $i -lt 40 ]; do
        mkdir -p "w/projects/p$i"
        printf 'https://p%s.example.com -> web:%s\n' $i "$1" >"w/projects/p$i/ingress.itsup"
        printf 'services:\n  web:\n    image: x\n' >"w/projects/p$i/docker-compose.yml"
        i=$((i + 1))
    done
}
outputs() { # FOLDER: the text of each file that we promise something about
    (cd "$1" && find . -type f ! -path './.itsupc/*' -exec sha256sum {} + | LC_ALL=C sort)
}

for port in 1000 2000; do
    world $port
    "$ITSUPC" build -q -o "want$port" w
    outputs "want$port" >"$port.sums"
done
sort -u 1000.sums 2000.sums >either
cp -r want1000 dest

round=0 killed=0
while [ $round -lt 60 ]; do
    if [ $((round % 2)) -eq 0 ]; then port=2000; else port=1000; fi
    world $port
    # In the foreground a signal would stop this script, too.
    "$ITSUPC" build -q -j $((round % 3 + 1)) -o dest w >/dev/null 2>&1 &
    pid=$!
    sleep "0.0$(printf %03d $((round * 7 % 40)))"
    kill -KILL $pid 2>/dev/null || :
    status=0
    wait $pid 2>/dev/null || status=$?
    [ $status -eq 0 ] || killed=$((killed + 1))
    outputs dest >now
    if ! comm -13 either now | cmp -s - /dev/null; then
        echo "round $round left something that is neither old nor new:"
        comm -13 either now
        exit 1
    fi
    [ "$(wc -l <now)" -eq "$(wc -l <1000.sums)" ]
    round=$((round + 1))
done
echo "$killed of $round were killed in time"

# Nothing of that looks as if somebody had changed it by hand, and nothing stays behind.
world 3000
"$ITSUPC" build -q -o dest w
"$ITSUPC" build -q --check -o dest w
"$ITSUPC" build -q -o fresh w
diff -r dest fresh

# Killed when all but the sweeping was done: the next build sweeps, though it has nothing to write.
mkdir -p dest/.itsupc/stage/3
echo old >dest/.itsupc/stage/3/1
echo old >dest/.itsupc/stage/7.old
"$ITSUPC" build -q --check -o dest w
"$ITSUPC" build -q -o dest w
diff -r dest fresh
