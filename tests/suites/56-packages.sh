# shellcheck shell=bash
# The packages that cpack makes: what lintian says of the .deb, and that it runs in an empty root.

needs packages cpack || return 0
needs_build packages release || return 0
needs_compiler packages || return 0
if ! (cd build && cpack -G 'DEB;TGZ' -B "$SCRATCH/made") >"$SCRATCH/cpack" 2>&1; then
    fail packages/made "$SCRATCH/cpack"
    return 0
fi
pass packages/made
deb=$(echo "$SCRATCH"/made/itsupc_*.deb)
archive=$(echo "$SCRATCH"/made/itsupc-*.tar.gz)

clean() {
    local said
    said=$(lintian --allow-root "$1" 2>/dev/null) || true
    [[ -z $said ]] || { echo "$said"; return 1; }
}
! needs packages/lintian lintian || check packages/lintian clean "$deb"

tar -tzf "$archive" >"$SCRATCH/names"
check packages/archive grep -q '/bin/itsupc$' "$SCRATCH/names"

# An empty root: the package, and the libraries that it depends on.
in_empty_root() {
    local root=$SCRATCH/root library
    mkdir -p "$root"
    dpkg-deb -x "$deb" "$root"
    while read -r library; do
        mkdir -p "$root${library%/*}"
        cp -L "$library" "$root$library"
    done < <(ldd "$root/usr/bin/itsupc" | grep -oE '/[^ ]+')
    printf 'https://shop.example.com -> web:3000\n' >"$root/shop.itsup"
    chroot "$root" /usr/bin/itsupc check /shop.itsup
}
if [[ $(id -u) != 0 ]]; then
    skip packages/empty-root "only root may chroot"
elif needs packages/empty-root dpkg-deb ldd; then
    check packages/empty-root in_empty_root
fi
