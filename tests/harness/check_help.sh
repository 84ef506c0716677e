#!/bin/sh
# check_help.sh PROGRAM EXPECTED: compares what a program says to --help, and what each of its commands says, with the text that is kept beside it.
# With VERDANT_UPDATE_OUTPUTS=1 in the environment it writes that text instead.
set -eu
program=$1
expected=$2
actual=$(mktemp)
trap 'rm -f "$actual"' EXIT
"$program" --help >"$actual"
for output in full closed; do # what cannot be written is no success
  code=0
  case $output in
  full) said=$("$program" --help 2>&1 >/dev/full) || code=$? ;;
  closed) said=$("$program" --help 2>&1 >&-) || code=$? ;;
  esac
  case $code:$said in
  1:*"cannot write to standard output"*) ;;
  *)
    echo "standard output is $output: status $code, $said" >&2
    exit 1
    ;;
  esac
done
for command in $(sed -n '/^Subcommands:/,$s/^  \([a-z][a-z-]*\) .*/\1/p' "$actual"); do
  printf '\n%s\n' "------ $command --help" >>"$actual"
  "$program" "$command" --help >>"$actual"
done
if [ "${VERDANT_UPDATE_OUTPUTS:-0}" = 1 ]; then
  cp "$actual" "$expected"
fi
diff -u "$expected" "$actual"
