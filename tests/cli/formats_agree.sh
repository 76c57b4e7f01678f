#!/bin/sh
# The exit status is decided before any rendering: each command ends alike in every format. Where the
# status is 1 for what was checked, a report says so: JUnit has a failure, and none where it is 0.
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"

mkdir clean bad broken warns loose built edited
clean_file clean/shop.itsup
bad_file bad/shop.itsup
broken_file broken/shop.itsup
loose_file loose/shop.itsup
printf 'https://shop.example.com -> 10.0.0.5:3000\n' >built/shop.itsup
printf 'https://shop.example.com | canonical -> 10.0.0.5:3000\n' >warns/shop.itsup
(cd built && run 0 build -q)
cp -r built/. edited
printf 'https://shop.example.com -> 10.0.0.5:4000\n' >edited/shop.itsup
printf 'expect https://shop.example.com/ -> http://10.0.0.5:3000\n' >built/holds.expect
printf 'expect https://shop.example.com/ -> none 404\n' >built/fails.expect
: >built/empty.expect

n=0
# STATUS FOLDER REPORTS COMMAND: the reports have a failure where the status is 1, if they are findings
while read -r status folder reports command; do
    n=$((n + 1))
    for format in text json jsonl sarif github gitlab junit; do
        for place in '' ":../report.$n.$format"; do
            found=0
            # shellcheck disable=SC2086 # words, on purpose
            "$ITSUPC" -C "$folder" $command --format "$format$place" >out 2>err </dev/null || found=$?
            [ "$found" = "$status" ] || expect_status "$status" "$found" "$command --format $format$place in $folder"
        done
    done
    [ "$reports" = findings ] || continue
    for pair in 'junit <failure' 'sarif "level": *"error"' 'github ^::error' 'gitlab "severity": *"major"' 'json "level": *"error"' \
        'jsonl "level": *"error"' 'text ^error'; do
        failures=0
        grep -q -e "${pair#* }" "report.$n.${pair%% *}" || failures=1
        [ "$((1 - failures))" = "$status" ] || expect_status "$status" "$failures" "$command in $folder: ${pair%% *} tells otherwise"
    done
done <<'TXT'
0 clean findings check
1 bad findings check
0 warns findings check
1 warns findings check --deny warnings
0 clean findings fmt --check
1 loose findings fmt --check
1 loose findings fmt --diff
0 bad findings fmt --check
1 broken findings fmt --check
0 built findings build --check
1 edited findings build --check
1 clean findings build --check -o elsewhere
1 bad findings build --check
0 clean findings build --emit ir
1 bad findings build --emit ir
0 clean findings build --emit routes
0 clean findings import shop.itsup
1 broken findings import shop.itsup
0 clean findings convert --to json shop.itsup
0 built findings test holds.expect
1 built findings test fails.expect
1 built findings test empty.expect
0 built answers trace https://shop.example.com/
1 built answers trace https://other.example.com/
0 built answers diff . ../built
1 built answers diff . ../edited
2 clean answers check missing.itsup
2 clean answers fmt missing.itsup
2 clean answers test missing.expect
TXT
