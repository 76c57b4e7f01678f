#!/bin/sh
# - is standard input, for check, build and fmt.
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"

clean_file good
bad_file bad
run 0 check - <good
run 1 check - <bad
has err '<stdin>:1:1'
run 1 check - --format json <bad
has out '"file":"<stdin>"'
run 0 build --emit ir - <good
[ -s out ]
# shellcheck disable=SC2002
cat good | run 0 check -

loose_file loose
run 0 fmt - <loose
cmp out good
run 0 fmt - <good
cmp out good
run 0 fmt - --check <good
empty out
run 1 fmt - --check <loose
has out '+https://shop.example.com -> web:3000'
run 1 fmt - --diff <loose
has out '@@ -1,1 +1,1 @@'
run 2 fmt - good
broken_file broken
run 1 fmt - --format json <broken
has out 'https://b.example.com -> web:3000'
has err '"diagnostics"'
run 0 fmt - </dev/null
empty out

# A folder, and nothing at all, where text should come from.
run 1 check - <.
run 1 check - <&-
