#!/bin/sh
# check_rejection.sh COMPILER FLAGS SOURCE [LIMIT]: the source is rejected with the message of its first line, `// expect: <message>`, in the
# first `error:` line and within LIMIT (15) lines of diagnostics; with VERDANT_GOOD defined it compiles without a word.
# A second line `// once` asks for no other message of verdant.
# Lines `// and: <message>` below the first are of further mistakes in the same source: there is one error for each message, in any order, and LIMIT lines for
# each. So one run of the compiler serves mistakes that do not touch each other.
# VERDANT_REPAIRED=no leaves out the repaired variant, which one compiler checks.
# $VERDANT_PRECOMPILED is a folder of precompile.sh with what the source includes first.
set -u
compiler=$1
flags=$2
source=$3
limit=${4:-15}

fail() {
  printf '%s: %s\n' "$source" "$1" >&2
  printf '%s\n' "$diagnostics" >&2
  exit 1
}

diagnostics=
expected=$(sed -n '1s,^// expect: ,,p' "$source")
[ -n "$expected" ] || fail "the first line must be '// expect: <message>'"
grep -q 'VERDANT_GOOD' "$source" || fail "there is no repaired variant under '#if defined(VERDANT_GOOD)'"

# g++ looks for the precompiled form beside each header that it looks for; clang has to be told.
header=$(sed -n 's,^#include <\(.*\)>,\1,p;s,^#include "\(.*\)",\1,p' "$source" | head -n 1)
precompiled=${VERDANT_PRECOMPILED:-}
if [ -n "$precompiled" ] && [ -e "$precompiled/$header.pch" ]; then
  set -- -include-pch "$precompiled/$header.pch"
elif [ -n "$precompiled" ] && [ -e "$precompiled/$header.gch" ]; then
  set -- "-I$precompiled"
else
  set --
fi

if [ "${VERDANT_REPAIRED:-yes}" = no ]; then
  :
elif diagnostics=$("$compiler" "$@" "@$flags" -DVERDANT_GOOD -fsyntax-only "$source" 2>&1); then
  [ -z "$diagnostics" ] || fail "the repaired variant compiles, but with warnings:"
else
  fail "the repaired variant must compile:"
fi

if diagnostics=$("$compiler" "$@" "@$flags" -fsyntax-only "$source" 2>&1); then
  fail "must not compile, but does"
fi
first=$(printf '%s\n' "$diagnostics" | grep -m 1 'error:')
others=$(sed -n '/^\/\/ and: /!{1!q};s,^// and: ,,p' "$source")
if [ -n "$others" ]; then
  mistakes=$(printf '%s\n%s\n' "$expected" "$others" | wc -l)
  errors=$(printf '%s\n' "$diagnostics" | grep -c 'error:')
  [ "$errors" -eq "$mistakes" ] || fail "$errors errors for $mistakes mistakes:"
  printf '%s\n%s\n' "$expected" "$others" | {
    while IFS= read -r message; do
      printf '%s\n' "$diagnostics" | grep 'error:' | grep -qF -- "$message" || { printf '%s\n' "$message"; exit 1; }
    done
  } || fail "expected in an error line: the message above"
  limit=$((limit * mistakes))
else
  case $first in
    *"$expected"*) ;;
    *) fail "expected in the first error line: $expected" ;;
  esac
fi
if [ "$(sed -n 2p "$source")" = "// once" ]; then
  errors=$(printf '%s\n' "$diagnostics" | grep -c 'error:.*verdant: ')
  [ "$errors" -eq 1 ] || fail "$errors messages of verdant for one mistake:"
fi
lines=$(printf '%s\n' "$diagnostics" | grep -vc '^In file included from .*/precompiled.hpp:')
[ "$lines" -le "$limit" ] || fail "$lines lines of diagnostics, at most $limit are allowed:"
printf '%s lines: %s\n' "$lines" "$first"
