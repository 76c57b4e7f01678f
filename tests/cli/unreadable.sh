# shellcheck shell=bash
# A file that may not be read is a finding.
as_user=()
if [[ $(id -u) == 0 ]]; then
    command -v setpriv >/dev/null || { echo "root may read everything, and setpriv is missing"; exit 77; }
    as_user=(setpriv --reuid=65534 --regid=65534 --clear-groups)
    # The compiler and this folder must be within that user's reach.
    place=$(mktemp -d)
    trap 'rm -rf "$place"' EXIT
    chmod 755 "$place"
    cp "$ITSUPC" "$place/itsupc"
    ITSUPC=$place/itsupc
    cd "$place" || exit 1
    "${as_user[@]}" "$ITSUPC" version >/dev/null 2>&1 || { echo "cannot run as another user here"; exit 77; }
fi
good >secret.itsup
chmod 000 secret.itsup
expect 1 "${as_user[@]}" "$ITSUPC" check secret.itsup
holds err E0123
