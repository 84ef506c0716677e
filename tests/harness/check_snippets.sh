#!/bin/sh
# check_snippets.sh COMPILER FLAGS ROOT DOCUMENT: holds a Markdown document to the rules of CONTRIBUTING.md, "Snippets":
#  - a ```cpp block is a passage of a program or its headers under examples/ between `// [name]` and `// [/name]`, or a whole such program, or a complete
#    program, which is compiled and run;
#  - a ```cpp block after the line `<!-- rejected: message -->` must not compile, with that message in the first error line;
#  - a ```text block after the line `<!-- output of examples/x/y.cpp -->` equals the golden output of that example;
#  - every path below scripts/, examples/, tests/, benchmarks/ or docs/ named in a ```sh block exists.
set -eu
compiler=$1
flags=$2
root=$3
document=$4
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$root"

find examples -name '*.[ch]pp' -exec awk -f tests/harness/passages.awk {} + >"$scratch/passages"
status=0
awk -v scratch="$scratch" -v passages="$scratch/passages" -f tests/harness/snippets.awk "$document" >"$scratch/list" || status=1

while IFS='	' read -r kind line argument; do
  place="$document:$line"
  case $kind in
    quoted) echo "$place: quoted from $argument" ;;
    problem) echo "$place: $argument"; status=1 ;;
    program)
      if ! "$compiler" "@$flags" "$scratch/$line.cpp" -pthread -o "$scratch/$line" >"$scratch/log" 2>&1; then
        echo "$place: this program does not compile, and it is no passage of a program under examples/"
        cat "$scratch/log"
        status=1
      elif ! (cd "$scratch" && "./$line") >"$scratch/log" 2>&1; then
        echo "$place: this program fails"
        cat "$scratch/log"
        status=1
      else
        echo "$place: compiled and run"
      fi ;;
    rejected)
      if "$compiler" "@$flags" -fsyntax-only "$scratch/$line.cpp" >"$scratch/log" 2>&1; then
        echo "$place: compiles, but must not"
        status=1
      elif ! grep -m 1 'error:' "$scratch/log" | grep -qF -- "$argument"; then
        echo "$place: the first error line should say: $argument"
        cat "$scratch/log"
        status=1
      else
        echo "$place: rejected as documented"
      fi ;;
    output)
      golden=${argument%.cpp}.out
      if diff -u "$golden" "$scratch/$line.text"; then
        echo "$place: output of $argument"
      else
        echo "$place: this is not the output of $argument"
        status=1
      fi ;;
    path)
      if [ -e "$argument" ]; then
        echo "$place: $argument exists"
      else
        echo "$place: there is no $argument"
        status=1
      fi ;;
  esac
done <"$scratch/list"
exit $status
