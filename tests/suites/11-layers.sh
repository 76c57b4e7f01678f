# shellcheck shell=bash
# The order of the house, and that its check would notice a breach of each kind.

check layers/house tests/layers.sh

# plant NAME FILE LINE: in a copy of the sources, LINE at the end of FILE must be found.
plant() {
    local copy=$SCRATCH/$1
    mkdir -p "$copy"
    cp -r compiler "$copy"
    [[ ! -d grammar ]] || cp -r grammar "$copy"
    mkdir -p "$(dirname "$copy/$2")"
    printf '%s\n' "$3" >>"$copy/$2"
    if tests/layers.sh "$copy" >"$copy.log" 2>&1 || ! grep -q "^$2:" "$copy.log"; then
        { echo "not found in $2: $3"; cat "$copy.log"; } | fail "layers/$1" -
    else
        pass "layers/$1"
    fi
}

plant notices-upward-include compiler/support/str.c '#include "source/diag.h"'
plant notices-grammar-in-model compiler/model/planted.c '#include "itsup_parser.h"'
plant notices-model-in-ir compiler/ir/planted.c '#include "model/domain.h"'
plant notices-driver-reaching-in compiler/driver/planted.c '#include "ast/ast.h"'
plant notices-relative-include compiler/source/diag.c '#include "../support/str.h"'
plant notices-unknown-folder compiler/attic/planted.c 'int planted;'
plant notices-printing compiler/source/diag.c 'static void planted(void) { printf("x"); }'
plant notices-exit compiler/ast/ast.c 'static void planted(void) { exit(1); }'
plant notices-getenv compiler/ast/ast.c 'static void planted(void) { (void)getenv("X"); }'
plant notices-malloc compiler/driver/planted.c 'static void *planted(void) { return malloc(1); }'
plant notices-strcpy compiler/driver/planted.c 'static void planted(char *a) { strcpy(a, "x"); }'

# What only looks like a breach: a comment, a string, another word, the one file that may.
copy=$SCRATCH/innocent
mkdir -p "$copy/compiler/ir"
cat >"$copy/compiler/ir/build.c" <<'C'
#include "model/domain.h"
/* printf(x) is for the driver
   and so is exit(1). */
const char *text = "malloc(1)"; // free(it)
int snprintf_of(int x), box_free(int x);
C
check layers/accepts-what-is-allowed tests/layers.sh "$copy"
