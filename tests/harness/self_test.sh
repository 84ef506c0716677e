#!/bin/sh
# self_test.sh COMPILER FLAGS ROOT: the checks of this folder fail when they should.
set -eu
compiler=$1
flags=$2
harness=$3/tests/harness
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
status=0

# passes|fails <what> <command>...
passes() {
  what=$1
  shift
  "$@" >log 2>&1 || { echo "should pass: $what"; cat log; status=1; }
}
fails() {
  what=$1
  shift
  if "$@" >log 2>&1; then
    echo "should fail: $what"
    status=1
  fi
}

# source <first line> <mistake> <repaired>
source() { printf '%s\n#if defined(VERDANT_GOOD)\n%s\n#else\n%s\n#endif\n' "$1" "$3" "$2" >case.cpp; }
rejection="sh $harness/check_rejection.sh $compiler $flags case.cpp"
source '// expect: verdant: no' 'static_assert(false, "verdant: no");' 'static_assert(true);'
passes "the expected message" $rejection
fails "more lines than allowed" $rejection 1
source '// expect: verdant: no' 'static_assert(false, "verdant: yes");' 'static_assert(true);'
fails "another message" $rejection
source '// expect: verdant: no' 'int other = missing; static_assert(false, "verdant: no");' 'static_assert(true);'
fails "the message in the second error line" $rejection
source '// expect: verdant: no' 'static_assert(true, "verdant: no");' 'static_assert(true);'
fails "a mistake that compiles" $rejection
source '// expect: verdant: no' 'static_assert(false, "verdant: no");' 'static_assert(false, "verdant: no");'
fails "a repaired variant that does not compile" $rejection
source '// expect: verdant: no' 'static_assert(false, "verdant: no");' 'inline void f(int unused) {}'
fails "a repaired variant with a warning" $rejection
source '// verdant: no' 'static_assert(false, "verdant: no");' 'static_assert(true);'
fails "no expectation" $rejection

mkdir -p project/tests project/examples/e project/docs project/include/verdant project/cmake project/scripts
cp -r "$harness" project/tests/harness
printf '// [part]\nint main() {}\n// [/part]\n' >project/examples/e/e.cpp
echo right >project/examples/e/e.out
document() { printf "$1" >project/docs/d.md; }
snippets="sh $harness/check_snippets.sh $compiler $flags $scratch/project docs/d.md"
document '```cpp\nint main() {}\n```\n<!-- output of examples/e/e.cpp -->\n```text\nright\n```\n```sh\nexamples/e/e.cpp\n```\n'
passes "a passage, its output, a file" $snippets
document '```cpp\nint x;\n```\n'
fails "a fragment from nowhere" $snippets
document '```cpp\nint main() { return missing; }\n```\n'
fails "a program that does not compile" $snippets
document '```cpp\nint main() { return 1; }\n```\n'
fails "a program that fails" $snippets
document '<!-- rejected: no -->\n```cpp\nstatic_assert(false, "yes");\n```\n'
fails "a rejection with another message" $snippets
document '<!-- rejected: no -->\n```cpp\nstatic_assert(true, "no");\n```\n'
fails "a rejection that compiles" $snippets
document '<!-- output of examples/e/e.cpp -->\n```text\nwrong\n```\n'
fails "an old output" $snippets
document '```sh\nscripts/missing\n```\n'
fails "a script that is not there" $snippets
document '```cpp\nint main() {}\n'
fails "a block that is not closed" $snippets

printf '#!/bin/sh\necho right\n' >program
chmod +x program
passes "the right output" sh "$harness/compare_output.sh" ./program project/examples/e/e.out
echo wrong >wrong.out
fails "another output" sh "$harness/compare_output.sh" ./program wrong.out
fails "no golden output" sh "$harness/compare_output.sh" ./program missing.out

list="sh $harness/check_header_list.sh $scratch/project"
touch project/include/verdant/a.hpp project/include/verdant/b.hpp
printf 'set(h\n  verdant/a.hpp\n  verdant/b.hpp\n)\n' >project/cmake/headers.cmake
passes "a full list" $list
printf 'set(h\n  verdant/a.hpp\n)\n' >project/cmake/headers.cmake
fails "a header that is not listed" $list
printf 'set(h\n  verdant/b.hpp\n  verdant/a.hpp\n)\n' >project/cmake/headers.cmake
fails "a list out of order" $list
printf 'set(h\n  verdant/a.hpp\n  verdant/b.hpp\n  verdant/c.hpp\n)\n' >project/cmake/headers.cmake
fails "a header that is gone" $list

echo 'inline int f(int unused) { return 0; }' >project/include/verdant/a.hpp
printf '%s\n' "-I$scratch/project/include" -Wall -Wextra -Werror -std=c++20 >own_flags
passes "a header that stands alone" sh "$harness/check_header.sh" "$compiler" own_flags verdant/b.hpp
fails "a header with a warning, without a guard" sh "$harness/check_header.sh" "$compiler" own_flags verdant/a.hpp

# The same by the check that counts instantiations, too, where the ledger holds for this compiler.
mkdir -p project/benchmarks/compile
cp "$3/scripts/compile_budget" project/scripts/
printf 'header,cpu_seconds,instantiations\nverdant/a.hpp,0.01,0\nverdant/b.hpp,0.01,0\nverdant/c.hpp,0.01,0\n' >project/benchmarks/compile/budget.csv
budget="env VERDANT_CLANG=$compiler project/scripts/compile_budget"
if $budget --toolchain >log 2>&1; then
  echo '#include <string>' >project/include/verdant/c.hpp
  passes "a header within its budget" $budget --check-with "$scratch/own_flags" verdant/b.hpp
  fails "a header with a warning, counted" $budget --check-with "$scratch/own_flags" verdant/a.hpp
  fails "a header beyond its budget" $budget --check-with "$scratch/own_flags" verdant/c.hpp
fi
exit $status
