# shellcheck shell=bash
# Finds out what of tests/tools is missing and installs it where apt is at hand. Sourced by
# tests/run and examples/run; prints only when there is something to do.

tools_file=${BASH_SOURCE[0]%/*}/tools

# tool_there TOOL: whether a tool, as tests/tools names it, works here.
tool_there() {
    case $1 in
    header:*)
        printf '#include <stdarg.h>\n#include <stddef.h>\n#include <stdint.h>\n#include <setjmp.h>\n#include <%s>\n' \
            "${1#header:}" | "${CC:-cc}" -x c -fsyntax-only - 2>/dev/null
        ;;
    feature:fuzzer)
        printf 'int LLVMFuzzerTestOneInput(const char *p, long n) { return p && n < 0; }\n' |
            clang -x c -fsanitize=fuzzer,address,undefined -o /dev/null - 2>/dev/null
        ;;
    feature:jsonschema)
        python3 -c 'import jsonschema' 2>/dev/null || /usr/bin/python3 -c 'import jsonschema' 2>/dev/null
        ;;
    feature:eglot) compgen -G '/usr/share/emacs/site-lisp/elpa-src/eglot-*' >/dev/null ||
        emacs --batch --eval '(kill-emacs (if (locate-library "eglot") 0 1))' >/dev/null 2>&1 ;;
    feature:go) "${tools_file%/*}/conformance/setup" --go >/dev/null 2>&1 ;;
    *) command -v "$1" >/dev/null ;;
    esac
}

# tool_listed TOOL: whether tests/tools has a row for it.
tool_listed() {
    awk -v tool="$1" '$1 == tool { found = 1 } END { exit !found }' "$tools_file"
}

# tools_of KIND: the tools and packages of `build` or `tests`, one row each.
tools_of() {
    awk -v kind="$1" '!/^#/ && NF && $3 == kind { print $1, $2 }' "$tools_file"
}

# missing KIND...: the packages of all missing tools, one per line.
missing_packages() {
    local kind tool packages
    for kind in "$@"; do
        while read -r tool packages; do
            tool_there "$tool" || tr ',' '\n' <<<"$packages"
        done < <(tools_of "$kind")
    done | sort -u
}

# apt_knows PACKAGE...: whether apt can install one of them.
apt_knows() {
    local package
    for package in "$@"; do
        ! apt-cache show "$package" >/dev/null 2>&1 || return 0
    done
    return 1
}

# install_missing KIND...: nothing to do when all is there. Exits 2 when a tool that the build needs
# cannot be had, or when this system has no apt.
install_missing() {
    local packages known=() unknown=() package as_root=()
    mapfile -t packages < <(missing_packages "$@")
    ((${#packages[@]})) || return 0
    if ! command -v apt-get >/dev/null; then
        echo "Missing here (Debian's names): ${packages[*]}" >&2
        echo "Install them with this system's package manager, then run again." >&2
        exit 2
    fi
    if apt_knows libc6 && ! apt_knows "${packages[@]}"; then
        return 0 # a newer release without that package; nothing to be had, and nothing to say again
    fi
    if [[ $(id -u) != 0 ]]; then
        if ! command -v sudo >/dev/null; then
            echo "Missing, and neither root nor sudo to install them: ${packages[*]}" >&2
            exit 2
        fi
        as_root=(sudo)
    fi
    echo "Installing: ${packages[*]}"
    local log
    log=$(mktemp)
    "${as_root[@]}" apt-get -qq update >"$log" 2>&1 || cat "$log" >&2
    for package in "${packages[@]}"; do
        if apt_knows "$package"; then
            known+=("$package")
        else
            unknown+=("$package")
        fi
    done
    ((${#unknown[@]} == 0)) || echo "This system has no package ${unknown[*]}" >&2
    if ((${#known[@]})); then
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y \
            --no-install-recommends "${known[@]}" >"$log" 2>&1 </dev/null || cat "$log" >&2
    fi
    rm -f "$log"
    hash -r
    mapfile -t packages < <(missing_packages build)
    if ((${#packages[@]})); then
        echo "Cannot build: still missing ${packages[*]}" >&2
        exit 2
    fi
}
