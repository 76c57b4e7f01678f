# shellcheck shell=bash
# What editors/ promises, in the editors themselves; where npm reaches its registry, the TextMate
# grammar by vscode-tmgrammar-test. The parser of tree-sitter by libtree-sitter and in Neovim. The
# extension for VS Code, packed and run without it. The
# blocks of editors/README.md, followed as they stand.

needs editors python3 || return 0
needs_compiler editors || return 0
for tool in vim nvim emacs; do needs "editors/$tool" "$tool" || true; done
needs editors/libtree-sitter header:tree_sitter/api.h || true
told "editors: editors" python3 tests/editors.py -b "$ITSUPC_BUILD"
told "editors: treesitter" python3 tests/treesitter.py -b "$ITSUPC_BUILD"
told "editors: vscode" python3 tests/vscode.py -b "$ITSUPC_BUILD"
needs editors/eglot feature:eglot || true
told "editors: live" python3 tests/live.py -b "$ITSUPC_BUILD"
screenshot() { # the picture of the README can be made, and is one
    docs/screenshot -b "$ITSUPC_BUILD" "$SCRATCH/shot.png" || return
    [[ $(identify -format '%m %k' "$SCRATCH/shot.png") =~ ^PNG\ [1-9][0-9]+$ ]]
}
for tool in Xvfb xterm import; do needs "editors/$tool" "$tool" || true; done
check editors/screenshot screenshot
check editors/links python3 tests/links.py editors/README.md
