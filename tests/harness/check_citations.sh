#!/bin/sh
# check_citations.sh ROOT: a document that a comment of the library, its tests or its examples cites as `<name>.md` stands in docs/ or beside README.md.
set -eu
cd "$1"
cited=$(find include tests examples benchmarks \( -name '*.hpp' -o -name '*.cpp' -o -name '*.py' \) -exec grep -HnoE '[A-Za-z0-9_-]+\.md\>' {} +)
[ -n "$cited" ] || { echo 'no comment cites a document; is the pattern of check_citations.sh still right?'; exit 1; }
bad=0
for at in $cited; do
  name=${at##*:}
  [ -f "docs/$name" ] || [ -f "$name" ] || { echo "${at%:*} cites $name, which is neither in docs/ nor beside README.md"; bad=1; }
done
exit $bad
