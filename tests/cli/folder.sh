#!/bin/sh
# check --folder: a file named brings the others of its folder along, and no others.
set -eu
# shellcheck disable=SC1090
. "$CLI_LIB"

mkdir a b
printf 'middleware slow = rate(1/s)\n' >a/shared.itsup
printf 'https://a.example.com | slow -> web:3000\n' >a/shop.itsup
bad_file b/bad.itsup
run 1 check a/shop.itsup
# shellcheck disable=SC2016 # backticks of the message
has err 'no middleware is called `slow`'
run 0 check --folder a/shop.itsup
run 0 check --folder a/shop.itsup a/shared.itsup
has err 'in 2 files'
run 1 check --folder a/shop.itsup b/bad.itsup
has err b/bad.itsup
lacks err E0307
cd a
run 0 check --folder shop.itsup
