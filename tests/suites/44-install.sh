# shellcheck shell=bash
# cmake --install puts things where distributions expect them.

needs_build install release || return 0
needs_compiler install || return 0
root=$SCRATCH/root
if ! DESTDIR=$root cmake --install build --prefix /usr >"$SCRATCH/install" 2>&1; then
    fail install/runs "$SCRATCH/install"
    return 0
fi
pass install/runs
check install/binary test -x "$root/usr/bin/itsupc"
check install/binary-runs "$root/usr/bin/itsupc" version
check install/readme cmp README.md "$root/usr/share/doc/itsupc/README.md"
check install/licence cmp LICENSE "$root/usr/share/doc/itsupc/LICENSE"
check install/docs diff -r docs "$root/usr/share/doc/itsupc/docs"
check install/manual-1 test -s "$root/usr/share/man/man1/itsupc.1.gz"
check install/manual-5 test -s "$root/usr/share/man/man5/itsup.5.gz"
check install/completion-bash bash -n "$root/usr/share/bash-completion/completions/itsupc"
check install/completion-fish test -s "$root/usr/share/fish/vendor_completions.d/itsupc.fish"
check install/completion-zsh test -s "$root/usr/share/zsh/site-functions/_itsupc"
check install/vim test -s "$root/usr/share/vim/vimfiles/syntax/itsup.vim"
check install/emacs test -s "$root/usr/share/emacs/site-lisp/itsup-mode.el"
