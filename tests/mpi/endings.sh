#!/bin/sh
# endings.sh PROGRAM MPIRUN: searches in several processes end, whatever happens, and say what it was.
set -eu
program=$1
mpirun=$2
. "${0%/*}/launch.sh"
seconds=60
# says WELL_OR_BADLY TEXT ARGUMENT...: launches, and looks for a text in what is said.
says() {
  how=$1
  text=$2
  shift 2
  code=0
  said=$(launch "$@" 2>&1) || code=$?
  case $how$code in
    well0 | badly[1-9]*) ;;
    *) printf '%s\n' "$said"; echo "launch $*: ended with $code, not $how"; exit 1 ;;
  esac
  [ $code -ne 124 ] || { printf '%s\n' "$said"; echo "launch $*: has not ended"; exit 1; }
  printf '%s\n' "$said" | grep -q -- "$text" || { printf '%s\n' "$said"; echo "launch $*: does not say: $text"; exit 1; }
  echo "$*: $text"
}
says well '60 trials, the end' 3 "$program" nothing
says well '60 trials, the end' 1 "$program" nothing
says well '20 trials, the end' 3 "$program" stop
says badly 'process 0: the disk is full' 3 "$program" exception
says badly 'process 0: the disk is full' 3 "$program" exception_while_busy
says badly 'process 0: the disk is full' 3 "$program" exception_later
says badly 'the disk is full' 3 "$program" exception_uncaught
says badly 'process 1: no training data on this machine' 3 "$program" no_data
says badly 'process [12] evaluates for process 0, which runs the search; write if (workers.serve()) return 0; before run' 3 "$program" no_serve
says badly 'process 2: expected the program of process 0, found another one: parameter width: .* there, .* here' 2 "$program" nothing : -np 1 "$program" other_space
says badly 'process 1: expected the program of process 0, found another one: evaluator 0: .*measure there, .*train here' 1 "$program" nothing : -np 1 "$program" other_evaluator
says badly 'signal 9' 3 "$program" killed
says badly 'process 0: .*process 2 has given no sign of life for 1 s, while it evaluated trial [0-9]*; a study that is kept goes on' 3 "$program" worker_stopped
says badly 'process 0 has given no sign of life for 1 s; process [12], which evaluates for it, ends' 3 "$program" leader_stopped
