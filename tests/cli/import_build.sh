#!/bin/sh
# A tree of itsUP whose YAML files are replaced by their import is built into the same files, but for
# the comments that name source lines.
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"
fixtures=${CLI_LIB%/cli/lib.sh}/fixtures

same() { # OUTPUT OUTPUT
    (cd "$1" && find . -type f ! -path './.itsupc/*' | sort) >names.a
    (cd "$2" && find . -type f ! -path './.itsupc/*' | sort) >names.b
    cmp names.a names.b
    while read -r name; do
        sed '/^ *#/d' "$1/$name" >text.a
        sed '/^ *#/d' "$2/$name" >text.b
        diff text.a text.b
    done <names.a
}

for tree in itsup itsup-gen1 itsup-gen2; do
    mkdir "$tree"
    cp -R "$fixtures/$tree/." "$tree"
    run 0 build -C "$tree" -o "$PWD/$tree.yaml"
    for file in "$tree"/projects/*/itsup-project.yml "$tree"/projects/*/ingress.yml "$tree"/projects/*/traefik.yml; do
        [ -f "$file" ] || continue
        run 0 import "$file"
        cp out "${file%/*}/ingress.itsup"
        rm "$file"
    done
    proxy=
    for name in itsup traefik middlewares; do
        [ ! -f "$tree/projects/$name.yml" ] || proxy="$proxy $tree/projects/$name.yml"
    done
    # shellcheck disable=SC2086
    run 0 import $proxy
    cp out "$tree/projects/proxy.itsup"
    # shellcheck disable=SC2086
    rm $proxy
    run 0 build -C "$tree" -o "$PWD/$tree.language"
    same "$tree.yaml" "$tree.language"
done
