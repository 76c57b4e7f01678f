# shellcheck shell=bash
# Every format tells the same findings, in a form that its readers take.

needs formats python3 || return 0
needs_compiler formats || return 0
# A Python that has jsonschema, where there is one: Debian's may stand behind another in PATH.
python=python3
for candidate in python3 /usr/bin/python3; do
    if "$candidate" -c 'import jsonschema' 2>/dev/null; then
        python=$candidate
        break
    fi
done
told "formats: formats" "$python" tests/formats.py -b "$ITSUPC_BUILD"
