# shellcheck shell=bash
# The language server: sessions with a client of our own, what it finds compared with `check`, Neovim and the
# protocol's own client, what an edit costs, and messages that no editor sends.

needs lsp python3 || return 0
needs_compiler lsp || return 0
for tool in nvim valgrind; do needs "lsp/$tool" "$tool" || true; done
for program in lsp lsp_editors lsp_cost; do
    told "lsp: $program" python3 "tests/$program.py" -b "$ITSUPC_BUILD"
done
needs_build lsp/fuzz sanitize || return 0
check lsp/sanitized env -u ITSUPC_RESULTS python3 tests/lsp.py -b "$(build_dir sanitize)"
told "lsp: lsp_fuzz" python3 tests/lsp_fuzz.py -b "$(build_dir sanitize)"
