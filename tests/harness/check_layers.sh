#!/bin/sh
# check_layers.sh ROOT: the plan of the house, as the table below "## Wings" in docs/design.md gives it. A header under include/verdant includes only
# from its own room, from rooms that stand before it in its wing, and from wings above; folders within rooms make no circles, at any depth;
# `detail/` folders serve their own room alone; and no header of the library includes an umbrella.
set -eu
cd "$1"
wings=$(awk -F'|' '
  /^## / { inside = ($0 == "## Wings") }
  found && !/^\|/ { inside = 0 } # the first table only
  inside && /^\| [a-z]/ { found = 1; gsub(/[`,]/, " ", $3); print $3 }' docs/design.md)
[ -n "$wings" ] || { echo 'docs/design.md has no table below "## Wings"'; exit 1; }
find include/verdant -mindepth 1 -name '*.hpp' -exec grep -H '^#include <verdant/' {} + | awk -v wings="$wings" '
  BEGIN {
    n = split(wings, line, "\n")
    for (w = 1; w <= n; ++w) { m = split(line[w], room, " "); for (i = 1; i <= m; ++i) { row[room[i]] = ++rows; wing[room[i]] = w } }
  }
  # A header of the ground that stands beside the rooms (units.hpp) is a room of its own; other headers there are umbrellas.
  function room_of(path, parts, name) {
    if (split(path, parts, "/") > 1) return parts[1]
    name = path; sub(/\.hpp$/, "", name)
    return name ~ /^(units|error|version)$/ ? name : ""
  }
  function folder_of(path) {
    sub(/\/[^\/]*$/, "", path); sub(/\/detail$/, "", path)
    return path
  }
  function complain(text) { print text; bad = 1 }
  {
    split($0, half, ":#include <verdant/")
    from = half[1]; sub(/^include\/verdant\//, "", from)
    to = half[2]; sub(/>.*/, "", to)
    here = room_of(from); there = room_of(to)
    if (here == "") next # an umbrella
    if (!(here in row)) { if (!(here in told)) complain(from ": docs/design.md, Wings, has no room " here); told[here] = 1; next }
    if (there == "") { complain(from " includes the umbrella " to "; include what it uses"); next }
    if (!(there in row)) { complain(from " includes " to ": docs/design.md, Wings, has no room " there); next }
    if (row[there] > row[here]) complain(from " includes " to (wing[there] > wing[here] ? " of a wing below its own" : " of a room that stands after its own"))
    if (to ~ /\/detail\// && here != there) complain(from " includes " to ", which belongs to the room " there " alone")
    ++count
    a = folder_of(from); b = folder_of(to)
    if (a != b && !((a, b) in edge)) { edge[a, b] = from " includes " to; node[a]; node[b] }
  }
  END {
    # Folders that lead nowhere, and those that nothing leads to, are taken away until none is left; the rest lies on circles or between them.
    for (e in edge) { split(e, ends, SUBSEP); ++out[ends[1]]; ++in_[ends[2]] }
    do {
      removed = 0
      for (f in node) if (!(f in gone) && (!out[f] || !in_[f])) {
        gone[f]; removed = 1
        for (e in edge) {
          split(e, ends, SUBSEP)
          if (ends[1] == f && !(ends[2] in gone)) --in_[ends[2]]
          if (ends[2] == f && !(ends[1] in gone)) --out[ends[1]]
        }
      }
    } while (removed)
    for (e in edge) { split(e, ends, SUBSEP); if (!(ends[1] in gone) && !(ends[2] in gone)) complain("on a circle of folders: " edge[e]) }
    if (!count) complain("no includes found")
    else print count " includes checked"
    exit bad
  }'
