# The command line of examples/carbon_clip.cpp: $1 is the program, the working directory an empty folder.
program=$1

fail() {
  printf '%s\n' "$1" >&2
  exit 1
}

# A data set of the layout of Fashion-MNIST, so small that nothing can be learnt from it: 240 and 60 pictures of 28 x 28.
mkdir images
octal() { printf '\\%03o' "$1"; }
pictures() { # <split> <number>
  {
    printf '\000\000\010\003\000\000\000'
    printf "$(octal "$2")"
    printf '\000\000\000\034\000\000\000\034'
    awk -v n="$(($2 * 784))" 'BEGIN { for (i = 0; i < n; ++i) printf "%c", 32 + (i * i / 7 + i) % 90 }'
  } >"images/$1-images-idx3-ubyte"
  {
    printf '\000\000\010\001\000\000\000'
    printf "$(octal "$2")"
    i=0
    while [ $i -lt "$2" ]; do
      printf "$(octal $((i % 10)))"
      i=$((i + 1))
    done
  } >"images/$1-labels-idx1-ubyte"
}
pictures train 240
pictures t10k 60
small() { "$program" --fashion-mnist images --train-steps 3 --batch 20 --fine-tune-epochs 0.1 --threads 1 "$@"; }

# Two trials of the Bayesian optimiser behind its start of 28.
small --trials 30 --out one >terminal 2>progress || fail "$(cat progress)"
grep -q 'training \[====================\] 3/3' progress || fail 'progress of training'
grep -q 'importance \[====================\] 72/72' progress || fail 'progress of importance'
for file in carbon.db carbon_trials.csv carbon_front.csv carbon_published.csv carbon_study.json carbon_front.svg importance/ranking_ffn_vision.csv; do
  [ -s "one/$file" ] || fail "no $file"
done
[ "$(head -n 1 one/carbon_published.csv)" = 'Trial Number,Accuracy,Carbon,Latency,Parameters,Model size,Area,Energy,TOPs' ] || fail 'columns of the published file'
[ "$(wc -l <one/carbon_trials.csv)" -eq 31 ] || fail '30 trials'
grep -q '^ *unpruned ' terminal || fail 'the unpruned model in the table'
grep -q 'accuracy' terminal || fail 'columns of the table'

# A longer study goes on with the one that is kept; the model and its ranking are not made again.
cp one/carbon_trials.csv before
small --trials 31 --out one >terminal 2>progress || fail "$(cat progress)"
[ ! -s progress ] || fail "nothing is trained or ranked again: $(cat progress)"
head -n 31 one/carbon_trials.csv | cmp - before || fail 'kept trials change'
[ "$(wc -l <one/carbon_trials.csv)" -eq 32 ] || fail 'one more trial'

# The seed determines the run.
small --trials 8 --out two >/dev/null 2>&1 || fail 'a second run'
head -n 9 before | cut -d, -f1-16 >first
head -n 9 two/carbon_trials.csv | cut -d, -f1-16 | cmp - first || fail 'the same seed, other trials'
small --trials 3 --metric latency --out two >terminal 2>/dev/null || fail 'another mode'
[ -s two/latency_front.csv ] || fail 'files of another mode'
"$program" --help | grep -q -- '--fine-tune-epochs' || fail 'help'

# Wrong input: one line on stderr that names what is wrong, exit code 2.
rejected() {
  said=$1
  shift
  code=0
  "$program" "$@" >output 2>error || code=$?
  [ "$code" -eq 2 ] || fail "exit code $code of: $*"
  [ ! -s output ] || fail "something on stdout of: $*"
  [ "$(wc -l <error)" -eq 1 ] || fail "$(cat error) is not one line, of: $*"
  grep -qF -- "$said" error || fail "'$(cat error)' does not say '$said', of: $*"
}
rejected '--metric' --metric speed
rejected '--trials' --trials 0
rejected '--trials' --trials many
rejected '--inferences' --inferences -1
rejected 'atlantis' --use-intensity atlantis --fashion-mnist images
rejected 'Fashion-MNIST' --fashion-mnist nowhere
rejected '--checkpoint and --data' --checkpoint model.pt
rejected '--vocabulary' --checkpoint model.pt --data captions.csv
rejected 'model.pt' --checkpoint model.pt --data captions.csv --vocabulary merges.txt
: >file
rejected 'file' --fashion-mnist images --out file/below
printf 'no database' >one/energy.db
rejected 'energy.db' --fashion-mnist images --train-steps 3 --batch 20 --fine-tune-epochs 0.1 --metric energy --trials 3 --out one
[ "$(cat one/energy.db)" = 'no database' ] || fail 'a file that is no study is left alone'
head -c 1000 images/train-images-idx3-ubyte >images/cut && mv images/cut images/train-images-idx3-ubyte
rejected 'train-images-idx3-ubyte' --fashion-mnist images
