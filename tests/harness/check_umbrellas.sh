#!/bin/sh
# check_umbrellas.sh ROOT: each room has an umbrella, verdant/<room>.hpp, that exports exactly the headers of its room which need no component but
# the umbrella's own, and not those below detail/. The lists of cmake/headers.cmake say what each header needs.
set -eu
cd "$1"
awk '
  FNR == NR {
    if (/^set\(verdant_/) { list = $1; sub(/^set\(verdant_/, "", list); sub(/_?headers$/, "", list) }
    if (/^ *verdant\//) {
      needs[$1] = list
      n = split($1, parts, "/")
      if (n > 2) { rooms[parts[2]]; if ($1 !~ /\/detail\//) members[parts[2]] = members[parts[2]] $1 "\n" }
    }
    next
  }
  /^#include <verdant\// { split($0, half, /[<>]/); room = FILENAME; sub(/^include\/verdant\//, "", room); sub(/\.hpp$/, "", room); exports[room, half[2]] }
  END {
    for (room in rooms) {
      umbrella = "verdant/" room ".hpp"
      if (!(umbrella in needs)) { print "no umbrella " umbrella; bad = 1; continue }
      n = split(members[room], header, "\n")
      for (i = 1; i < n; ++i) {
        wanted = needs[header[i]] == "" || needs[header[i]] == needs[umbrella]
        if (wanted && !((room, header[i]) in exports)) { print umbrella " does not export " header[i]; bad = 1 }
        if (!wanted && (room, header[i]) in exports) { print umbrella " exports " header[i] ", which needs the component " needs[header[i]]; bad = 1 }
        ++count
      }
    }
    for (e in exports) {
      split(e, pair, SUBSEP)
      if (pair[1] in rooms && index("\n" members[pair[1]], "\n" pair[2] "\n") == 0) { print "verdant/" pair[1] ".hpp exports " pair[2] ", which is not of its room"; bad = 1 }
    }
    if (!count) { print "no headers found"; bad = 1 } else print count " headers checked"
    exit bad
  }' cmake/headers.cmake include/verdant/*.hpp
