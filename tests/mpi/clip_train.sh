#!/bin/sh
# clip_train.sh PROGRAM HELPER MPIRUN FOLDER: trains in one and in two processes, interrupts and resumes, in an empty folder.
set -eu
program=$1
helper=$2
mpirun=$3
rm -rf "$4"
mkdir -p "$4/data"
cd "$4"
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
unset WORLD_SIZE RANK SLURM_NTASKS SLURM_PROCID MASTER_ADDR MASTER_PORT || true

fail() {
  printf '%s\n' "$1" >&2
  exit 1
}
# OpenMPI refuses root and more processes than processors unless told otherwise; another MPI does not know these.
launch() {
  "$mpirun" --version 2>/dev/null | grep -qi 'open.*mpi' || { "$mpirun" -np 2 "$@"; return; }
  OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 "$mpirun" -np 2 --oversubscribe --bind-to none "$@"
}
interrupt() { sh "${0%/*}/../harness/interrupt.sh" "$@"; }
near() {
  difference=$("$helper" gap "$1" "$2")
  awk -v d="$difference" -v most="$3" 'BEGIN { exit !(d <= most) }' || fail "$1 and $2 differ by $difference, more than $3"
  printf '%s, %s: %s\n' "$1" "$2" "$difference"
}

"$helper" make data
common='--config data/small.json --lr 1e-3 --warmup 2 --wd 0.1 --seed 3 --csv-separator'
threads=1
tab=$(printf '\t')
train() { # NAME options...
  name=$1
  shift
  "$program" --threads $threads $common "$tab" --train-data data/captions.tsv --logs logs --name "$name" "$@"
}
train_in_two() {
  name=$1
  shift
  launch "$program" --threads $threads $common "$tab" --train-data data/captions.tsv --logs logs --name "$name" "$@"
}

# Two processes end where one with the double batch ends. In 64 bits, where the order of sums costs 1e-16 of a gradient, the weights agree to 1e-10.
exact='--precision fp64 --epochs 3'
train exact $exact --batch-size 8 >/dev/null
train_in_two exact2 $exact --batch-size 4 >/dev/null
near logs/exact/checkpoints/epoch_3.pt logs/exact2/checkpoints/epoch_3.pt 1e-10
# So they do with all similarities in each process, accumulated batches, a teacher, shortened gradients.
teacher=logs/exact/checkpoints/epoch_3.pt
train other $exact --batch-size 4 --accum-freq 2 --grad-clip-norm 0.5 --distill $teacher >/dev/null
train_in_two other2 $exact --batch-size 2 --accum-freq 2 --grad-clip-norm 0.5 --distill $teacher >/dev/null
near logs/other/checkpoints/epoch_3.pt logs/other2/checkpoints/epoch_3.pt 1e-10
train_in_two other3 $exact --batch-size 2 --accum-freq 2 --grad-clip-norm 0.5 --distill $teacher --global-loss >/dev/null
near logs/other/checkpoints/epoch_3.pt logs/other3/checkpoints/epoch_3.pt 1e-10
# And by c10d, where the program was built with it.
c10d() {
  MASTER_ADDR=127.0.0.1 MASTER_PORT=${VERDANT_TEST_PORT:-29417} WORLD_SIZE=2 RANK=$1 train exact3 $exact --batch-size 4 --dist c10d
}
c10d 1 >c10d.log 2>&1 &
other=$!
if c10d 0 >/dev/null 2>c10d.error; then
  wait "$other" || fail "the second process of c10d: $(cat c10d.log)"
  near logs/exact/checkpoints/epoch_3.pt logs/exact3/checkpoints/epoch_3.pt 1e-10
  # A signal to one process ends both after the epoch.
  both() { # RANK PROGRAM...
    export MASTER_ADDR=127.0.0.1 MASTER_PORT="${VERDANT_TEST_PORT:-29417}" WORLD_SIZE=2 RANK="$1"
    shift
    exec "$@" --threads 1 $common "$tab" --train-data data/captions.tsv --logs logs --name asked3 $exact --batch-size 4 --dist c10d
  }
  (both 1 "$program") >c10d.log 2>&1 &
  other=$!
  code=0
  (both 0 sh "${0%/*}/../harness/interrupt.sh" true "$program") >/dev/null 2>error || code=$?
  [ "$code" -eq 130 ] || fail "exit code $code of a process that is stopped: $(cat error)"
  code=0
  wait "$other" || code=$?
  [ "$code" -eq 143 ] && [ ! -s c10d.log ] || fail "exit code $code of the other process: $(cat c10d.log)"
  [ "$(ls logs/asked3/checkpoints | tr '\n' ' ')" = 'epoch_1.optimizer.pt epoch_1.pt ' ] || fail "after a stop there is $(ls logs/asked3/checkpoints)"
else
  wait "$other" || true
  grep -q 'libgloo-dev' c10d.error || fail "c10d: $(cat c10d.error)"
fi
# A wrong gradient is seen: without gradients through the gathered features the end is another.
train_in_two wrong $exact --batch-size 4 --no-gather-grad >/dev/null
difference=$("$helper" gap logs/exact/checkpoints/epoch_3.pt logs/wrong/checkpoints/epoch_3.pt)
awk -v d="$difference" 'BEGIN { exit !(d > 1e-4) }' || fail "without gathered gradients the result is the same: $difference"

# The number of threads does not change a bit, in one process or in two.
threads=3
train exact4 $exact --batch-size 8 >/dev/null
train_in_two exact5 $exact --batch-size 4 >/dev/null
threads=1
for run in 'exact exact4' 'exact2 exact5'; do
  set -- $run
  for file in epoch_3.pt epoch_3.optimizer.pt; do
    cmp "logs/$1/checkpoints/$file" "logs/$2/checkpoints/$file" || fail "$file of $1 and $2: the weights depend on the number of threads"
  done
done

# In 32 bits a gradient is known to some 1e-8; Adam divides it by its magnitude plus 1e-6, so that a weight whose gradient is nothing but rounding (as the
# biases of attention keys are) moves by some hundredths of the learning rate 1e-3 in a step.
train one --batch-size 8 --epochs 3 --val-data data/captions.tsv >one.log
train_in_two two --batch-size 4 --epochs 3 --val-data data/captions.tsv >two.log
near logs/one/checkpoints/epoch_3.pt logs/two/checkpoints/epoch_3.pt 2e-4
[ "$(wc -l <logs/one/results.jsonl)" -eq 3 ] || fail 'a line of results for each epoch'
grep -q '"image_to_text_R@1": .*"clip_val_loss": ' logs/two/results.jsonl || fail 'metrics of the validation'
grep -q 'in each of 2 processes' two.log || fail 'two processes'
grep -q ' steps an epoch of 8 pairs$' one.log || fail "one process: $(cat one.log)"

# Shards hold the same samples, so the same training.
"$program" --threads $threads $common "$tab" --train-data data/captions.tar --logs logs --name shard --batch-size 8 --epochs 3 >/dev/null
cmp logs/one/checkpoints/epoch_3.pt logs/shard/checkpoints/epoch_3.pt || fail 'a shard trains another model'

# WebP without loss holds the same pictures; a program without libwebp says so.
if [ -e data/webp.tsv ]; then
  "$program" --threads $threads $common "$tab" --train-data data/webp.tsv --logs logs --name webp --batch-size 8 --epochs 3 >/dev/null
  cmp logs/one/checkpoints/epoch_3.pt logs/webp/checkpoints/epoch_3.pt || fail 'WebP trains another model'
fi

# Locked towers, patches that are left out, and blocks computed again: the same in two processes, and, with a folder that went, resumed from its copy.
cheap='--lock-image --lock-image-unlocked-groups 2 --lock-text --lock-text-unlocked-layers 1 --force-patch-dropout 0.5 --accum-freq 2 --precision fp64 --epochs 2'
train cheap $cheap --batch-size 4 >/dev/null
train_in_two cheap2 $cheap --batch-size 2 --grad-checkpointing >/dev/null
near logs/cheap/checkpoints/epoch_2.pt logs/cheap2/checkpoints/epoch_2.pt 1e-10
train copied $cheap --batch-size 4 --grad-checkpointing --stop-after 1 --remote-sync remote --remote-sync-frequency 1 >/dev/null
[ "$(ls remote/copied remote/copied/checkpoints | tr '\n' ' ')" = 'remote/copied: checkpoints merges.txt  remote/copied/checkpoints: epoch_1.optimizer.pt epoch_1.pt ' ] ||
  fail "copied: $(ls remote/copied remote/copied/checkpoints)"
rm -r logs/copied
train copied $cheap --batch-size 4 --grad-checkpointing --resume latest --remote-sync remote >copied.log
grep -q 'going on after epoch 1' copied.log || fail 'does not go on from the copy'
cmp logs/cheap/checkpoints/epoch_2.pt remote/copied/checkpoints/epoch_2.pt || fail 'resumed from the copy it ends elsewhere'
cmp logs/cheap/checkpoints/epoch_2.optimizer.pt remote/copied/checkpoints/epoch_2.optimizer.pt || fail 'resumed from the copy it has another state'

# Shards drawn with replacement, some more often: an epoch has as many pairs as asked for, the same ones in two processes.
drawn='--dataset-resampled --train-num-samples 30 --train-data-upsampling-factors 1::2.5 --precision fp64 --epochs 2'
"$program" --threads $threads $common "$tab" --train-data 'data/part-{0..1}.tar::data/captions.tar' --logs logs --name drawn --batch-size 8 $drawn >drawn.log
grep -q ' 4 steps an epoch' drawn.log || fail "another length of a resampled epoch: $(cat drawn.log)"
launch "$program" --threads $threads $common "$tab" --train-data 'data/part-{0..1}.tar::data/captions.tar' --logs logs --name drawn2 --batch-size 4 $drawn >/dev/null
near logs/drawn/checkpoints/epoch_2.pt logs/drawn2/checkpoints/epoch_2.pt 1e-10

# Ctrl-C ends it after an epoch, and it goes on, bit for bit.
code=0
sh "${0%/*}/../harness/interrupt.sh" true "$program" --threads 1 $common "$tab" --train-data data/captions.tsv --logs logs --name asked --batch-size 8 --epochs 3 \
  >/dev/null 2>error || code=$?
[ "$code" -eq 130 ] || fail "exit code $code after Ctrl-C: $(cat error)"
grep -q '^clip_train: stopped by SIGINT; the same command goes on with --resume latest$' error || fail "after Ctrl-C: $(cat error)"
[ ! -e logs/asked/checkpoints/epoch_3.pt ] || fail 'all epochs in spite of Ctrl-C'
train asked --batch-size 8 --epochs 3 --resume latest >/dev/null
cmp logs/one/checkpoints/epoch_3.pt logs/asked/checkpoints/epoch_3.pt || fail 'another model after Ctrl-C'

# Interrupted and resumed is uninterrupted, bit for bit, in one process and in two.
train parts --batch-size 8 --epochs 3 --stop-after 1 >/dev/null
# A limit on the size of files kills the program while it writes the next checkpoint: the last good one stays.
if (ulimit -c 0; ulimit -f 64; train parts --batch-size 8 --epochs 3 --resume latest --val-data data/captions.tsv) >killed.log 2>&1; then fail 'writing beyond the limit did not end the program'; fi
[ "$(ls logs/parts/checkpoints | grep -v part- | tr '\n' ' ')" = 'epoch_1.optimizer.pt epoch_1.pt ' ] || fail "left behind: $(ls logs/parts/checkpoints)"
train parts --batch-size 8 --epochs 3 --resume latest --val-data data/captions.tsv >resumed.log
grep -q 'going on after epoch 1' resumed.log || fail 'resumes'
cmp logs/one/checkpoints/epoch_3.pt logs/parts/checkpoints/epoch_3.pt || fail 'resumed training ends elsewhere'
cmp logs/one/checkpoints/epoch_3.optimizer.pt logs/parts/checkpoints/epoch_3.optimizer.pt || fail 'resumed training has another state'
[ "$(sed 's/,.*//' logs/parts/results.jsonl | tr '\n' ' ')" = '{"epoch": 2 {"epoch": 3 ' ] || fail 'results of the epochs that were validated, once each'
if ls logs/parts/checkpoints | grep -q part-; then fail 'leftovers of the killed program stay'; fi
train_in_two parts2 --batch-size 4 --epochs 3 --stop-after 2 >/dev/null
train_in_two parts2 --batch-size 4 --epochs 3 --resume latest >/dev/null
cmp logs/two/checkpoints/epoch_3.pt logs/parts2/checkpoints/epoch_3.pt || fail 'two resumed processes end elsewhere'

# A checkpoint that cannot be read is passed over, with a warning.
head -c 3000 logs/parts/checkpoints/epoch_3.pt >cut && cp cut logs/parts/checkpoints/epoch_3.pt
train parts --batch-size 8 --epochs 3 --resume latest >again.log 2>warning
grep -q 'epoch_3.pt' warning || fail 'no warning'
grep -q 'going on after epoch 2' again.log || fail 'the checkpoint before is not taken'
cmp logs/one/checkpoints/epoch_3.pt logs/parts/checkpoints/epoch_3.pt || fail 'resumed from the one before it ends elsewhere'

# Which checkpoints stay.
train kept --batch-size 8 --epochs 5 --save-frequency 2 --save-most-recent >/dev/null
[ "$(ls logs/kept/checkpoints | grep -v optimizer | tr '\n' ' ')" = 'epoch_2.pt epoch_4.pt epoch_5.pt ' ] || fail "kept: $(ls logs/kept/checkpoints)"
train newest --batch-size 8 --epochs 3 --delete-previous-checkpoint >/dev/null
[ "$(ls logs/newest/checkpoints | tr '\n' ' ')" = 'epoch_3.optimizer.pt epoch_3.pt ' ] || fail "newest: $(ls logs/newest/checkpoints)"

# Other ways to compute: mixed precision, the sigmoid loss, other schedules, smaller sizes.
train ways --batch-size 8 --epochs 1 --precision amp_bf16 --loss siglip --lr-scheduler const-cooldown --epochs-cooldown 1 --point 1,32,64,2,1,32,64,2 >/dev/null
train tuned --batch-size 8 --epochs 1 --pretrained logs/ways/checkpoints/epoch_1.pt --precision pure_bf16 --lr-scheduler const >/dev/null

# A loss that is not finite stops training, with epoch and step, and the good checkpoint stays; two processes say it once.
ruin() { # LAUNCHER... then PROGRAM
  "$@" --config data/small.json --csv-separator "$tab" --train-data data/captions.tsv --logs logs --threads 1 --epochs 40 --warmup 0 --lr 1e30 --wd 0.1 \
    $ruined >output 2>error && fail 'a loss that is not finite ends well'
  code=$?
  [ "$code" -eq 1 ] || fail "exit code $code of a loss that is not finite: $(cat error)"
  [ "$(grep -c 'not written\|training stops in epoch [12] at step ' error)" -eq 1 ] || fail "a loss that is not finite is told by: $(cat error)"
}
ruined='--name ruin --batch-size 8 --delete-previous-checkpoint'
ruin "$program"
grep -q '^clip_train: verdant: .*--skip-nonfinite' error || fail "what helps is told by: $(cat error)"
ruined='--name ruin2 --batch-size 4'
ruin launch "$program"
[ -z "$(ls logs/ruin/checkpoints logs/ruin2/checkpoints 2>/dev/null | grep epoch)" ] || fail "checkpoints of ruined weights: $(ls logs/ruin/checkpoints)"
ruined='--name skipping --batch-size 8 --skip-nonfinite 3'
ruin "$program"

# What cannot be used as it is given is said: sizes of a configuration beside weights, a warmup beyond the run.
"$program" --config data/small.json --train-data data/captions.tsv --threads 1 --logs logs --name sizes --batch-size 8 --epochs 1 --warmup 50 --pretrained logs/ways/checkpoints/epoch_1.pt >/dev/null 2>error
grep -q 'the sizes of --pretrained are used (text 1/32/64/2.*not those of --config' error || fail "other sizes are not told: $(cat error)"
grep -q '50 steps of --warmup are more than the 3 .*of the whole run' error || fail "a long warmup is not told: $(cat error)"

# Weights do not tell how wide heads are: a guess is said, the option and the configuration are not guesses.
sed 's/"width": 32, "head_width": 8/"width": 64, "head_width": 16/; s/"width": 32, "heads": 4/"width": 64, "heads": 4/' data/small.json >data/wide.json
wide() {
  name=$1
  shift
  "$program" --train-data data/captions.tsv --csv-separator "$tab" --threads 1 --logs logs --name "$name" --batch-size 8 --epochs 1 --warmup 1 "$@"
}
wide wide --config data/wide.json >/dev/null
wide guessed --pretrained logs/wide/checkpoints/epoch_1.pt 2>error >/dev/null
grep -q 'are taken to be 64 channels wide (1 a layer for text, 1 for vision).*--head-width' error || fail "a guess is not said: $(cat error)"
wide told --pretrained logs/wide/checkpoints/epoch_1.pt --head-width 16 2>error >/dev/null
[ ! -s error ] || fail "a width that is told: $(cat error)"
wide configured --pretrained logs/wide/checkpoints/epoch_1.pt --config data/wide.json 2>error >/dev/null
[ ! -s error ] || fail "a width that is configured: $(cat error)"
cmp logs/told/checkpoints/epoch_1.pt logs/configured/checkpoints/epoch_1.pt || fail 'the same width, another model'
! cmp -s logs/told/checkpoints/epoch_1.pt logs/guessed/checkpoints/epoch_1.pt || fail 'another width, the same model'

# Wrong input: one line that names it, exit code 2, no folder; told once by two processes.
rejected() {
  said=$1
  shift
  code=0
  "$program" --threads $threads $common "$tab" --logs rejected "$@" >output 2>error || code=$?
  [ "$code" -eq 2 ] || fail "exit code $code of: $*"
  [ ! -s output ] || fail "something on stdout of: $*"
  [ "$(wc -l <error)" -eq 1 ] || fail "$(cat error) is not one line, of: $*"
  grep -qF -- "$said" error || fail "'$(cat error)' does not say '$said', of: $*"
  [ ! -e rejected ] || fail "something was made by: $*"
}
table='--train-data data/captions.tsv'
rejected '--train-data'
rejected 'missing.tsv' --train-data missing.tsv
rejected 'missing.tar' --train-data missing.tar
printf 'path\ttext\nx.png\ta square\n' >other.tsv
rejected 'filepath' --train-data other.tsv
rejected 'a batch of 1 to 26' $table --batch-size 27
rejected '--accum-freq' $table --batch-size 8 --accum-freq 4
rejected '--batch-size' $table --batch-size 0
rejected '--lr' $table --lr -1
rejected '--lr' $table --lr nan
rejected '--epochs' $table --epochs many
rejected '--epochs' $table --epochs 1000001
rejected '--color-jitter: expected --color-jitter-prob above 0 beside it' $table --color-jitter 0.1,0.1,0.1,0.1
rejected '--csv-img-key: expected a table in --train-data or --val-data, found webdataset shards alone' --train-data data/captions.tar --csv-img-key path
rejected '--dist' $table --dist smoke
rejected 'WORLD_SIZE' $table --dist c10d
rejected '--precision' $table --precision fp8
rejected '--point' $table --point 1,2,3
rejected '--point' $table --point 1,2,3,0,1,2,3,4
rejected 'nowhere.pt' $table --pretrained nowhere.pt
rejected "--pretrained: expected a path, found ''" $table --pretrained '' # of a variable that is not set
rejected "--distill: expected a path, found ''" $table --distill ''
rejected "--vocabulary: expected a path, found ''" $table --vocabulary ''
rejected 'nowhere.pt' $table --distill nowhere.pt
rejected 'nowhere.txt' $table --vocabulary nowhere.txt
rejected 'nowhere.tsv' $table --val-data nowhere.tsv
rejected '--lock-image' $table --lock-image-unlocked-groups 1
rejected 'below 1' $table --force-patch-dropout 1
rejected '--dataset-resampled' $table --train-num-samples 5
rejected 'found a table' $table --dataset-resampled
rejected 'expected 1, one for each part of --train-data, found 2' --train-data data/captions.tar --dataset-resampled --train-data-upsampling-factors 1::2
rejected "found '0'" --train-data data/captions.tar --dataset-resampled --train-data-upsampling-factors 0
rejected 'data/captions.tsv/copy' $table --batch-size 8 --remote-sync data/captions.tsv/copy
rejected 'remote/copied' $table --name copied --remote-sync remote
rejected '--importance' $table --pretrained logs/one/checkpoints/epoch_3.pt --point 1,32,128,4,1,32,128,4
rejected '--importance' $table --importance nowhere --point 1,32,128,4,1,32,128,4
rejected '--importance' $table --importance nowhere --pretrained logs/one/checkpoints/epoch_3.pt
rejected '--precision: expected amp_bf16' $table --precision amp
rejected '--epochs-cooldown: expected --lr-scheduler const-cooldown' $table --epochs-cooldown 1
rejected '--epochs-cooldown: expected at most' $table --lr-scheduler const-cooldown --epochs-cooldown 3 --epochs 2
rejected '--lock-image-unlocked-groups: expected at most' $table --batch-size 8 --lock-image --lock-image-unlocked-groups 100
rejected '--lock-text-unlocked-layers: expected at most' $table --batch-size 8 --lock-text --lock-text-unlocked-layers 100
sed 's/"context_length": [0-9]*/"context_length": 9/' data/small.json >short.json
wide short --config short.json >/dev/null
rejected "--distill, logs/short/checkpoints/epoch_1.pt: expected a teacher of the student's texts of" $table --batch-size 8 --distill logs/short/checkpoints/epoch_1.pt
rejected '--model' $table --model ViT-B-16
rejected '--head-width' $table --head-width 8
rejected 'rows of heads of 7 channels' $table --pretrained logs/one/checkpoints/epoch_3.pt --head-width 7
rejected "expected weights below a key, found 'ema'" $table --pretrained logs/one/checkpoints/epoch_3.pt --weights-key ema
sed 's/"layers"/"layer"/' data/small.json >misspelt.json
code=0
"$program" --config misspelt.json $table --logs rejected >output 2>error || code=$?
[ "$code" -eq 2 ] && grep -q "text_cfg.layer: .*did you mean 'layers'?\|vision_cfg.layer: .*did you mean 'layers'?" error || fail "a misspelt member, with $code: $(cat error)"
code=0
train one --batch-size 8 >output 2>error || code=$?
[ "$code" -eq 2 ] && [ "$(wc -l <error)" -eq 1 ] && grep -q 'resume latest' error || fail 'a run that is there is not trained over'
code=0
train one --batch-size 4 --epochs 3 --resume latest >output 2>error || code=$?
[ "$code" -eq 2 ] && grep -q -e '--batch-size 8 (of all processes together).* found --batch-size 4' error || fail "a run goes on with another batch: $(cat error)"
# A run goes on as it began: what would change its results is named, all of it, and nothing of the run is touched.
cp -r logs/one/checkpoints untouched
epochs=3
other() { # SAID options...
  said=$1
  shift
  code=0
  train one --batch-size 8 --epochs $epochs --resume latest "$@" >output 2>error || code=$?
  [ "$code" -eq 2 ] && [ "$(wc -l <error)" -eq 1 ] && grep -qF -- "$said" error || fail "with $code '$(cat error)' does not say '$said', of: $*"
  diff -r logs/one/checkpoints untouched >/dev/null || fail "a run is trained over by: $*"
}
other '--stop-after, logs/one: expected at least 3, the epoch that the run has reached, found 2' --stop-after 2
other '--resume, logs/one/checkpoints/epoch_3.optimizer.pt: expected --precision fp32, --lr-scheduler cosine, no --grad-clip-norm as in the run' \
  --precision amp_bf16 --lr-scheduler const --grad-clip-norm 1
other 'found --precision amp_bf16, --lr-scheduler const, --grad-clip-norm 1' --precision amp_bf16 --lr-scheduler const --grad-clip-norm 1
epochs=4
other 'expected --epochs 3 as in the run that goes on, or another --name for a new run, found --epochs 4'
epochs=3
other '--loss clip' --loss siglip
other 'no --distill' --distill logs/one/checkpoints/epoch_3.pt
head -n 20 logs/one/merges.txt >few.txt
other '--vocabulary: expected the merges of the run' --vocabulary few.txt
sed 's/"heads": 4/"heads": 2/; s/"head_width": 8/"head_width": 16/' data/small.json >heads.json
sed 's/"layers": 2/"layers": 1/' data/small.json >layers.json
usual=$common
common=$(printf '%s' "$usual" | sed 's/data.small.json/layers.json/')
other 'that cannot be used (the newest: '
common=$(printf '%s' "$usual" | sed 's/data.small.json/heads.json/')
other 'heads of 8 channels'
common=$usual
for epoch in 1 2 3; do mv "logs/one/checkpoints/epoch_$epoch.optimizer.pt" "$epoch.away"; done
rm -r untouched
cp -r logs/one/checkpoints untouched
other '--resume, logs/one: expected a checkpoint that'
for epoch in 1 2 3; do mv "$epoch.away" "logs/one/checkpoints/epoch_$epoch.optimizer.pt"; done
# Two processes that train in one folder: the second one is refused.
flock -o logs/one-lock sleep 8 >/dev/null 2>&1 &
holder=$!
sleep 1
for resume in none latest; do
  code=0
  train one --batch-size 8 --epochs 3 --resume $resume >output 2>error || code=$?
  [ "$code" -eq 2 ] && grep -q 'logs/one: it is in use by another clip_train' error || fail "a run in use, with $code: $(cat error)"
done
kill $holder
wait $holder 2>/dev/null || true
code=0
launch "$program" --threads $threads $common "$tab" --logs rejected --train-data missing.tsv >output 2>error || code=$?
[ "$code" -eq 2 ] && [ "$(grep -c 'cannot open missing.tsv' error)" -eq 1 ] || fail "two processes say, with $code: $(cat error)"
# A picture that cannot be read is replaced and counted, once for all processes, with its name.
cp -r data broken
printf 'no picture' >broken/picture_7.png
code=0
launch "$program" --threads $threads $common "$tab" --logs logs --name broken --train-data broken/captions.tsv --batch-size 4 >output 2>error || code=$?
[ "$code" -eq 0 ] && [ "$(grep -c 'passed over .* the first: .*picture_7.png' error)" -ge 1 ] || fail "a broken picture, with $code: $(cat error)"
