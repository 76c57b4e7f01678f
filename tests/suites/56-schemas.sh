# shellcheck shell=bash
# What a build writes, and compose files that are read, by the schemas that editors use for them.

needs schemas python3 || return 0
needs_compiler schemas || return 0
python=python3
for candidate in python3 /usr/bin/python3; do
    if "$candidate" -c 'import jsonschema, yaml' 2>/dev/null; then
        python=$candidate
        break
    fi
done
told "schemas: schemas" "$python" tests/schemas.py -b "$ITSUPC_BUILD"
