#!/bin/sh
# check_headers.sh COMPILER FLAGS HEADER...: these headers compile in one unit in this order and, in another, in reverse, without warnings: none
# changes what a later one means. That each stands alone is proven with the other compiler, see check_header.sh, and need not be paid for twice: the
# same standard library is below both.
# FLAGS is a response file.
set -eu
compiler=$1
flags=$2
shift 2
[ $# -gt 0 ] || { echo "no headers" >&2; exit 1; }
list() { for header in "$@"; do printf '#include <%s>\n' "$header"; done; }
list "$@" | "$compiler" "@$flags" -fsyntax-only -x c++ -
[ $# = 1 ] || list "$@" | tac | "$compiler" "@$flags" -fsyntax-only -x c++ -
