#!/bin/sh
# laws.sh PROGRAM MPIRUN: the laws of communicators in three processes; each must say that it kept them.
set -eu
program=$1
mpirun=$2
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
# OpenMPI refuses root and more processes than processors unless told otherwise; another MPI does not know these.
if "$mpirun" --version 2>/dev/null | grep -qi 'open.*mpi'; then
  said=$(OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 "$mpirun" -np 3 --oversubscribe --bind-to none "$program")
else
  said=$("$mpirun" -np 3 "$program")
fi
printf '%s\n' "$said"
[ "$(printf '%s\n' "$said" | grep -c 'of 3: all laws kept')" -eq 3 ]
