#!/bin/sh
# Compares our host names with the PyPI package `idna` (UTS 46, non-transitional), and the checked-in
# Unicode table with its generator. The intended exceptions stand in idna_oracle.py, with reasons.
# usage: idna.sh BUILD_DIR [SEED [COUNT]]; exit 77 without the package.
set -eu
# shellcheck source=tests/oracle/common
. "$(dirname "$0")/common"
oracle idna idna_check 20240229 40000 "$@"
model=$here/../../compiler/model
python3 -c 'import idna' 2>/dev/null || skipped "the Python package idna is not installed"
# Another Python may know another Unicode; only the same version must give the same table.
version=$(python3 -c 'import unicodedata; print(unicodedata.unidata_version)')
if head -n 1 "$model/idna_data.def" | grep -q "Unicode $version:"; then
    python3 "$model/make_idna_data.py" >"$work/data"
    if ! cmp -s "$work/data" "$model/idna_data.def"; then
        echo "oracle/idna: idna_data.def is stale; run make_idna_data.py"
        exit 1
    fi
fi
python3 "$here/idna_oracle.py" generate "$seed" "$count" >"$work/cases"
"$program" <"$work/cases" >"$work/ours"
python3 "$here/idna_oracle.py" judge "$work/cases" "$work/ours"
