#!/bin/sh
# interrupt.sh CONDITION PROGRAM ARGUMENT...: starts a program, sends it SIGINT once it listens for that and the shell command CONDITION succeeds, in which
# $pid is the program, and ends with its exit status. While CONDITION is asked the program stands still: however busy the machine, it does not run past what
# the test waits for.
set -eu
condition=$1
shift
program=$(readlink -f "$(command -v "$1")")
env --default-signal=INT "$@" & # which a job in the background would ignore
pid=$!
export pid
tries=0
# Until it is the program, it is a copy of this shell, which listens to SIGINT, too.
holds() {
  [ "$(readlink "/proc/$pid/exe" 2>/dev/null)" = "$program" ] && grep -q '^SigCgt:.*[2367abef]$' "/proc/$pid/status" 2>/dev/null || return 1
  kill -STOP "$pid" 2>/dev/null || return 1
  if sh -c "$condition" >/dev/null 2>&1; then return 0; fi
  kill -CONT "$pid" 2>/dev/null || true
  return 1
}
until holds; do
  if grep -q '^State:.*Z' "/proc/$pid/status" 2>/dev/null || [ ! -e "/proc/$pid" ]; then
    code=0
    wait "$pid" || code=$?
    echo "it ended with $code before: $condition" >&2
    exit 99
  fi
  tries=$((tries + 1))
  [ "$tries" -lt 6000 ] || { echo "not within two minutes: $condition" >&2; kill -9 "$pid"; exit 99; }
  sleep 0.02
done
kill -INT "$pid"
kill -CONT "$pid"
code=0
wait "$pid" || code=$?
exit "$code"
