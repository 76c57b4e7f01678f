#!/usr/bin/env bash
# Who may include whom, and which words may stand where: the order of the house, checked by reading.
# usage: tests/layers.sh [ROOT]   prints FILE:LINE: what is wrong; status 1 when anything is
set -euo pipefail
export LC_ALL=C
cd "${1:-$(dirname "$0")/..}"

# A place (folder or file; the longest that fits a file counts) and the places it may include beside
# its own folder. A new layer is a row here.
rules='
compiler/support     -
compiler/source      support
compiler/ast         source support
grammar              ast source support
compiler/lower       ast options source support
compiler/model       ast options source support
compiler/ir          source support
compiler/ir/build.c  ir model options source support
compiler/ir/build.h  ir model source support
compiler/ir/build_paths.c ir model options source support
compiler/ir/build_route.c ir model source support
compiler/ir/build_stack.c ir model source support
compiler/ir/build_static.c ir model source support
compiler/options     support
compiler/analysis    ir options source support
compiler/passes      ir analysis options source support
compiler/lint        ir analysis options source support
compiler/backends    ir options source support
compiler/compile.c   itsupc.h session.h grammar lower model ir passes lint analysis backends options ast source support
compiler/convert.c   session.h grammar lower ast source support
compiler/expand.c    session.h known.h grammar lower model ir passes backends ast source support
compiler/known.c     known.h itsupc.h lower ir backends source support
compiler/known.h     session.h lower ir backends source support
compiler/foreign.c   session.h lower ir ast source support
compiler/stacks.c    session.h lower model ir source support
compiler/texts.c     session.h itsupc.h grammar lower model ast source support
compiler/stack.c     session.h grammar model source support
compiler/build.c     session.h itsupc.h ir backends source support
compiler/rehearse.c  session.h itsupc.h model ir backends source support
compiler/raw_splice.c session.h lower backends ir source support
compiler/raw.c       session.h lower ir source support
compiler/given.c     session.h lower model source support
compiler/given_hosts.c session.h backends ir model source support
compiler/tracing.h   session.h analysis lower source support
compiler/trace.c     tracing.h analysis lower source support
compiler/trace_load.c tracing.h analysis lower options source support
compiler/trace_env.c  tracing.h lower source support
compiler/trace_compose.c tracing.h analysis lower options source support
compiler/lint_existing.c tracing.h lint analysis lower options source support
compiler/lint_workspace.c tracing.h lint analysis backends ir options source support
compiler/trace_workspace.c tracing.h itsupc.h ir analysis source support
compiler/ask.c       tracing.h ir analysis source support
compiler/differs.c   session.h source support
compiler/start.c     session.h lower source support
compiler/editing     itsupc.h session.h grammar lower model ir passes backends ast options source support
compiler/findings.c  session.h source support
compiler/claims.c    claims.h session.h model source support
compiler/claims.h    session.h
compiler/slices      claims.h session.h itsupc.h model ir passes backends source support
compiler/session.h   itsupc.h lower model source support
compiler/itsupc.h    -
compiler/driver      itsupc.h support
'

# Headers that the build generates, and the place that they belong to.
generated='
itsup_parser.h       grammar
'

# Words (extended regular expressions), the places where they may stand, and why not elsewhere.
words='
(v?f?printf|v?dprintf|f?puts|f?putc|putchar|perror)[ ]*\(   compiler/driver           only the driver speaks
(exit|_exit|quick_exit)[ ]*\(                               compiler/driver           only main sets the exit status
(secure_)?getenv[ ]*\(                                      compiler/driver           only the driver knows the environment
(malloc|calloc|realloc|reallocarray)[ ]*\(                  compiler/support/arena.c  memory comes from an arena
free[ ]*\(                                                  compiler/support/arena.c  memory goes with its arena
(strdup|strndup|v?asprintf)[ ]*\(                           -                         memory comes from an arena
(strcpy|stpcpy|strcat|v?sprintf)[ ]*\(                      -                         writes without a bound
'

# Build-time generators (make_*) are programs of their own: they include like their layer or from
# beside them, and may print and exit. libyaml's own memory is freed by its own functions, which have other names.
files=$(find compiler grammar -type f \( -name "*.[chly]" -o -name "*.def" \) 2>/dev/null | sort || true)
[[ -n $files ]] || { echo "no sources below $PWD" >&2; exit 2; }

# shellcheck disable=SC2086 # one word per file; our names hold no blanks
awk -v rules="$rules" -v generated="$generated" -v words="$words" '
function say(what) { print FILENAME ":" FNR ": " what; wrong = 1 }

# The place of a path in a table of places: the longest prefix that ends at a "/".
function place_of(path, table,    best, place) {
    best = ""
    for (place in table)
        if ((path == place || index(path, place "/") == 1) && length(place) > length(best)) best = place
    return best
}

# The name that rules use for what an include path leads to.
function target_of(path,    first) {
    if (path in home) return home[path]
    first = path
    sub(/\/.*/, "", first)
    return first
}

# The line without comments and the insides of strings; a comment may go on over lines.
function code_of(line,    out, i, c, two) {
    out = ""
    for (i = 1; i <= length(line); i++) {
        c = substr(line, i, 1); two = substr(line, i, 2)
        if (in_comment) { if (two == "*/") { in_comment = 0; i++ } continue }
        if (quote != "") { if (c == "\\") i++; else if (c == quote) { quote = ""; out = out c } continue }
        if (two == "/*") { in_comment = 1; i++; continue }
        if (two == "//") break
        if (c == "\"" || c == "\x27") quote = c
        out = out c
    }
    quote = ""
    return out
}

BEGIN {
    n = split(rules, row, "\n")
    for (i = 1; i <= n; i++) {
        m = split(row[i], cell, " ")
        if (!m) continue
        allowed[cell[1]] = " "
        for (j = 2; j <= m; j++) allowed[cell[1]] = allowed[cell[1]] cell[j] " "
    }
    n = split(generated, row, "\n")
    for (i = 1; i <= n; i++) if (split(row[i], cell, " ") == 2) home[cell[1]] = cell[2]
    n = split(words, row, "\n")
    for (i = 1; i <= n; i++) {
        if (split(row[i], cell, "   *") < 3) continue
        bans++
        ban[bans] = "(^|[^A-Za-z0-9_])" cell[1]; where[bans] = cell[2]; why[bans] = cell[3]
    }
}

FNR == 1 {
    place = place_of(FILENAME, allowed)
    in_comment = 0; quote = ""
    if (place == "") say("stands in no layer (tests/layers.sh has the table)")
    own = place
    sub(/^compiler\//, "", own); sub(/\/.*/, "", own)
    is_generator = FILENAME ~ /\/make_[a-z_]*\.[ch]$/
    is_c = FILENAME !~ /\.[ly]$/
}

/^[ \t]*#[ \t]*include[ \t]*"/ {
    path = $0
    sub(/^[^"]*"/, "", path); sub(/".*/, "", path)
    target = target_of(path)
    if (path ~ /(^|\/)\.\.?(\/|$)/) say("includes \"" path "\": write the path from the root")
    else if (is_generator && path !~ /\//) next
    else if (place != "" && target != own && index(allowed[place], " " target " ") == 0)
        say(place " may not include \"" path "\"")
    next
}

{
    code = is_c ? code_of($0) : $0
    if (is_generator) next
    for (i = 1; i <= bans; i++)
        if (code ~ ban[i] && !(where[i] != "-" && (FILENAME == where[i] || index(FILENAME, where[i] "/") == 1))) {
            match(code, ban[i])
            word = substr(code, RSTART, RLENGTH)
            gsub(/[^A-Za-z0-9_]/, "", word)
            say(word ": " why[i])
        }
}

END { exit wrong }
' $files
