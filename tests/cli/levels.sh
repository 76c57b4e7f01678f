#!/bin/sh
# Warnings alone are clean, unless they are denied.
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"

printf '# itsup: allow(R010) nothing here\nhttps://shop.example.com -> web:3000\n' >warn.itsup
run 0 check warn.itsup
has err E0601
run 1 check warn.itsup --deny warnings
run 1 check warn.itsup --deny E0601
run 1 check warn.itsup --deny R010,E0601
run 0 check warn.itsup --deny R010
run 0 check warn.itsup --allow R010
