#!/bin/sh
# precompile.sh COMPILER FLAGS FOLDER HEADER...: the precompiled form of these headers in FOLDER, under the name of the first, for programs that
# include that one first and the others, too, see check_rejection.sh.
# FLAGS is a response file.
set -eu
compiler=$1
flags=$2
folder=$3
shift 3
mkdir -p "$folder/$(dirname "$1")"
kind=gch
! "$compiler" --version | grep -q clang || kind=pch
for header in "$@"; do printf '#include <%s>\n' "$header"; done >"$folder/precompiled.hpp"
"$compiler" "@$flags" -x c++-header "$folder/precompiled.hpp" -o "$folder/$1.$kind"
