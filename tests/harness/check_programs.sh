#!/bin/sh
# check_programs.sh COMPILER FLAGS FOLDER [JOBS [FIRST STEP]]: the programs FOLDER/*.cpp, each whole and with one mistake, as in check_rejection.sh, with default flags:
# the first `error:` line holds the message of `// expect: <message>`, and there are at most 15 lines of diagnostics. A program whose second line is
# `// exempt: <reason>` needs no such message, since it is no library that reads what it has; at least 95 % of the programs must do without.
# With VERDANT_GOOD defined they compile without a word; of equal repaired programs one is compiled.
# With FIRST and STEP only the programs number FIRST, FIRST + STEP, ..., counted from 0, so that compilers can take turns.
# VERDANT_REPAIRED=no leaves the repaired programs out, which one compiler checks.
# $VERDANT_PRECOMPILED is a folder of precompile.sh with <verdant/verdant.hpp>, which each program includes first.
set -u
compiler=$1
flags=$2
folder=$3
jobs=${4:-2}
turn=${5:-0}
step=${6:-1}
limit=15

# One program: check_programs.sh --one COMPILER FLAGS SCRATCH SOURCE; writes what is wrong with it to SCRATCH.
if [ "$compiler" = --one ]; then
  compiler=$2
  flags=$3
  scratch=$4
  source=$5
  name=$(basename "$source" .cpp)
  precompiled=${VERDANT_PRECOMPILED:-}
  if [ -n "$precompiled" ] && [ -e "$precompiled/verdant/verdant.hpp.pch" ]; then
    set -- -include-pch "$precompiled/verdant/verdant.hpp.pch"
  elif [ -n "$precompiled" ]; then
    set -- "-I$precompiled"
  else
    set --
  fi
  case $source in
    *.good.cpp)
      # -P and a fixed name, since warnings name the file.
      diagnostics=$("$compiler" "$@" "@$flags" -DVERDANT_GOOD -fsyntax-only "$source" 2>&1) && [ -z "$diagnostics" ] && exit
      printf '%s: the repaired variant must compile without a word:\n%s\n' "$name" "$diagnostics" >"$scratch/$name.wrong"
      exit
      ;;
  esac
  expected=$(sed -n '1s,^// expect: ,,p' "$source")
  diagnostics=$("$compiler" "$@" "@$scratch/default_flags" -fsyntax-only "$source" 2>&1) && diagnostics="it compiles: $diagnostics"
  lines=$(printf '%s\n' "$diagnostics" | grep -vc '^In file included from .*/precompiled.hpp:')
  first=$(printf '%s\n' "$diagnostics" | grep -m 1 'error:')
  found=
  case $first in
    '') found='no error' ;;
    *"$expected"*) [ "$lines" -le "$limit" ] || found="$lines lines of diagnostics" ;;
    *) found='another message' ;;
  esac
  if sed -n '2p' "$source" | grep -q '^// exempt: .'; then
    if [ -n "$first" ]; then
      : >"$scratch/$name.exempt"
      [ -z "$found" ] || : >"$scratch/$name.exempt_here"
    else
      printf '%s: it must not compile\n' "$name" >"$scratch/$name.wrong"
    fi
  elif [ -z "$expected" ] || [ -n "$found" ]; then
    printf '%s: %s, expected within %s lines: %s\n%s\n' "$name" "$found" "$limit" "$expected" "$diagnostics" >"$scratch/$name.wrong"
  fi
  printf '%s: %s lines: %s\n' "$name" "$lines" "$first" >"$scratch/$name.done"
  exit
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
grep -v '^-W' "$flags" >"$scratch/default_flags"
mkdir "$scratch/good"
taken=$(printf '%s\n' "$folder"/*.cpp | awk -v turn="$turn" -v step="$step" '(NR - 1) % step == turn')
for source in $taken; do
  # The repaired program without its head; equal ones have one name.
  awk '/^\/\/ (expect|exempt): /{next} /^#if defined\(VERDANT_GOOD\)/{next} /^#else/{bad = 1; next} /^#endif/{bad = 0; next} !bad' "$source" >"$scratch/program"
  sum=$(cksum <"$scratch/program" | tr ' ' '_')
  [ -e "$scratch/good/$sum.good.cpp" ] || cp "$scratch/program" "$scratch/good/$sum.good.cpp"
done
{
  [ "${VERDANT_REPAIRED:-yes}" = no ] || printf '%s\n' "$scratch"/good/*.good.cpp
  printf '%s\n' "$taken"
} | xargs -P "$jobs" -I '{}' sh "$0" --one "$compiler" "$flags" "$scratch" '{}'

count() { find "$scratch" -maxdepth 1 -name "*.$1" | wc -l; }
programs=$(count done)
exempt=$(count exempt)
wrong=$(count wrong)
cat "$scratch"/*.done | sort
[ "$wrong" -eq 0 ] || cat "$scratch"/*.wrong >&2
echo "$programs programs, $exempt of them exempt, $wrong wrong"
[ "$programs" -eq "$(printf '%s\n' "$taken" | wc -l)" ] || exit 1
[ "$wrong" -eq 0 ] || exit 1
# Of all of them, whichever were taken.
exempt=$(sed -s -n '2{/^\/\/ exempt: ./p}' "$folder"/*.cpp | wc -l)
[ $((exempt * 20)) -le "$(printf '%s\n' "$folder"/*.cpp | wc -l)" ] || { echo "more than 5 % are exempt" >&2; exit 1; }
