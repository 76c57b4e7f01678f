# shellcheck shell=bash
# The unit programs under the sanitizers; each program is a test, and each of its cmocka cases.

needs unit header:cmocka.h || return 0
if ! build sanitize; then
    fail_build build/sanitize sanitize
    return 0
fi
pass build/sanitize

log=$SCRATCH/ctest
CMOCKA_MESSAGE_OUTPUT=TAP ctest --test-dir build-sanitize -R '^unit/' -V --timeout 120 \
    -j "$(nproc)" --no-tests=ignore >"$log" 2>&1 || true

# ctest -V marks each line of a program with the program's number: "12: ok 3 - name".
awk -v results="$SCRATCH/results" -v folder="$SCRATCH" '
    $1 == "test" && $2 ~ /^[0-9]+$/ { next }
    / Start +[0-9]+: / { n = $2; sub(/:$/, "", n); name[n] = $3; next }
    /^[0-9]+: / {
        n = $1; sub(/:$/, "", n)
        line = $0; sub(/^[0-9]+: /, "", line)
        print line >(folder "/unit-" n)
        if (line ~ /^ok [0-9]+ - /) { sub(/^ok [0-9]+ - /, "", line); print "pass\t" n "\t" line >results }
        else if (line ~ /^not ok [0-9]+ - /) { sub(/^not ok [0-9]+ - /, "", line); print "fail\t" n "\t" line >results }
        else if (line ~ /^ok .*# SKIP/) print "skip\t" n "\t" line >results
        next
    }
    /Test +#[0-9]+: / {
        line = $0; sub(/.*Test +#/, "", line)
        n = line; sub(/:.*/, "", n)
        print (line ~ / Passed /) ? "pass\t" n "\t" : "fail\t" n "\t" >results
    }
    END { for (n in name) print n "\t" name[n] >(folder "/names") }' "$log"

if [[ ! -s $SCRATCH/results ]]; then
    skip unit "there are no unit programs"
    return 0
fi
declare -A names=()
while IFS=$'\t' read -r n name; do names[$n]=$name; done <"$SCRATCH/names"
while IFS=$'\t' read -r word n name; do
    case $word in
    pass) pass "${names[$n]}${name:+: $name}" ;;
    skip) skip "${names[$n]}" "$name" ;;
    *)
        touch "$SCRATCH/unit-$n"
        fail "${names[$n]}${name:+: $name}" "$SCRATCH/unit-$n"
        ;;
    esac
done <"$SCRATCH/results"
