# The command line of examples/demos/moofa_fashion: $1 is the program, $3 makes a small data set; the working directory is an empty folder.
program=$1

fail() {
  printf '%s\n' "$1" >&2
  exit 1
}

mkdir data
"$3" data
fashion() {
  "$program" --data data --epochs 0.01 --images 192 --validation 60 --calibration 50 --test 80 --samples 30 "$@"
}

# Both systems side by side, in three files and on the terminal.
fashion --threads 2 --out one/deep >terminal 2>progress
[ "$(cd one/deep && ls -d table.* | tr '\n' ' ')" = 'table.csv table.json table.svg ' ] || fail 'three files'
[ "$(head -n 1 one/deep/table.csv)" = 'limit,system,accuracy,predicted_accuracy,peak_memory,macs,parameters,network' ] || fail 'columns of table.csv'
[ "$(cut -d, -f1,2 one/deep/table.csv | tr '\n' ' ')" = \
  'limit,system 6500,OFA 6500,MOOFA 8000,OFA 8000,MOOFA 10000,OFA 10000,MOOFA 13000,OFA 13000,MOOFA 17000,OFA 17000,MOOFA ' ] || fail 'rows of table.csv'
awk -F, 'NR > 1 && !($5 > 0 && $5 <= $1 && $3 >= 0 && $3 <= 1 && $6 > 1e5 && $7 > 1e4) { exit 1 }' one/deep/table.csv || fail 'a row that cannot be'
grep -q '"format": "verdant moofa_fashion"' one/deep/table.json || fail 'table.json'
[ "$(grep -c '"peak_memory"' one/deep/table.json)" -eq 10 ] || fail 'ten rows in table.json'
tail -c 7 one/deep/table.svg | grep -q '</svg>' || fail 'table.svg is complete'
[ "$(grep -c '^| [0-9]' terminal)" -eq 5 ] || fail 'five rows on the terminal'
for phase in teacher kernel_1 depth_1 expand_1 expand_2; do
  grep -q "MOOFA $phase: largest network" progress || fail "no word of $phase"
  [ "$(ls one/deep/OFA/$phase-*.pt | wc -l)" -eq 2 ] || fail "one checkpoint of $phase"
done
[ "$(head -n 1 one/deep/OFA/accuracies.csv)" = 'attempt,r,d,ks,e_idx,accuracy,peak_memory' ] || fail 'accuracies.csv'

# Stopped in the middle of a phase and killed, a run goes on; neither this nor the number of threads changes the table.
fashion --threads 1 --out two --stop-after 5 2>/dev/null | grep -q stopped || fail 'it says that it stopped'
[ ! -e two/table.csv ] || fail 'a table of a run that was stopped'
"$program" --data data --epochs 0.01 --images 192 --validation 60 --calibration 50 --test 80 --samples 30 --threads 2 --out two >/dev/null 2>&1 & # not by the function, whose shell would be what is killed
running=$!
for _ in $(seq 600); do
  if ls two/MOOFA/kernel_1-*.pt >/dev/null 2>&1 || ! kill -0 $running 2>/dev/null; then break; fi
  sleep 0.05
done
kill -9 $running 2>/dev/null || true
wait $running 2>/dev/null || true
code=0
sh "${0%/*}/../harness/interrupt.sh" 'ls two/MOOFA/depth_1-*.pt' "$program" --data data --epochs 0.01 --images 192 --validation 60 --calibration 50 --test 80 \
  --samples 30 --threads 2 --out two >/dev/null 2>error || code=$?
[ "$code" -eq 130 ] || fail "exit code $code after Ctrl-C: $(cat error)"
grep -q '^moofa_fashion: stopped by SIGINT; the same command goes on$' error || fail "after Ctrl-C: $(cat error)"
[ ! -e two/table.csv ] || fail 'a table in spite of Ctrl-C'
fashion --threads 2 --out two >/dev/null 2>&1
cmp one/deep/table.csv two/table.csv || fail 'a run that was stopped and killed ends with another table'
cmp one/deep/MOOFA/accuracies.csv two/MOOFA/accuracies.csv || fail 'other samples'
cmp one/deep/table.svg two/table.svg || fail 'another picture'

# A newest checkpoint that is damaged is passed over by name.
set -- two/OFA/expand_2-*.optimizer.pt
head -c 1000 "$1" >cut && mv cut "$1"
fashion --out two >/dev/null 2>warned
grep -q "expand_2.*trying the checkpoint before" warned || fail 'nothing said of a damaged checkpoint'
cmp one/deep/table.csv two/table.csv || fail 'a damaged checkpoint ends with another table'

# Wrong input: one line on stderr that names what is wrong, exit code 2, nothing made.
: >a_file
mkdir damaged
cp data/* damaged
head -c 5000 data/train-images-idx3-ubyte >damaged/train-images-idx3-ubyte
rejected() {
  said=$1
  shift
  code=0
  "$program" "$@" >output 2>error || code=$?
  [ "$code" -eq 2 ] || fail "exit code $code of: $*"
  [ ! -s output ] || fail "something on stdout of: $*"
  [ "$(wc -l <error)" -eq 1 ] || fail "$(cat error) is not one line, of: $*"
  grep -qF -- "$said" error || fail "'$(cat error)' does not say '$said', of: $*"
  [ ! -e rejected ] || fail "something was made by: $*"
}
rejected 'nowhere/train-images-idx3-ubyte' --data nowhere --out rejected
rejected 'damaged/train-images-idx3-ubyte' --data damaged --out rejected
set -- --data data --out rejected
rejected '5984' "$@" --limits 5500
rejected 'each limit once, found 8000 twice' "$@" --limits 8000,6500,8000
rejected 'fewer than the 320' "$@" --validation 320
rejected 'at least 64, a batch' "$@" --validation 60 --images 63
rejected '--epochs' "$@" --epochs 0
rejected '--images' "$@" --images many
rejected '--threads' "$@" --threads 3
rejected '--samples' "$@" --samples 1
rejected '--speed' "$@" --speed 9
rejected 'one/deep/settings.json, images: expected 200' --data data --epochs 0.01 --images 200 --validation 60 --calibration 50 --test 80 --samples 30 \
  --out one/deep
rejected 'a_file' --data data --validation 60 --out a_file/below
