#!/usr/bin/env bash
# Compares what the compiler makes of each golden input with what it made before; see golden.py.
exec python3 "$(dirname "$0")/golden.py" "$@"
