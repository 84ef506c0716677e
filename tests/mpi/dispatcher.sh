#!/bin/sh
# dispatcher.sh PROGRAM MPIRUN: all its test cases in one, two and four processes; each process must say that all passed.
set -eu
program=$1
mpirun=$2
. "${0%/*}/launch.sh"
for n in 1 2 4; do
  said=$(launch $n "$program") || { printf '%s\n' "$said"; echo "in $n processes"; exit 1; }
  printf '%s\n' "$said"
  [ "$(printf '%s\n' "$said" | grep -c 'All tests passed')" -eq $n ]
done
