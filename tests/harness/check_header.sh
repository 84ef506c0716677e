#!/bin/sh
# check_header.sh COMPILER FLAGS HEADER: the header compiles alone, and twice in a row, without warnings.
# FLAGS is a response file.
set -eu
printf '#include <%s>\n#include <%s>\n' "$3" "$3" | "$1" "@$2" -fsyntax-only -x c++ -
