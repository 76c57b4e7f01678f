# shellcheck shell=bash
# "-" is a filter: the answer on standard output, nothing on disk.
printf '\357\273\277https://shop.example.com   ->  web:3000\r\n' >shop.txt
expect 0 "$ITSUPC" fmt - <shop.txt
printf 'https://shop.example.com -> web:3000\n' >want
same out want
