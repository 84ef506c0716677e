#!/bin/sh
# compare_output.sh PROGRAM EXPECTED: runs an example and compares what it prints with its golden output.
# With VERDANT_UPDATE_OUTPUTS=1 in the environment it writes the golden output instead.
set -eu
program=$1
expected=$2
actual=$(mktemp)
trap 'rm -f "$actual"' EXIT
"$program" >"$actual"
if [ "${VERDANT_UPDATE_OUTPUTS:-0}" = 1 ]; then
  cp "$actual" "$expected"
fi
if [ ! -f "$expected" ]; then
  echo "no golden output: write $expected (VERDANT_UPDATE_OUTPUTS=1 ctest -R example does)" >&2
  exit 1
fi
diff -u "$expected" "$actual"
