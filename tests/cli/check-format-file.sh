# shellcheck shell=bash
# Several forms at once: text to standard error, JSON into a file.
bad >bad.itsup
expect 1 "$ITSUPC" check --format text --format json:report.json bad.itsup
holds err E0204
holds report.json '"code":"E0204"'
empty out
