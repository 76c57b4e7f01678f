# shellcheck shell=bash
# The language server: sessions with a client of our own, what it finds compared with `check`.

needs lsp python3 || return 0
needs_compiler lsp || return 0
ITSUPC_KEEP=$SCRATCH python3 tests/lsp.py -b "$ITSUPC_BUILD" >/dev/null || true
ITSUPC_KEEP=$SCRATCH python3 tests/lsp_editors.py -b "$ITSUPC_BUILD" >/dev/null || true
