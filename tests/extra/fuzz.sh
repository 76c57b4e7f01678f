# shellcheck shell=bash
# tests/run --fuzz: each fuzz target for FUZZ_SECONDS, all at once, from the seeds and from what
# earlier runs found (build-fuzz/corpus).

needs fuzz clang feature:fuzzer || return 0
seconds=${FUZZ_SECONDS:-60}
if ! build fuzz; then
    fail_build fuzz fuzz
    return 0
fi

mkdir -p "$SCRATCH/seeds"
n=0
while IFS= read -r -d '' file; do
    n=$((n + 1))
    cp "$file" "$SCRATCH/seeds/$n"
done < <(tests/fuzz/seeds)

fuzz() {
    local name=$1 corpus=build-fuzz/corpus/$1 found=$SCRATCH/$1-found/
    mkdir -p "$corpus" "$found"
    # A slow input is a finding too. The largest program that is judged (E0507) takes 8 s here.
    "build-fuzz/tests/$name" -max_total_time="$seconds" -timeout=25 -rss_limit_mb=1024 -max_len=16384 \
        -dict=tests/fuzz/itsup.dict -artifact_prefix="$found" -print_final_stats=1 -print_funcs=0 \
        "$corpus" "$SCRATCH/seeds" >"$SCRATCH/$name.log" 2>&1
}

names=() pids=()
for program in build-fuzz/tests/fuzz_*; do
    [[ -f $program && -x $program ]] || continue
    names+=("$(basename "$program")")
    fuzz "${names[-1]}" &
    pids+=($!)
done
((${#names[@]})) || skip fuzz "there are no fuzz targets"
for i in "${!names[@]}"; do
    name=${names[i]}
    if wait "${pids[i]}"; then
        pass "fuzz/$name"
        echo "$name: $(sed -n 's/^stat::number_of_executed_units: *//p' "$SCRATCH/$name.log") runs in $seconds s," \
            "$(find "build-fuzz/corpus/$name" -type f | wc -l) inputs in its corpus" >>"$SCRATCH/show"
    else
        mkdir -p build-fuzz/found
        {
            for input in "$SCRATCH/$name-found/"*; do
                [[ -e $input ]] || continue
                cp "$input" build-fuzz/found/
                echo "kept as build-fuzz/found/$(basename "$input"); mend, then move it to tests/fuzz/found/"
                base64 "$input" | head -n 5
            done
            grep -E 'ERROR|SUMMARY|runtime error|^formatting|(compiler|grammar|tests/fuzz)/[a-z_./]*:[0-9]' \
                "$SCRATCH/$name.log" | head -n 30 || tail -n 20 "$SCRATCH/$name.log"
        } | fail "fuzz/$name" -
    fi
done
