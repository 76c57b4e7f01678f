#!/bin/sh
# Every valid fixture, replaced by its import, means what it meant.
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"
fixtures=${CLI_LIB%/cli/lib.sh}/fixtures

# What names say of places aside, the meaning is the IR.
meaning() { # FOLDER INTO
    run 0 build --emit ir "$1"
    mv out "$2"
}

# Phoenix, in both modes, with and without guests.
for set in phoenix phoenix/empty; do
    for mode in seed http; do
        rm -rf one two
        mkdir one two
        cp "$fixtures/$set"/*.json one
        run 0 import --traefik-mode $mode one/phoenix_vm_configs.json one/phoenix_lxc_configs.json \
            one/phoenix_hypervisor_config.json
        mv out two/guests.itsup
        run 0 check --deny warnings two
        run 0 fmt --check two
        run 0 build --emit ir --traefik-mode $mode one
        mv out before
        meaning two after
        cmp before after
    done
done

# itsUP: each file alone, and one after the other until none is left.
tree() { # FIXTURE ROUTING-FILES...
    rm -rf tree
    cp -r "$fixtures/$1" tree
    chmod -R u+w tree
    meaning tree before
    for file in tree/projects/*/itsup-project.yml tree/projects/*/ingress.yml tree/projects/*/traefik.yml; do
        [ -f "$file" ] || continue
        run 0 import "$file"
        rm -rf alone
        cp -r "$fixtures/$1" alone
        chmod -R u+w alone
        rm "$file" "alone/${file#tree/}"
        mv out "$(dirname "$file")/ingress.itsup"
        cp "$(dirname "$file")/ingress.itsup" "$(dirname "alone/${file#tree/}")"
        meaning alone after
        cmp before after
        meaning tree after
        cmp before after
    done
    run 0 fmt --check tree/projects
}

proxy() { # of the tree that is left: FILES...
    for folder in tree alone; do
        (cd $folder/projects && "$ITSUPC" import "$@" >proxy.itsup 2>/dev/null && rm "$@")
        meaning $folder after
        cmp before after
    done
}
tree itsup
rm -rf alone
cp -r "$fixtures/itsup" alone
chmod -R u+w alone
proxy itsup.yml traefik.yml middlewares.yml

# Of the older generations; what a port or a name is by default, the files of the proxy say.
tree itsup-gen2
tree itsup-gen1

# What no one generated: labels, flags, a static file, a file of the file provider.
existing() { # FILES...
    rm -rf one
    mkdir one
    run 0 import "$@"
    mv out one/imported.itsup
    run 0 fmt --check one
    run 0 check one
}
existing "$fixtures/kosuke/docker-compose.prod.yml" "$fixtures/kosuke/traefik/traefik.yml" \
    "$fixtures/kosuke/traefik/dynamic.yml"
existing "$fixtures/kosuke/docker-compose.prod.yml"
existing "$fixtures/kosuke/docker-compose.wildcard.yml"
existing "$fixtures/kosuke/traefik/traefik.yml"
existing "$fixtures/kosuke/traefik/dynamic.yml"
existing "$fixtures/beacon/docker-compose.yml"
