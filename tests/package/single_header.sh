#!/bin/sh
# single_header.sh COMPILER FLAGS ROOT FOLDER: programs that have the library as one file only. FLAGS is a response file.
set -eu
compiler=$1
root=$3
folder=$4
rm -rf "$folder"
mkdir -p "$folder"
cd "$folder"
grep -vxF -e "-I$root/include" "$2" >flags || true

"$root/scripts/single_header" core/verdant/verdant.hpp
if grep -n '#include <verdant/' core/verdant/verdant.hpp; then
  echo "the single header includes others"
  exit 1
fi
cp "$root/tests/package/consumer/main.cpp" consumer.cpp
"$compiler" @flags -Icore consumer.cpp -o consumer -pthread
./consumer
# The folder of the file itself, and the file twice.
sed 's,<verdant/verdant.hpp>,<verdant.hpp>,; /^#include/p' consumer.cpp >twice.cpp
"$compiler" @flags -Icore/verdant -fsyntax-only twice.cpp

# README's program, which uses evaluators and a published space.
"$root/scripts/single_header" --with evaluators --with spaces more/verdant/verdant.hpp
sed '/^#include <verdant\//{/<verdant\/verdant.hpp>/!d}' "$root/examples/readme/first_search.cpp" >first_search.cpp
"$compiler" @flags -O1 -Imore first_search.cpp -o first_search -pthread
sh "$root/tests/harness/compare_output.sh" ./first_search "$root/examples/readme/first_search.out"

# What cannot be there is refused, and leaves nothing.
if "$root/scripts/single_header" --with no_such_room none/verdant.hpp 2>log || ! grep -q 'no umbrella include/verdant/no_such_room.hpp' log || [ -e none ]; then
  cat log
  echo "an umbrella that is not there is not refused"
  exit 1
fi
