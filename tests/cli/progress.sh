#!/bin/sh
# -v tells how far long work is on a terminal alone, in one line that is gone when something else is written.
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"
command -v python3 >/dev/null || { echo "python3 is missing"; exit 77; }

n=0
mkdir many few
clean_file few/a.itsup
while [ $n -lt 200 ]; do
    n=$((n + 1))
    printf 'https://h%d.example.com -> 10.0.0.1:3000\n' $n >many/h$n.itsup
done
cat >terminal.py <<'PY'
import os, pty, sys
child, fd = pty.fork()
if child == 0:
    os.execv(sys.argv[1], sys.argv[1:])
said = b''
while True:
    try:
        part = os.read(fd, 65536)
    except OSError:
        break
    if not part:
        break
    said += part
sys.stdout.buffer.write(said)
PY
on_terminal() { TERM=xterm python3 terminal.py "$ITSUPC" "$@" >seen; }

for command in check 'build --check' 'fmt --check'; do
    # shellcheck disable=SC2086 # words, on purpose
    {
        on_terminal -C many $command -v
        has seen ' files read'
        printf '\r\033[K' >erased
        has seen "$(cat erased)"
        # Whatever is behind the last line of progress begins with its erasure.
        python3 - <<'PY' || { cat -v seen | tail -c 300; exit 1; }
import sys
text = open('seen', 'rb').read()
_, last = text.rsplit(b' files read', 1)
sys.exit(b'\r\x1b[K' not in last)
PY
        on_terminal -C many $command
        lacks seen ' files read'
        on_terminal -C few $command -v
        lacks seen ' files read'
        TERM=dumb python3 terminal.py "$ITSUPC" -C many $command -v >seen
        lacks seen ' files read'
        "$ITSUPC" -C many $command -v >out 2>err || :
        lacks err ' files read'
    }
done
