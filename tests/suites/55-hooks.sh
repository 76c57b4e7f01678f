# shellcheck shell=bash
# The pre-commit hooks, with the program installed and with one that the hook builds for itself; the action of GitHub and
# the job of GitLab.

needs hooks git || return 0
needs_compiler hooks || return 0
# What docs/ci.md offers to copy.
python=python3
for candidate in python3 /usr/bin/python3; do
    if "$candidate" -c 'import yaml' 2>/dev/null; then
        python=$candidate
        break
    fi
done
if "$python" -c 'import yaml' 2>/dev/null; then
    told "hooks: ci" "$python" tests/ci.py -b "$ITSUPC_BUILD"
else
    skip hooks/ci "python3-yaml is not installed"
fi
needs hooks pre-commit || return 0
check hooks/manifest pre-commit validate-manifest .pre-commit-hooks.yaml
check hooks/installed timeout 300 tests/hooks.sh "$ITSUPC" system
check hooks/from-source timeout 600 tests/hooks.sh "$ITSUPC" src
