# Read by scripts: launch N PROGRAM ARGUMENT... starts N processes by "$mpirun", as many seconds as $seconds says (120).
# OpenMPI refuses root and more processes than processors unless told otherwise; another MPI does not know these.
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
unset WORLD_SIZE RANK SLURM_NTASKS SLURM_PROCID || true
launch() {
  launched=$1
  shift
  if "$mpirun" --version 2>/dev/null | grep -qi 'open.*mpi'; then
    timeout -k 5 "${seconds:-120}" "$mpirun" -np "$launched" --oversubscribe --bind-to none "$@"
  else
    timeout -k 5 "${seconds:-120}" "$mpirun" -np "$launched" "$@"
  fi
}
