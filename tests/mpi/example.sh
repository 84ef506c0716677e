#!/bin/sh
# example.sh PROGRAM MPIRUN GOLDEN: an example prints in three processes what it prints in one.
set -eu
mpirun=$2
. "${0%/*}/launch.sh"
launch 3 "$1" | diff -u "$3" -
