# shellcheck shell=bash
# The packages that cpack makes: what lintian says of the .deb, and that .deb, .rpm and the static program run in an
# empty root.

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

# An empty root: the package, by dpkg itself, and the libraries that it depends on.
libraries_into() { # ROOT
    local library
    while read -r library; do
        mkdir -p "$1${library%/*}"
        cp -L "$library" "$1$library"
    done < <(ldd "$1/usr/bin/itsupc" | grep -oE '/[^ ]+')
}
runs_in() { # ROOT PROGRAM
    printf 'https://shop.example.com -> 10.0.0.5:3000\n' >"$1/shop.itsup"
    chroot "$1" "$2" check /shop.itsup
    chroot "$1" "$2" build -o /out /shop.itsup
    grep -q 'Host(.shop\.example\.com.)' "$1/out/traefik/dynamic/routers-http.yml"
}
deb_in_empty_root() {
    local root=$SCRATCH/root
    mkdir -p "$root"/var/lib/dpkg/{updates,info}
    touch "$root"/var/lib/dpkg/{status,available}
    dpkg --root="$root" --force-depends --no-triggers -i "$deb" # what it depends on is copied instead
    dpkg-deb -f "$deb" Depends | needs_as_it_runs
    [[ $(dpkg-query --admindir="$root/var/lib/dpkg" -W -f '${Status}' itsupc) == 'install ok installed' ]]
    libraries_into "$root"
    runs_in "$root" /usr/bin/itsupc
    dpkg --root="$root" --no-triggers -r itsupc
    [[ ! -e $root/usr/bin/itsupc ]]
}
rpm_in_empty_root() {
    local root=$SCRATCH/rpm-root
    mkdir -p "$root"
    (cd "$root" && rpm2cpio "$rpm" | cpio -idm --quiet)
    libraries_into "$root"
    runs_in "$root" /usr/bin/itsupc
}
needs_as_it_runs() { # whether lines of requirements name libyaml just when the program asks for it
    if ldd build/itsupc >/dev/null 2>&1; then grep -q libyaml; else ! grep -E 'lib(yaml|c)'; fi
}
rpm_says() { # what it needs, what it is, and that it owns no folder of others
    rpm -qRp "$rpm" | needs_as_it_runs
    rpm -qip "$rpm" | grep -q '^License *: MIT$'
    rpm -qip "$rpm" | grep -q '^itsupc reads descriptions'
    rpm -qlp "$rpm" | grep -qx /usr/share/man/man1/itsupc.1.gz
    ! rpm -qlp "$rpm" | grep -E '^/usr/(bin|share|share/(man|man/man1|doc)|lib.*)$'
}
static_in_empty_root() {
    local root=$SCRATCH/static-root
    mkdir -p "$root"
    cp build-static/itsupc "$root/"
    runs_in "$root" /itsupc
    # What is in there: the program, what it was given, what it wrote.
    ! find "$root" -mindepth 1 -maxdepth 1 | grep -vE '/(itsupc|shop\.itsup|out)$'
}
for way in deb rpm static; do
    case $way in
    deb) tools=(dpkg) ;;
    rpm) tools=(rpmbuild rpm2cpio cpio) ;;
    static) tools=(musl-gcc ninja) ;;
    esac
    needs "packages/$way" "${tools[@]}" || continue
    case $way in
    rpm)
        if ! (cd build && cpack -G RPM -B "$SCRATCH/made") >"$SCRATCH/cpack" 2>&1; then
            fail packages/rpm "$SCRATCH/cpack"
            continue
        fi
        rpm=$(echo "$SCRATCH"/made/itsupc-*.rpm)
        check packages/rpm rpm_says
        ;;
    static) needs_build packages/static static || continue ;;
    esac
    if [[ $(id -u) == 0 ]]; then
        check "packages/$way-in-empty-root" "${way}_in_empty_root"
    else
        skip "packages/$way-in-empty-root" "only root may chroot"
    fi
done
