#!/bin/sh
# Every diagnostic code has its page in docs/diagnostics, and every page its code; the title is the gist.
cd "$(dirname "$0")/.." || exit 2
codes=$(sed -n 's/^CODE([A-Z0-9_]*, "\([A-Z0-9]*\)",.*/\1/p' compiler/source/codes.def)
status=0
for code in $codes; do
    gist=$(sed -n "s/^CODE([A-Z0-9_]*, \"$code\", [A-Z]*, \"\(.*\)\")\$/\1/p" compiler/source/codes.def)
    title=$(sed -n 1p "docs/diagnostics/$code.md" 2>/dev/null)
    if [ "$title" != "# $code: $gist" ]; then
        echo "docs/diagnostics/$code.md: want the title \"# $code: $gist\", have \"$title\""
        status=1
    fi
done
for page in docs/diagnostics/[A-Z]*[0-9].md; do
    code=$(basename "$page" .md)
    case " $(echo $codes) " in
    *" $code "*) ;;
    *) echo "$page: no such code"; status=1 ;;
    esac
done
exit $status
