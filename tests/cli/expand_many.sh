#!/bin/sh
# expand: many instances from lines of JSON, and instances that exist already; the branch names and
# the labels that they give are those of the preview system that the templates were made for.
# shellcheck disable=SC2016
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"

cat >previews.itsup <<'I'
proxy {
  provider docker { network previews }
  entrypoint web :80 { redirect websecure }
  entrypoint websecure :443 { default }
}
https://project-5-main.example.net -> web:80
template preview(project_id int, branch slug(20) = "main") {
  https://project-{project_id}-{branch}.example.net -> preview-{project_id}-{branch}:3000 { public }
}
template sure(id int, branch slug(20) unique) {
  https://sure-{id}-{branch}.example.net -> sure-{id}-{branch}:3000 { public }
}
I
cat >lines <<'J'
{"project_id": 7, "branch": "main"}
{"project_id": 7, "branch": "Feature/Add_Login--Page!!"}
{"project_id": 7, "branch": "feature/add-login-page-with-oauth"}
{"project_id": 12, "branch": "--__--"}

{"project_id": 12, "branch": "release-2024.10.01-xyz"}
{"project_id": 12, "branch": "Ünïcode/ブランチ"}
{"project_id": 0, "branch": "UPPER"}
{"project_id": 3, "branch": "aaaaaaaaaaaaaaaaaaa-b"}
{"project_id": 3, "branch": "aaaaaaaaaaaaaaaaaaa/c"}
{"project_id": 3, "branch": ""}
{"project_id": "x"}
{"project_id": 4, "branhc": "a"}
{"project_id": 5, "branch": "main"}
{"project_id": 5
[5]
{"project_id": null}
{"project_id": 6}
J
cat >want <<'W'
preview-7-main
preview-7-feature-add-login-pa
E0309
E0509
preview-12-release-2024-10-01-x
preview-12-n-code
preview-0-upper
preview-3-aaaaaaaaaaaaaaaaaaa
E0309
E0509
E0506
E0305
R001
E0711
E0706
E0706
preview-6-main
W
names() {
    sed -n 's/^{"error":{"code":"\([A-Z0-9]*\)".*/\1/p; s/^{"name":"\([^"]*\)".*/\1/p' "$1"
}
status=0
"$ITSUPC" expand preview - --format json <lines >out 2>err || status=$?
expect_status 1 "$status" 'expand preview -'
empty err
names out >got
diff want got
has out 'branch=\"feature/add-login-page-with-oauth\")` and `preview(project_id=\"7\", branch=\"Feature/Add_Login--Page!!\")`'

# Without arguments lines that wait are taken, too; each may name its template.
status=0
"$ITSUPC" expand preview --format json <lines >out 2>err || status=$?
expect_status 1 "$status" 'expand preview <lines'
names out | diff want -
printf '%s\n' '{"template": "preview", "project_id": 1}' '{"template": "sure", "id": 1, "branch": "A"}' \
    '{"id": 1}' >mixed
status=0
"$ITSUPC" expand - --format json <mixed >out 2>err || status=$?
expect_status 1 "$status" 'expand -'
names out >got
printf '%s\n' preview-1-main sure-1-a E0316 | diff - got
status=0
"$ITSUPC" expand preview - --format docker <lines >out 2>err || status=$?
expect_status 1 "$status" 'expand preview - --format docker'
[ "$(wc -l <out)" -eq 7 ] || { cat out; exit 1; }
has err 'E0509'

# ---- what exists already ----
run 0 expand preview project_id=7 'branch=a/b' --format json
cp out running.jsonl
printf '%s\n' '{"project_id": 8, "branch": "a/b"}' >calls.jsonl
run 1 expand preview project_id=7 branch=A-B --against running.jsonl
empty out
has err 'E0309'
has err 'preview-7-a-b at https://project-7-a-b.example.net'
run 1 expand preview project_id=8 branch=A-B --against running.jsonl --against calls.jsonl
has err 'branch="A-B")` and `preview(project_id="8", branch="a/b")`'
run 0 expand preview project_id=7 branch=c --against running.jsonl --against calls.jsonl
run 1 expand preview project_id=7 branch=a/b --against running.jsonl
run 2 expand preview project_id=7 --against missing.jsonl
run 1 expand preview project_id=7 --against .
empty out
echo nonsense >bad.jsonl
run 1 expand preview project_id=7 --against bad.jsonl
empty out
has err 'E0901'
printf '%s\n' a: '  - b' c: '  - d' '#' >bad.yml
run 1 expand preview project_id=7 --against bad.yml
[ "$(grep -c '^error' err)" -eq 1 ] || { cat err; exit 1; }

# A finding stands at the file and its line; what is edited there is nobody's business.
printf '%s\n' '' '{"project_id": 8}' '{"project_id": 9, "brnch": "x"}' >bad.jsonl
run 1 expand preview project_id=7 --against bad.jsonl --format json
empty out
has err ' --> bad.jsonl:3:'
has err '3 | preview(project_id="9", brnch="x")'
status=0
"$ITSUPC" expand preview - --format json <bad.jsonl >out 2>err || status=$?
expect_status 1 "$status" 'expand preview - with a wrong line'
has out '"file":"<stdin>","line":3,'
has out '"fixes":[]'

# The same in the other forms that exist: what `expand` prints, and what docker says of its containers.
for form in labels compose dynamic; do
    run 0 expand preview project_id=7 'branch=a/b' --format $form
    cp out "running.$form"
done
labels() { # SEPARATOR BETWEEN END: the labels of the instance as JSON
    sed "s/\\([^=]*\\)=\\(.*\\)/$1\\1$2\\2$3/" running.labels | paste -sd, -
}
printf '[{"Id": "1", "Name": "/preview-7-a-b", "Config": {"Labels": {%s}}},\n {"project_id": 9}]\n' \
    "$(labels '"' '":"' '"')" >running.inspect
printf '[\n  {"Names": ["/other", "/preview-7-a-b"],\n   "Labels": {%s}}\n]\n' "$(labels '"' '":"' '"')" >running.api
printf '{"Labels":"%s","Names":"preview-7-a-b"}\n' "$(labels '' = '')" >running.ps
run 0 expand preview project_id=7 'branch=a/b' --format json
sed 's/,/,\n /g; s/{/{\n /g' out >running.pretty
sed 's/.*/[&]/' out >running.list
for form in labels compose dynamic inspect api ps pretty list; do
    run 1 expand preview project_id=7 branch=A-B --against running.$form
    empty out
    has err 'E0309'
    run 0 expand preview project_id=7 branch=c --against running.$form
done
run 1 expand preview project_id=9 --against running.inspect
printf '{"Names":"preview-1-main","Labels":""}\n' >running.ps
run 1 expand preview project_id=1 --against running.ps
printf '[\n{"project_id": 1},\n{"project_id": "x"}]' >bad.list
run 1 expand preview project_id=7 --against bad.list
has err 'bad.list:3'

# A unique slug tells them apart.
run 0 expand sure id=1 branch=a-b --format json
cp out running.jsonl
has out '"name":"sure-1-a-b"'
run 0 expand sure id=1 branch=a/b --against running.jsonl --format json
has out '"name":"sure-1-a-b-'

# Ports of a machine without a proxy are told apart, too.
run 0 expand preview project_id=1 --no-proxy --format json
cp out running.jsonl
port=$(sed -n 's/.*localhost:\([0-9]*\).*/\1/p' out)
printf '{"name":"x","url":"","network":"","labels":{},"publish":"127.0.0.1:%s:80"}\n' "$port" >other.jsonl
run 0 expand preview project_id=1 --no-proxy --format json --against other.jsonl
has out "http://localhost:$((port + 1 > 29999 ? 20000 : port + 1))"
