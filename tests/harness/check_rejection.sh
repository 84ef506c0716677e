#!/bin/sh
# check_rejection.sh COMPILER FLAGS SOURCE [LIMIT]: the source is rejected with the message of its first line, `// expect: <message>`, in the
# first `error:` line and within LIMIT (15) lines of diagnostics; with VERDANT_GOOD defined it compiles without a word.
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

if diagnostics=$("$compiler" "@$flags" -DVERDANT_GOOD -fsyntax-only "$source" 2>&1); then
  [ -z "$diagnostics" ] || fail "the repaired variant compiles, but with warnings:"
else
  fail "the repaired variant must compile:"
fi

if diagnostics=$("$compiler" "@$flags" -fsyntax-only "$source" 2>&1); then
  fail "must not compile, but does"
fi
first=$(printf '%s\n' "$diagnostics" | grep -m 1 'error:')
case $first in
  *"$expected"*) ;;
  *) fail "expected in the first error line: $expected" ;;
esac
lines=$(printf '%s\n' "$diagnostics" | wc -l)
[ "$lines" -le "$limit" ] || fail "$lines lines of diagnostics, at most $limit are allowed:"
printf '%s lines: %s\n' "$lines" "$first"
