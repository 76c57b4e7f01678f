# shellcheck shell=bash
# What the tests of tests/cli may use. Each runs in an empty folder, under set -e.

# expect STATUS COMMAND...: runs it, keeping ./out and ./err; ends the test on any other status.
expect() {
    local want=$1 got=0
    shift
    "$@" >out 2>err || got=$?
    [[ $got == "$want" ]] || wrong "status $got, not $want: $*"
}

# holds FILE TEXT, lacks FILE TEXT, empty FILE, same FILE FILE
holds() { grep -qF -- "$2" "$1" || wrong "$1 does not hold: $2"; }
lacks() { ! grep -qF -- "$2" "$1" || wrong "$1 holds: $2"; }
empty() { [[ ! -s $1 ]] || wrong "$1 is not empty"; }
same() { cmp -s "$1" "$2" || wrong "$1 and $2 differ: $(diff "$1" "$2" | head -n 20)"; }

wrong() {
    echo "$1"
    for file in out err; do
        [[ ! -s $file ]] || { echo "---- $file"; head -c 2000 "$file"; }
    done
    exit 1
}

# A file without a finding, one with one warning, one with one error.
good() { printf 'https://shop.example.com -> web:3000\n'; }
suspect() { printf 'https://shop.example.com | allow(10.0.0.1/8) -> web:3000\n'; }
bad() { printf 'tls://db.example.com:5432/app -> postgres:5432\n'; }
