#!/bin/sh
# check_layers.sh ROOT: a header under include/verdant includes only from its own row of the table in docs/design.md or from a row above,
# and no header of the library includes an umbrella.
set -eu
cd "$1"
rows="meta base io space goal pareto surrogate optimizer search workload hardware carbon spaces modes nn supernet predictor"
find include/verdant -mindepth 1 -name '*.hpp' -exec grep -H '^#include <verdant/' {} + | awk -v rows="$rows" '
  BEGIN { n = split(rows, name, " "); for (i = 1; i <= n; ++i) row[name[i]] = i }
  function place(path, parts) {
    if (split(path, parts, "/") == 1) return path ~ /^(units|error|random|random_reference|version)\.hpp$/ ? row["base"] : 0
    return parts[1] in row ? row[parts[1]] : -1
  }
  {
    split($0, half, ":#include <verdant/")
    from = half[1]; sub(/^include\/verdant\//, "", from)
    to = half[2]; sub(/>.*/, "", to)
    here = place(from); there = place(to)
    if (here < 0 || there < 0) { print from ": its folder has no row in docs/design.md"; bad = 1; next }
    if (here == 0) next # an umbrella
    if (there == 0) { print from " includes the umbrella " to "; include what it uses"; bad = 1 }
    else if (there > here) { print from " includes " to " of a row below its own"; bad = 1 }
    ++count
  }
  END { if (!count) { print "no includes found"; bad = 1 } else print count " includes checked"; exit bad }'
