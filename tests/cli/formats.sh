#!/bin/sh
# The exit status is the same in every format, "-" is standard output, and where findings are left
# out the true numbers are told.
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"

formats='text json jsonl sarif github gitlab junit'
clean_file good.itsup
bad_file bad.itsup
# shellcheck disable=SC2016 # backticks of the language
printf 'https://shop.example.com -> api:8000 {\n  match `PathPrefix("/api")`\n}\n' >warn.itsup

for format in $formats; do
    run 0 check --format "$format" good.itsup
    run 1 check --format "$format" bad.itsup
    run 0 check --format "$format" warn.itsup
    run 1 check --format "$format" --deny warnings warn.itsup
    run 1 check --format "$format" --deny R010 warn.itsup
    run 0 check --format "$format" --deny warnings --allow R010 warn.itsup
    run 2 check --format "$format" nowhere.itsup
    empty out
    run 0 check --format "$format" good.itsup
    cp out plain
    run 0 check --format "$format:-" good.itsup
    cmp out plain
done

# What only warns is no failure for JUnit, until it is denied.
run 0 check --format junit warn.itsup
has out 'failures="0"'
has out 'R010'
run 1 check --format junit --deny warnings warn.itsup
has out 'failures="1"'

# Several at once: one of them on standard output.
run 1 check bad.itsup --format sarif:a.sarif --format junit:b.xml --format github --format text:c
has out '::error file=bad.itsup,line=1,endLine=1,col=1,endColumn=4,title=E0201::'
has a.sarif '"2.1.0"'
has b.xml '<failure'
has c 'error[E0201]'
run 2 check bad.itsup --format sarif --format junit
has err 'share one stream'
run 2 check bad.itsup --format sarif --format junit:-
run 2 check bad.itsup --format sarif:

# At most 1,000, with the true numbers.
i=0
while [ $i -lt 1500 ]; do
    echo "ftp://h$i.example.com -> web:3000"
    i=$((i + 1))
done >many.itsup
for format in $formats; do
    run 1 check --format "$format" many.itsup
    case $format in
    text)
        has err '1000 of 1500 findings shown: 1500 errors in 1 file'
        [ "$(grep -c '^error' err)" = 1000 ]
        ;;
    json | jsonl)
        has out '"summary":{"errors":1500,"warnings":0,"notes":0,"files":1,"truncated":true}'
        [ "$(grep -o '"code":"E0201"' out | wc -l)" = 1000 ]
        ;;
    sarif)
        has out '"errors": 1500'
        has out '"truncated": true'
        has out '1000 of 1500 findings shown'
        [ "$(grep -c '"ruleId": "E0201"' out)" = 1000 ]
        ;;
    github)
        has out '1000 of 1500 findings shown'
        [ "$(grep -c '^::error ' out)" = 1000 ]
        ;;
    gitlab)
        has out '1000 of 1500 findings shown'
        [ "$(grep -o '"check_name":"E0201"' out | wc -l)" = 1000 ]
        ;;
    junit)
        has out '<property name="errors" value="1500"/>'
        has out '<property name="truncated" value="true"/>'
        has out 'tests="1000" failures="1000"'
        ;;
    esac
done

# A fingerprint stays when lines are put above.
run 1 check --format gitlab bad.itsup
grep -o '"fingerprint":"[0-9a-f]*"' out >before
{ echo; echo '# a comment'; cat bad.itsup; } >moved
mv moved bad.itsup
run 1 check --format gitlab bad.itsup
grep -o '"fingerprint":"[0-9a-f]*"' out | cmp - before
has out '"begin":3'

# What could end a command, an attribute or a string is escaped.
name=$(printf 'a,b:c%%\001<&".itsup')
printf 'ftp://x.example.com -> web:3000\n' >"$name"
run 1 check --format github "$name"
has out 'file=a%2Cb%3Ac%25'
lacks out "$(printf '\001')"
run 1 check --format junit "$name"
has out '&lt;&amp;&quot;'
lacks out "$(printf '\001')"
run 1 check --format sarif "$name"
has out '"uri": "a%2Cb%3Ac%25%01%3C%26%22.itsup"'
