# The command line of examples/tools/carbon_clip: $1 is the program, the working directory an empty folder, $3 makes checkpoints and their data.
program=$1
make_checkpoint=$3

fail() {
  printf '%s\n' "$1" >&2
  exit 1
}

interrupt() { sh "${0%/*}/../harness/interrupt.sh" "$@"; }
untimed() { sed 's/\(,20[-0-9]*T[0-9:.]*Z\)\{2\},[0-9.e-]*$//; s/,started,ended,seconds$//' "$1"; } # all but when trials were evaluated

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
threads=1
small() { "$program" --fashion-mnist images --train-steps 3 --batch 20 --fine-tune-epochs 0.1 --threads $threads "$@"; }

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
grep -q '>unpruned<' one/carbon_front.svg || fail 'the unpruned model in the picture'

# A longer study goes on with the one that is kept; the model and its ranking are not made again.
cp one/carbon_trials.csv before
small --trials 31 --out one >terminal 2>progress || fail "$(cat progress)"
[ ! -s progress ] || fail "nothing is trained or ranked again: $(cat progress)"
head -n 31 one/carbon_trials.csv | cmp - before || fail 'kept trials change'
[ "$(wc -l <one/carbon_trials.csv)" -eq 32 ] || fail 'one more trial'

# The seed determines the run, and the number of threads does not.
threads=2
small --trials 8 --out two >/dev/null 2>&1 || fail 'a second run'
threads=1
cmp one/clip_seed1_3x20.safetensors two/clip_seed1_3x20.safetensors || fail 'weights depend on the number of threads'
diff -r one/importance two/importance || fail 'the ranking depends on the number of threads'
tuned=$(cd two/fine_tuned && ls)
[ -n "$tuned" ] || fail 'nothing was fine-tuned'
for run in $tuned; do diff -r "one/fine_tuned/$run" "two/fine_tuned/$run" || fail "the fine-tuned $run depends on the number of threads"; done
untimed before | head -n 9 >first
untimed two/carbon_trials.csv >whole
head -n 9 whole | cmp - first || fail 'the same seed, other trials'
[ "$(grep -c ',20[-0-9]*T[0-9:.]*Z,20[-0-9]*T[0-9:.]*Z,[0-9.e-]*$' two/carbon_trials.csv)" -eq 8 ] || fail 'when trials were evaluated'

# Ctrl-C ends the ranking and the search politely, and the same command goes on: the same trials and the same front.
stopped() { # CONDITION SAID
  code=0
  interrupt "$1" "$program" --fashion-mnist images --train-steps 3 --batch 20 --fine-tune-epochs 0.1 --threads 1 --trials 8 --out stopped \
    >terminal 2>error || code=$?
  [ "$code" -eq 130 ] || fail "exit code $code after Ctrl-C: $(cat error)"
  grep -q "^carbon_clip: stopped by SIGINT; $2" error || fail "after Ctrl-C: $(cat error)"
}
stopped '[ "$(cat stopped/importance/*.csv | wc -l)" -gt 9 ]' 'the same command goes on behind what was ranked'
[ ! -e stopped/carbon.db ] || fail 'a search in spite of Ctrl-C'
stopped '[ "$(ls stopped/fine_tuned | wc -l)" -ge 2 ]' '[1-8] of 8 trials are kept, and the same command goes on'
lines=$(wc -l <stopped/carbon_trials.csv)
head -n 1 stopped/carbon_front.csv | grep -q '^,accuracy,test,' || fail "a picture of the front without its table: $(ls stopped)"
[ -s stopped/carbon_front.svg ] || fail 'no picture of the front after Ctrl-C'
head -n "$lines" whole >begin
untimed stopped/carbon_trials.csv | cmp - begin || fail 'other trials before Ctrl-C'
small --trials 8 --time-limit 10m --out stopped >/dev/null 2>&1 || fail 'a study that was stopped goes on'
untimed stopped/carbon_trials.csv | cmp - whole || fail 'other trials after Ctrl-C'
for file in carbon_front.csv carbon_front.svg carbon_published.csv clip_seed1_3x20.safetensors; do
  cmp "two/$file" "stopped/$file" || fail "another $file after Ctrl-C"
done
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
rejected "--out: expected a path, found ''" --out ''
rejected "--checkpoint: expected a path, found ''" --checkpoint '' # of a variable that is not set
rejected "--importance: expected a path, found ''" --importance ''
rejected '--trials' --trials many
rejected 'expected a time such as 90s' --time-limit 0
rejected 'expected a number above 0' --inferences -1
rejected 'expected a number above 0' --inferences nan
rejected 'a number from 0 to 1' --accuracy-threshold nan
rejected '--use-intensity: expected a place or source' --use-intensity atlantis --fashion-mnist images
rejected '--fab-intensity: expected 0 to 10000' --fab-intensity -1
rejected '--checkpoint excludes --train-steps' --checkpoint model.pt --train-steps 5
rejected '--checkpoint excludes --fashion-mnist' --checkpoint model.pt --fashion-mnist images
for option in '--held-out 4' '--vocabulary merges.txt' --quick-gelu; do rejected "${option%% *} requires --checkpoint" $option; done
rejected 'Fashion-MNIST' --fashion-mnist nowhere
rejected '--checkpoint and --data' --checkpoint model.pt
rejected '--vocabulary' --checkpoint model.pt --data captions.csv
rejected 'model.pt' --checkpoint model.pt --data captions.csv --vocabulary merges.txt
: >file
rejected 'file' --fashion-mnist images --out file/below
for metric in 'carbon latency' ''; do rejected '--metric' --metric "$metric" --fashion-mnist images; done
rejected '--trials' --trials -3
rejected 'expected a number above 0' --fine-tune-epochs 0
[ ! -e results ] || fail 'wrong input leaves a folder behind'

# Results of another model are not mixed with those that are there.
cp -r images others # other pictures, as many
printf '\200\177' | dd of=others/train-images-idx3-ubyte bs=1 seek=20 conv=notrunc 2>/dev/null
rejected 'model.txt, data: expected Fashion-MNIST (' --fashion-mnist others --train-steps 3 --batch 20 --fine-tune-epochs 0.1 --trials 30 --out one
rejected 'model.txt' --fashion-mnist images --train-steps 4 --batch 20 --fine-tune-epochs 0.1 --trials 30 --out one
rejected 'model.txt' --fashion-mnist images --train-steps 3 --batch 20 --fine-tune-epochs 0.1 --trials 30 --out one --seed 2

# Nor are trials of other settings of carbon; the same ones in other words are the same.
cp one/carbon.db kept
for setting in '--fab-intensity 300' '--use-intensity california' '--inferences 1e7'; do
  rejected "${setting%% *}: expected" --fashion-mnist images --train-steps 3 --batch 20 --fine-tune-epochs 0.1 --trials 32 --out one $setting
done
rejected '--fab-intensity: expected 300 g CO2e/kWh as asked for, or another folder, found' \
  --fashion-mnist images --train-steps 3 --batch 20 --fine-tune-epochs 0.1 --trials 32 --out one --fab-intensity 300
cmp one/carbon.db kept || fail 'a study of other settings is left alone'
small --trials 8 --out two --use-intensity 68 >/dev/null 2>&1 || fail 'british_columbia is 68'

# A study that is damaged, in use, or may not be written is named and left as it is, before anything is trained.
tiny() { echo --fashion-mnist images --train-steps 3 --batch 20 --fine-tune-epochs 0.1 --trials 32 --threads 1 "$@"; }
mkdir three
head -c 5000 one/carbon.db >three/carbon.db
cp three/carbon.db damaged
rejected 'carbon.db' $(tiny --out three)
cmp -s three/carbon.db damaged || fail 'a damaged study is left alone'
[ "$(ls three)" = carbon.db ] || fail "beside a damaged study there is $(ls three)"
cp one/carbon.db kept
flock -o one/carbon.db-lock sleep 8 >/dev/null 2>&1 &
holder=$!
sleep 1
rejected 'carbon.db' $(tiny --out one)
kill $holder
wait $holder 2>/dev/null || true
cmp -s one/carbon.db kept || fail 'a study in use is left alone'
if [ "$(id -u)" -ne 0 ]; then
  chmod 444 one/carbon.db
  rejected 'carbon.db' $(tiny --out one)
  chmod 644 one/carbon.db
fi
printf 'no database' >one/energy.db
rejected 'energy.db' --fashion-mnist images --train-steps 3 --batch 20 --fine-tune-epochs 0.1 --metric energy --trials 3 --out one
[ "$(cat one/energy.db)" = 'no database' ] || fail 'a file that is no study is left alone'
head -c 1000 images/train-images-idx3-ubyte >images/cut && mv images/cut images/train-images-idx3-ubyte
rejected 'train-images-idx3-ubyte' --fashion-mnist images

# A checkpoint of OpenCLIP's names, of sizes that are none of the published: the whole loop.
mkdir clip
"$make_checkpoint" clip
checkpoint() {
  from=$1
  shift
  "$program" --checkpoint "$from" --data clip/captions.tsv --vocabulary clip/merges.txt --held-out 4 --batch 8 --threads 1 "$@"
}
checkpoint clip/small.pt --trials 2 --out four >terminal 2>progress || fail "$(cat progress)"
grep -q '^carbon_clip: the heads of clip/small.pt are taken to be 64 channels wide (3 a layer for text, 2 for vision)' progress || fail 'a guess is not said'
grep -q 'importance \[====================\] 73/73' progress || fail 'ranking of 33 and 40 units'
for file in carbon.db carbon_trials.csv carbon_front.csv carbon_published.csv carbon_study.json carbon_front.svg importance/ranking_head_text.json; do
  [ -s "four/$file" ] || fail "no four/$file"
done
[ "$(wc -l <four/carbon_trials.csv)" -eq 3 ] || fail 'two trials'
! grep -q failed four/carbon_trials.csv || fail "$(cat four/carbon_trials.csv)"
head -n 1 four/carbon_trials.csv | grep -q 'text.layer_twelfths,text.ffn_eighths' || fail 'shares of the checkpoint'
grep -q "{'num_hidden_layers': [123], 'intermediate_size': [4-8], " four/carbon_published.csv || fail "$(cat four/carbon_published.csv)"
grep -q '^ *unpruned .* 3/192/768/3 *4/128/512/2 ' terminal || fail "$(cat terminal)"
! grep -q 'saves -' terminal || fail 'a loss that is called a saving'
grep -q 'mean recall@1' terminal || fail 'what accuracy is'
ls four/fine_tuned | grep -q '^model_eval_small_seed1_' || fail "$(ls four/fine_tuned)"

# The same weights in a wrapped file are the same model, so the study goes on; a ranking is read where it is given.
cp four/carbon_trials.csv before
checkpoint clip/small.safetensors --trials 3 --importance four/importance --out four >terminal 2>progress || fail "$(cat progress)"
! grep -q importance progress || fail 'a ranking that is there is not measured'
head -n 3 four/carbon_trials.csv | cmp - before || fail 'kept trials change'
"$program" --checkpoint clip/small.pt --quick-gelu --data clip/captions.tar --vocabulary clip/merges.txt --importance four/importance --held-out 4 \
  --batch 8 --threads 1 --metric all --trials 1 --out five >terminal 2>progress || fail "$(cat progress)"
[ -s five/all_front.csv ] || fail 'shards as data'

mkdir swapped
cp four/importance/* swapped
sed 's/^\[\[0, \[\[\([0-9]*\), \([^]]*\)\], \[\([0-9]*\), /[[0, [[\3, \2], [\1, /' four/importance/ranking_head_text.json >swapped/ranking_head_text.json
rejected '--importance: expected the ranking' --checkpoint clip/small.pt --head-width 64 --data clip/captions.tsv --vocabulary clip/merges.txt --held-out 4 --batch 8 \
  --threads 1 --trials 4 --importance swapped --out four
head -n 5 clip/merges.txt >fewer.txt
rejected '--vocabulary: expected' --checkpoint clip/small.pt --head-width 64 --data clip/captions.tsv --vocabulary fewer.txt --held-out 4 --batch 8 --out four
cp clip/captions.tsv kept.tsv # other captions, as many
sed '2s/$/ x/' kept.tsv >clip/captions.tsv
rejected 'model.txt, data: expected clip/captions.tsv (' --checkpoint clip/small.pt --head-width 64 --data clip/captions.tsv --vocabulary clip/merges.txt --held-out 4 --batch 8 --out four
mv kept.tsv clip/captions.tsv
rejected 'model.txt' --checkpoint clip/other.pt --head-width 64 --data clip/captions.tsv --vocabulary clip/merges.txt --held-out 4 --batch 8 --out four
printf '{"embed_dim": 32, "vision_cfg": {"layer": 4}, "text_cfg": {}}' >clip/misspelt.json
other() { rejected "$@" --head-width 64 --vocabulary clip/merges.txt --out six; }
other 'did you mean' --checkpoint clip/small.pt --config clip/misspelt.json --data clip/captions.tsv --batch 8
head -c 50000 clip/small.pt >clip/cut.pt
other 'cut.pt' --checkpoint clip/cut.pt --data clip/captions.tsv --batch 8
echo 'no weights' >clip/text.pt
other 'text.pt' --checkpoint clip/text.pt --data clip/captions.tsv --batch 8
other 'absent.pt' --checkpoint clip/absent.pt --data clip/captions.tsv --batch 8
other 'visual.conv1.weight' --checkpoint clip/lacking.pt --data clip/captions.tsv --batch 8
other 'absent.tsv' --checkpoint clip/small.pt --data clip/absent.tsv --batch 8
other 'filepath' --checkpoint clip/small.pt --data clip/merges.txt --batch 8
other '--batch' --checkpoint clip/small.pt --data clip/captions.tsv
rm clip/picture_3.png
other 'picture_3.png' --checkpoint clip/small.pt --data clip/captions.tsv --held-out 2 --batch 8
rejected 'nothing.txt' --checkpoint clip/small.pt --head-width 64 --data clip/captions.tar --batch 8 --vocabulary nothing.txt --out six
[ ! -e six ] || fail "wrong input leaves $(ls six) behind"
