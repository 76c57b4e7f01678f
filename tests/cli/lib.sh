# Words that the scripts here share; source it with: . "$CLI_LIB"
# shellcheck shell=sh

# run WANTED-STATUS ARGUMENTS...: leaves standard output in ./out, standard error in ./err.
run() {
    wanted=$1
    shift
    status=0
    "$ITSUPC" "$@" >out 2>err || status=$?
    expect_status "$wanted" "$status" "$*"
}

expect_status() {
    [ "$1" -eq "$2" ] && return
    echo "itsupc $3: exit $2, wanted $1"
    echo "--- out"
    cat out
    echo "--- err"
    cat err
    exit 1
}

has() { # FILE TEXT: the file holds the text
    grep -qF -e "$2" "$1" && return
    echo "$1 lacks: $2"
    cat "$1"
    exit 1
}

lacks() {
    grep -qF -e "$2" "$1" || return 0
    echo "$1 holds: $2"
    cat "$1"
    exit 1
}

empty() {
    [ ! -s "$1" ] && return
    echo "$1 is not empty:"
    cat "$1"
    exit 1
}

clean_file() { # a route without fault, laid out
    printf 'https://shop.example.com -> web:3000\n' >"$1"
}

loose_file() { # the same, to be laid out
    printf 'https://shop.example.com    ->   web:3000\n' >"$1"
}

bad_file() { # one error, E0201, laid out
    printf 'ftp://shop.example.com -> web:3000\n' >"$1"
}

broken_file() { # a syntax error, then a route to lay out
    printf 'https://a.example.com -> -> web:3000\nhttps://b.example.com    ->   web:3000\n' >"$1"
}

# Runs a command as somebody whom file modes stop.
unprivileged() {
    if [ "$(id -u)" -ne 0 ]; then
        "$@"
    else
        setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
    fi
}

need_unprivileged() {
    [ "$(id -u)" -ne 0 ] && return
    chmod 755 . .. 2>/dev/null || :
    unprivileged test -x "$ITSUPC" -a -r . 2>/dev/null || exit 77
}
