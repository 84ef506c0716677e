# The command line of examples/demos/fashion_fidelity: $1 is the program, the working directory an empty folder.
program=$1

fail() {
  printf '%s\n' "$1" >&2
  exit 1
}
[ -d /usr/share/datasets/fashion-mnist ] || { echo 'skipped: Fashion-MNIST is not there (Debian: dataset-fashion-mnist)'; exit 0; }
"$program" --images 50 --test 50 --budget 0.5 --whole 0 --out made >terminal 2>progress || fail "$(cat progress)"
grep -q '^asha: 9 networks, cost of 0.4815 whole trainings' terminal || fail "$(cat terminal)"
[ "$(grep -c ',completed,' made/asha.csv)" -eq 11 ] || fail "$(cat made/asha.csv)"
[ -f made/checkpoints/trial-0/weights.safetensors ] || fail "$(ls -R made)"
code=0
"$program" --data /nowhere --out none >/dev/null 2>error || code=$?
[ $code -eq 2 ] && grep -q /nowhere error || fail "$(cat error)"
