# The command line of examples/demos/fashion_networks: $1 is the program, the working directory an empty folder.
program=$1

fail() {
  printf '%s\n' "$1" >&2
  exit 1
}
[ -d /usr/share/datasets/fashion-mnist ] || { echo 'skipped: Fashion-MNIST is not there (Debian: dataset-fashion-mnist)'; exit 0; }
"$program" --images 64 --test 50 --networks 3 --epochs 0.1 --out made.csv >terminal 2>progress
[ "$(cat terminal)" = made.csv ] || fail "$(cat terminal)"
[ "$(head -n 1 made.csv)" = resolution,arch,acc ] || fail "$(cat made.csv)"
[ "$(grep -Ec '^32,e[346]_k[357]-[^|]*(\|[^|]*){4},0(\.[0-9]+)?$' made.csv)" -eq 3 ] || fail "$(cat made.csv)"
grep -q '^measuring \[====================\] 3/3' progress || fail "$(cat progress)"
"$program" --images 64 --test 50 --networks 3 --epochs 0.1 --out again.csv >/dev/null 2>&1
cmp made.csv again.csv || fail 'the same seed, another table'
code=0
"$program" --data /nowhere --out none.csv >/dev/null 2>error || code=$?
[ $code -eq 2 ] && grep -q /nowhere error && [ ! -e none.csv ] || fail "$(cat error)"
