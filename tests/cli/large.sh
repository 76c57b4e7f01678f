#!/bin/sh
# A file beyond 64 MiB is one finding, and is not read.
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"

truncate -s 65M big.itsup || exit 77
run 1 check big.itsup
has err big.itsup:1:1
run 1 fmt big.itsup
run 1 fmt --check - <big.itsup
head -c 68157440 /dev/zero | run 1 check -
has err '<stdin>'
rm big.itsup
