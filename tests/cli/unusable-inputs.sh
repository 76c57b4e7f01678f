# shellcheck shell=bash
# Only regular files are opened; anything else is a finding, at once.
mkfifo pipe.itsup
expect 1 timeout 5 "$ITSUPC" check pipe.itsup
holds err E0121
expect 1 timeout 5 "$ITSUPC" check /dev/zero
holds err E0121
mkdir folder.itsup
printf 'import folder.itsup\n' >importer.itsup
expect 1 "$ITSUPC" check importer.itsup
holds err E0121
holds err importer.itsup:1:8
printf 'import missing.itsup\n' >importer.itsup
expect 1 "$ITSUPC" check importer.itsup
holds err E0120
# One byte above 64 MiB (a sparse file).
truncate -s $((64 * 1024 * 1024 + 1)) large.itsup
expect 1 timeout 20 "$ITSUPC" check large.itsup
holds err E0122
