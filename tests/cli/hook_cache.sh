#!/bin/sh
# The script form of the hooks builds once per state of the sources, whatever checkout they lie in; what failed is
# tried again and leaves nothing. The builder here only counts.
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"
root=$(CDPATH='' cd -- "$(dirname -- "$CLI_LIB")/../.." && pwd)

mkdir -p one/editors/pre-commit one/compiler one/grammar one/docs/diagnostics bin
cp "$root/editors/pre-commit/itsupc" one/editors/pre-commit/
echo 'int main(void);' >one/compiler/main.c
echo 'project(x)' >one/CMakeLists.txt
echo readme >one/README.md
cp -r one two
cat >bin/cmake <<'SH'
#!/bin/sh
case $1 in
-S) echo "$2" >>"$COUNT" && mkdir -p "$4" ;;
--build)
    [ ! -e "$FAIL" ] || { echo "no luck"; exit 1; }
    printf '#!/bin/sh\necho "built: $*"\n' >"$2/itsupc"
    chmod +x "$2/itsupc"
    ;;
esac
SH
chmod +x bin/cmake
for tool in cc flex bison; do
    printf '#!/bin/sh\n' >bin/$tool
    chmod +x bin/$tool
done
PATH=$PWD/bin:$PATH XDG_CACHE_HOME=$PWD/cache COUNT=$PWD/count FAIL=$PWD/fail
export PATH XDG_CACHE_HOME COUNT FAIL
: >count

hook() { # WANTED-STATUS CHECKOUT WORD...: leaves ./out and ./err
    wanted=$1 checkout=$2
    shift 2
    status=0
    "$checkout/editors/pre-commit/itsupc" "$@" >out 2>err || status=$?
    expect_status "$wanted" "$status" "hook $*"
}
builds() {
    [ "$(wc -l <count)" -eq "$1" ] && return
    echo "$(wc -l <count) builds, wanted $1"
    exit 1
}

: >fail
hook 3 ./one check a.itsup
has err 'no luck'
[ -z "$(ls cache/itsupc)" ]
rm fail count
: >count

hook 0 ./one check a.itsup
has out 'built: check a.itsup'
hook 0 ./one fmt b.itsup
has out 'built: fmt b.itsup'
builds 1
hook 0 ./two check a.itsup # the same state elsewhere
builds 1
echo more >>two/README.md # no source of the program
hook 0 ./two check a.itsup
builds 1
echo '/* changed */' >>two/compiler/main.c
hook 0 ./two check a.itsup
builds 2
hook 0 ./one check a.itsup # the first state is still there
builds 2
touch one/compiler/main.c
hook 0 ./one check a.itsup
builds 2
[ "$(find cache/itsupc -mindepth 1 -maxdepth 1 | wc -l)" -eq 2 ]

# Several at once.
echo '/* again */' >>one/compiler/main.c
for n in 1 2 3; do ./one/editors/pre-commit/itsupc check $n >said.$n & done
wait
for n in 1 2 3; do has said.$n "built: check $n"; done
[ "$(find cache/itsupc -mindepth 1 -maxdepth 1 | wc -l)" -eq 3 ]

# Without the compiler it says what is missing.
rm bin/flex
echo '/* last */' >>one/compiler/main.c
mkdir empty
for tool in sh find sort tr xargs sha256sum cut dirname mkdir mktemp rm cat; do ln -sf "$(command -v $tool)" empty/; done
status=0
PATH=$PWD/empty:$PWD/bin ./one/editors/pre-commit/itsupc check a >out 2>err || status=$?
expect_status 3 "$status" "hook without flex"
has err 'flex is missing'
