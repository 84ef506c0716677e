# The command line of examples/demos/fashion_networks: $1 is the program, the working directory an empty folder.
program=$1

fail() {
  printf '%s\n' "$1" >&2
  exit 1
}
[ -d /usr/share/datasets/fashion-mnist ] || { echo 'skipped: Fashion-MNIST is not there (Debian: dataset-fashion-mnist)'; exit 0; }
quick() { "$program" --images 64 --test 50 --epochs 0.1 "$@"; }
quick --networks 3 --out made/table.csv >terminal 2>progress
grep -Eq '^3 sub-networks, whose weights are those of one supernet after 2 steps of 64 pictures: accuracy 0.* to 0.* on 50 others$' terminal || fail "$(cat terminal)"
[ "$(tail -n 1 terminal)" = made/table.csv ] || fail "$(cat terminal)"
[ "$(head -n 1 made/table.csv)" = resolution,arch,acc ] || fail "$(cat made/table.csv)"
[ "$(grep -Ec '^24,e[346]_k[357]-[^|]*(\|[^|]*){4},0(\.[0-9]+)?$' made/table.csv)" -eq 3 ] || fail "$(cat made/table.csv)"
grep -q '^training a supernet \[====================\] 2/2' progress || fail "$(cat progress)"
grep -q '^measuring sub-networks \[====================\] 3/3' progress || fail "$(cat progress)"
OMP_NUM_THREADS=1 quick --networks 3 --out again.csv >/dev/null 2>&1
cmp made/table.csv again.csv || fail 'the same seed, another table'

# A finished table is kept, a longer one begins with it, and the supernet is not trained again.
cp made/table.csv before.csv
quick --networks 3 --out made/table.csv >terminal 2>progress
grep -q '^made/table.csv is finished and kept$' terminal && [ ! -s progress ] || fail "$(cat terminal progress)"
cmp made/table.csv before.csv || fail 'a finished table was changed'
quick --networks 5 --out made/table.csv >terminal 2>progress
grep -q 'made/table.supernet is trained already$' progress || fail "$(cat progress)"
[ "$(head -n 4 made/table.csv)" = "$(cat before.csv)" ] && [ "$(wc -l <made/table.csv)" -eq 6 ] || fail "$(cat made/table.csv)"

# Stopped while it trains, it goes on to the same table.
code=0
sh "${0%/*}/../harness/interrupt.sh" 'grep -q "training a supernet" error' "$program" --images 640 --test 50 --networks 3 --epochs 1 --out stopped.csv >/dev/null 2>error || code=$?
[ "$code" -eq 130 ] || fail "exit code $code after Ctrl-C: $(cat error)"
grep -Eq '^fashion_networks: stopped by SIGINT; (the same command goes on after step|the table has)' error || fail "$(cat error)"
"$program" --images 640 --test 50 --networks 3 --epochs 1 --out stopped.csv >/dev/null 2>error
"$program" --images 640 --test 50 --networks 3 --epochs 1 --out whole.csv >/dev/null 2>&1
cmp stopped.csv whole.csv || fail 'a run that was stopped ends with another table'

# What other settings or another program made is refused, and stays.
refused() {
  said=$1
  shift
  code=0
  quick "$@" >output 2>error || code=$?
  [ "$code" -eq 2 ] && [ "$(wc -l <error)" -eq 1 ] && grep -qF -- "$said" error || fail "$code and '$(cat error)', not '$said', of: $*"
}
refused 'made/table.settings.txt, --seed: expected 2 as asked for now, or another --out, found 1' --networks 3 --out made/table.csv --seed 2
echo 'resolution,arch,acc' >foreign.csv
refused 'foreign.csv: expected a table that this program made, with foreign.settings.txt beside it, or another --out' --out foreign.csv
sed -i '2s/,e/,x/' made/table.csv
code=0
quick --networks 6 --out made/table.csv >output 2>error || code=$?
[ "$code" -eq 2 ] && grep -q 'made/table.csv, line 2: expected e' error || fail "$code: $(cat error)"
refused /nowhere --data /nowhere --out none.csv
[ ! -e none.csv ] || fail 'a table of nothing'
