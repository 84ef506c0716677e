#!/bin/sh
# check_header_list.sh ROOT: cmake/headers.cmake lists every header under include/ once, each list sorted.
set -eu
export LC_ALL=C
cd "$1"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
status=0

(cd include && find verdant -type f | sort) >"$scratch/present"
sed -n 's,^ *\(verdant/.*\),\1,p' cmake/headers.cmake | sort >"$scratch/listed"
if ! diff "$scratch/listed" "$scratch/present" >"$scratch/difference"; then
  status=1
  sed -n 's,^> \(.*\),add to cmake/headers.cmake: \1,p; s,^< \(.*\),in cmake/headers.cmake twice or not there: \1,p' "$scratch/difference"
fi
if ! awk '/^set\(/ { list = $0; last = "" }
          /^ *verdant\// { if ($1 < last) { print "not sorted, in " list ": " $1; bad = 1 } last = $1 }
          END { exit bad }' cmake/headers.cmake; then
  status=1
fi
exit $status
