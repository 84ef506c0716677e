#!/bin/sh
# self_test.sh COMPILER FLAGS ROOT: the checks of this folder fail when they should.
set -eu
compiler=$1
flags=$2
root=$3
harness=$root/tests/harness
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

# complains <text> <what> <command>...: it fails and says that.
complains() {
  text=$1
  shift
  fails "$@"
  grep -qF -- "$text" log || { echo "should say \"$text\": $1"; cat log; status=1; }
}

# source <first line> <mistake> <repaired>
source() { printf '%s\n#if defined(VERDANT_GOOD)\n%s\n#else\n%s\n#endif\n' "$1" "$3" "$2" >case.cpp; }
rejection="sh $harness/check_rejection.sh $compiler $flags case.cpp"
source '// expect: verdant: no' 'static_assert(false, "verdant: no");' 'static_assert(true);'
passes "the expected message" $rejection
fails "more lines than allowed" $rejection 1
source '// expect: verdant: no' 'static_assert(false, "verdant: yes");' 'static_assert(true);'
fails "another message" $rejection
source '// expect: verdant: no' 'int other = nullptr; static_assert(false, "verdant: no");' 'static_assert(true);'
fails "the message in the second error line" $rejection
source '// expect: verdant: no' 'static_assert(true, "verdant: no");' 'static_assert(true);'
fails "a mistake that compiles" $rejection
source '// expect: verdant: no' 'static_assert(false, "verdant: no");' 'static_assert(false, "verdant: no");'
fails "a repaired variant that does not compile" $rejection
source '// expect: verdant: no' 'static_assert(false, "verdant: no");' 'inline void f(int unused) {}'
fails "a repaired variant with a warning" $rejection
source '// verdant: no' 'static_assert(false, "verdant: no");' 'static_assert(true);'
fails "no expectation" $rejection
two='// expect: verdant: no
// and: verdant: never'
source "$two" 'static_assert(false, "verdant: never"); static_assert(false, "verdant: no");' 'static_assert(true);'
passes "two mistakes in any order" $rejection
fails "more lines than allowed for two mistakes" $rejection 1
source "$two" 'static_assert(false, "verdant: no"); static_assert(false, "verdant: not");' 'static_assert(true);'
complains "verdant: never" "two mistakes, one with another message" $rejection
source "$two" 'static_assert(false, "verdant: no, and verdant: never");' 'static_assert(true);'
complains "1 errors for 2 mistakes" "two mistakes in one error" $rejection
source "$two" 'static_assert(false, "verdant: no"); int other = nullptr; static_assert(false, "verdant: never");' 'static_assert(true);'
complains "3 errors for 2 mistakes" "another error beside two mistakes" $rejection

mkdir -p programs
programs="sh $harness/check_programs.sh $compiler $flags programs"
program() { source "$@" && mv case.cpp programs/one.cpp; }
program '// expect: verdant: no' 'static_assert(false, "verdant: no");' 'static_assert(true);'
passes "a program with the expected message" $programs
program '// expect: verdant: no' 'static_assert(false, "verdant: yes");' 'static_assert(true);'
complains "another message" "a program with another message" $programs
program '// expect: verdant: no' 'static_assert(true);' 'static_assert(true);'
fails "a program that compiles" $programs
program '// expect: verdant: no' 'static_assert(false, "verdant: no");' 'inline void f(int unused) {}'
complains "must compile without a word" "a repaired program with a warning" $programs
program '// expect: verdant: no' "$(for i in 1 2 3 4 5 6 7 8; do echo 'static_assert(false, "verdant: no");'; done)" 'static_assert(true);'
complains "lines of diagnostics" "more lines than allowed" $programs
program '// expect: verdant: no
// exempt: for a test' 'int other = nullptr;' 'static_assert(true);'
complains "more than 5 % are exempt" "a share of exempt programs" $programs
program '// expect: verdant: no' 'static_assert(false, "verdant: yes");' 'static_assert(true);'
mv programs/one.cpp programs/two.cpp
program '// expect: verdant: no' 'static_assert(false, "verdant: no");' 'static_assert(true);'
passes "the first of two programs, which is right" $programs 2 0 2
complains "another message" "the second of two programs, which is wrong" $programs 2 1 2

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
printf '#include <cstddef>\nnamespace a = std;\n\n// [part]\nstd::size_t x = 1;\n// [/part]\nint main() {}\n' >project/examples/e/e.cpp
document '<!-- includes of examples/e/e.cpp -->\n```cpp\n#include <cstddef>\nnamespace a = std;\n```\n```cpp\nstd::size_t x = 1;\n```\n'
passes "a passage after its includes" $snippets
document '```cpp\nstd::size_t x = 1;\n```\n'
fails "a passage without its includes" $snippets
document '<!-- includes of examples/e/e.cpp -->\n```cpp\n#include <cstdint>\n```\n```cpp\nstd::size_t x = 1;\n```\n'
fails "other includes" $snippets

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

# Rooms and wings: a house of two wings, whose upper one has two rooms, and where the table is not the only one of the document.
mkdir -p house/docs house/cmake house/include/verdant/first/inner/detail house/include/verdant/second/a house/include/verdant/second/b house/include/verdant/third
h=house/include/verdant
header() {
  file=$h/$1
  shift
  printf '#pragma once\n' >"$file"
  [ $# = 0 ] || printf '#include <verdant/%s>\n' "$@" >>"$file"
}
whole_house() {
  printf '## Other\n\n| wing | rooms |\n|---|---|\n| none | `third` |\n\n## Wings\n\n| wing | rooms |\n|---|---|\n| upper | `units` `first` `second` |\n| lower | `third` |\n\n| room | holds |\n|---|---|\n| `second/` | a word |\n\n## More\n\n| wing | rooms |\n|---|---|\n| none | `first` |\n' >house/docs/design.md
  header units.hpp
  header first/inner/detail/hidden.hpp units.hpp
  header first/inner/shown.hpp first/inner/detail/hidden.hpp
  header first/plain.hpp first/inner/shown.hpp
  header second/a/one.hpp first/plain.hpp
  header second/b/two.hpp second/a/one.hpp
  header third/low.hpp second/b/two.hpp units.hpp
  header first.hpp first/inner/shown.hpp first/plain.hpp
  header second.hpp second/a/one.hpp second/b/two.hpp
  header third.hpp third/low.hpp
}
layers="sh $harness/check_layers.sh house"
whole_house
passes "includes that lead upward only" $layers
header second/a/one.hpp third/low.hpp
complains "second/a/one.hpp includes third/low.hpp of a wing below its own" "a header that includes a lower wing" $layers
whole_house
header first/plain.hpp second/a/one.hpp
complains "first/plain.hpp includes second/a/one.hpp of a room that stands after its own" "a header that includes a later room" $layers
whole_house
header third/low.hpp second.hpp
complains "third/low.hpp includes the umbrella second.hpp" "a header that includes an umbrella" $layers
whole_house
header units.hpp first/plain.hpp
complains "units.hpp includes first/plain.hpp of a room that stands after its own" "a header beside the rooms that includes one" $layers
whole_house
header second/a/one.hpp first/inner/detail/hidden.hpp
complains "which belongs to the room first alone" "a header that includes another room's detail" $layers
whole_house
header second/a/other.hpp second/b/two.hpp
complains "on a circle of folders: second/a/other.hpp includes second/b/two.hpp" "folders of a room on a circle" $layers
rm $h/second/a/other.hpp
header first/plain.hpp first/inner/shown.hpp
header first/inner/other.hpp first/plain.hpp
complains "on a circle of folders: first/inner/other.hpp includes first/plain.hpp" "a folder on a circle with the one around it" $layers
rm $h/first/inner/other.hpp
mkdir $h/fourth
header fourth/new.hpp units.hpp
complains "no room fourth" "a room without a row" $layers
rm -r $h/fourth
header third/low.hpp fourth/new.hpp
complains "third/low.hpp includes fourth/new.hpp: docs/design.md, Wings, has no room fourth" "an include from a room without a row" $layers
whole_house
sed -i 's/^## Wings/## Rooms/' house/docs/design.md
complains "no table" "a document without the table" $layers
mkdir -p hut/docs hut/include/verdant
cp house/docs/design.md hut/docs/
sed -i 's/^## Rooms/## Wings/' hut/docs/design.md
complains "no includes found" "no headers to check" sh "$harness/check_layers.sh" hut

# The list of all headers in the document.
map="sh $root/scripts/header_map --root house"
whole_house
complains "house" "a document without a place for the list" $map --check
printf '\n<!-- headers by folder; scripts/header_map writes them -->\n<!-- end of headers -->\n' >>house/docs/design.md
fails "a list that is empty" $map --check
passes "writing the list" $map
passes "the list as it was written" $map --check
grep -qFx '| `first/inner/detail/` | hidden |' house/docs/design.md || { echo "should list: first/inner/detail/hidden.hpp"; status=1; }
header second/a/later.hpp
complains "later" "a header that the list lacks" $map --check
rm $h/second/a/later.hpp

# Umbrellas: first has no component, second/b/two.hpp needs json.
umbrellas="sh $harness/check_umbrellas.sh house"
whole_house
house_list() {
  { printf 'set(verdant_headers\n'; printf '  verdant/%s\n' "$@"; printf ')\n\nset(verdant_json_headers\n  verdant/second/b/two.hpp\n)\n'; } >house/cmake/headers.cmake
}
all="first.hpp first/inner/detail/hidden.hpp first/inner/shown.hpp first/plain.hpp second.hpp second/a/one.hpp third.hpp third/low.hpp units.hpp"
house_list $all
header second.hpp second/a/one.hpp
passes "umbrellas that export their rooms" $umbrellas
header second.hpp second/a/one.hpp second/b/two.hpp
complains "verdant/second.hpp exports verdant/second/b/two.hpp, which needs the component json" "an umbrella that needs a component" $umbrellas
header second.hpp
complains "verdant/second.hpp does not export verdant/second/a/one.hpp" "a header that is not exported" $umbrellas
header second.hpp second/a/one.hpp first/plain.hpp
complains "verdant/second.hpp exports verdant/first/plain.hpp, which is not of its room" "an umbrella that exports another room" $umbrellas
header second.hpp second/a/one.hpp
header first.hpp first/inner/shown.hpp first/plain.hpp first/inner/detail/hidden.hpp
complains "verdant/first.hpp exports verdant/first/inner/detail/hidden.hpp, which is not of its room" "an umbrella that exports detail" $umbrellas
header first.hpp first/inner/shown.hpp first/plain.hpp
house_list $(printf '%s\n' $all | grep -v '^third.hpp')
complains "no umbrella verdant/third.hpp" "a room without an umbrella" $umbrellas
house_list
printf 'set(verdant_headers\n)\n' >house/cmake/headers.cmake
complains "no headers found" "no headers at all" $umbrellas
# An umbrella of a component exports what needs that component.
printf 'set(verdant_headers\n  verdant/first/plain.hpp\n)\n\nset(verdant_json_headers\n  verdant/first.hpp\n  verdant/first/inner/shown.hpp\n)\n' >house/cmake/headers.cmake
passes "an umbrella that needs a component, as its room does" $umbrellas
header first.hpp first/plain.hpp
complains "verdant/first.hpp does not export verdant/first/inner/shown.hpp" "a header of that component that is not exported" $umbrellas

echo 'inline int f(int unused) { return 0; }' >project/include/verdant/a.hpp
printf '%s\n' "-I$scratch/project/include" -Wall -Wextra -Werror -std=c++20 >own_flags
passes "a header that stands alone" sh "$harness/check_header.sh" "$compiler" own_flags verdant/b.hpp
fails "a header with a warning, without a guard" sh "$harness/check_header.sh" "$compiler" own_flags verdant/a.hpp
together="sh $harness/check_headers.sh $compiler own_flags"
echo '#pragma once
inline int g() { return 0; }' >project/include/verdant/d.hpp
echo '#pragma once
inline long g() { return 0; }' >project/include/verdant/e.hpp
passes "headers that go together" $together verdant/b.hpp verdant/d.hpp
fails "a header with a warning among others" $together verdant/b.hpp verdant/a.hpp
fails "headers that contradict each other" $together verdant/d.hpp verdant/e.hpp
printf '#pragma once\nnamespace outer::inner {}\n' >project/include/verdant/f.hpp
printf '#pragma once\nnamespace inner { inline int h() { return 0; } }\nnamespace outer { inline int k() { return inner::h(); } }\n' >project/include/verdant/g.hpp
fails "a header that hides what another means" $together verdant/f.hpp verdant/g.hpp
fails "the same in reverse" $together verdant/g.hpp verdant/f.hpp
fails "no headers at all" $together

# Rejected programs with a precompiled header: it stands for what they include, and only for that.
printf '#pragma once\nconstexpr bool no = false;\n' >project/include/verdant/d.hpp
passes "a precompiled header" sh "$harness/precompile.sh" "$compiler" own_flags precompiled verdant/d.hpp verdant/b.hpp
fails "a precompiled header that does not compile" sh "$harness/precompile.sh" "$compiler" own_flags elsewhere verdant/a.hpp verdant/e.hpp verdant/missing.hpp
source '// expect: verdant: no' 'static_assert(no, "verdant: no");' 'static_assert(!no);'
sed '1a #include <verdant/d.hpp>' case.cpp >with.cpp
shared="env VERDANT_PRECOMPILED=$scratch/precompiled sh $harness/check_rejection.sh $compiler own_flags"
passes "the expected message, with a precompiled header" $shared with.cpp
sed '1a #include <string>' case.cpp >without.cpp
fails "a precompiled header that is not included" $shared without.cpp

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

# Recipes of package managers that know every component.
mkdir -p recipes/cmake
cp "$root/CMakeLists.txt" recipes/
cp -R "$root/cmake/packaging" recipes/cmake/
passes "recipes that know all components" sh "$harness/check_recipes.sh" recipes
printf 'verdant_add_component(quantum\n  REQUIRES Qubits)\n' >>recipes/CMakeLists.txt
complains "portfile.cmake says nothing of VERDANT_WITH_QUANTUM" "a component that a recipe forgets" sh "$harness/check_recipes.sh" recipes
complains "conanfile.py says nothing of VERDANT_WITH_QUANTUM" "a component that the other recipe forgets" sh "$harness/check_recipes.sh" recipes
cp "$root/CMakeLists.txt" recipes/
sed -i 's/ yaml / yam /' recipes/cmake/packaging/vcpkg/verdant/portfile.cmake
complains "portfile.cmake names VERDANT_WITH_YAM, which is nothing of CMakeLists.txt" "a component that there is not" sh "$harness/check_recipes.sh" recipes
cp "$root/cmake/packaging/vcpkg/verdant/portfile.cmake" recipes/cmake/packaging/vcpkg/verdant/
sed -i '/"postgres"/d' recipes/cmake/packaging/vcpkg/verdant/vcpkg.json
complains "vcpkg.json has no feature postgres" "a feature that is not declared" sh "$harness/check_recipes.sh" recipes

# The slowest tests, from ctest's log.
printf '1/3 Test: quick\nTest time =   0.20 sec\n2/3 Test: slow one\nTest time =  11.50 sec\n3/3 Test: middle\nTest time =   3.00 sec\n' >ctest.log
slowest() { [ "$(bash -c ". '$root/scripts/setup.sh'; slowest_tests ctest.log $1" | sed 1,2d | awk '{ print $3 }' | tr '\n' ' ')" = "$2" ]; }
passes "the two slowest tests" slowest 2 "slow middle "
passes "no more than there are" slowest 10 "slow middle quick "
exit $status
