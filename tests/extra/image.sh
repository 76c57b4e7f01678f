# shellcheck shell=bash
# tests/run --image: the Dockerfile, stage by stage, in chroots; needs root, Debian's archive and some minutes.

needs image python3 debootstrap || return 0
check image/dockerfile timeout 1800 python3 tests/image.py
