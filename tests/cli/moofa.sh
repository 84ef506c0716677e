# The command line of examples/tools/moofa: $1 is the program, the working directory an empty folder, $3 makes pictures.
program=$1
helper=$3

fail() {
  printf '%s\n' "$1" >&2
  exit 1
}

mkdir cifar
"$helper" cifar

# The keys of the published configuration files, and a few of our own.
cat >a.yaml <<'END'
args:
  path: "a/"
  teacher_path: "a/teacher/"
  checkpoint: "a/checkpoint/checkpoint-expand_2.pth.tar"
  model: "narrow_MOOFA"
  dataset: "cifar10"
  base_batch_size: 20
  base_stage_width: "proxyless"
  bn_eps: 1.0e-5
  bn_momentum: 0.1
  continuous_size: true
  distort_color: "tf"
  dropout: 0.1
  dy_conv_scaling_mode: 1
  fp16_allreduce: false
  independent_distributed_sampling: false
  kd_ratio: 1.0
  kd_type: "ce"
  label_smoothing: 0.1
  lr_schedule_type: "cosine"
  manual_seed: 0
  model_init: "he_fout"
  momentum: 0.9
  n_worker: 2
  no_decay_keys: "bn#bias"
  no_nesterov: false
  not_sync_distributed_image_size: false
  opt_type: "sgd"
  print_frequency: 2
  resize_scale: 0.4
  valid_size: 20
  validation_frequency: 1
  weight_decay: 3.0e-5
tasks: ["kernel", "depth", "expand"]
tasks_phases:
  kernel: 1
  depth: 2
  expand: 2
args_per_task:
  teacher: {n_epochs: 30, base_lr: 5.0e-2, warmup_epochs: 0, warmup_lr: 3.0e-3, dynamic_batch_size: 1}
  kernel_1: {n_epochs: 10, base_lr: 3.0e-2, warmup_epochs: 0, warmup_lr: 3.0e-3, dynamic_batch_size: 1}
  depth: {n_epochs: 10, base_lr: 1.0e-2, warmup_epochs: 0, warmup_lr: 2.5e-3, dynamic_batch_size: 2}
  expand: {n_epochs: 10, base_lr: 1.0e-2, warmup_epochs: 0, warmup_lr: 2.5e-5, dynamic_batch_size: 2}
subnet_config:
  random_sample: false
  ks: [3, 5, 3, 5, 3, 5]
  e: 3
  d: [1, 2, 1]
  image_size: 28
  res_dir: "results/"
  name: "one"
  draw_graphs: true
search_config:
  N_constraint: 3
  max_constraint: 16000
  min_constraint: 7000
  res_dir: "searches/"
  acc_dataset_path: "accuracies/dataset.pkl"
  acc_predictor_checkpoint: "predictors/narrow.pth.tar"
collect_config: {min_constraint: 7000, max_constraint: 16000, ranges: 3, samples: 24, attempts: 4000, patience: 100, save_every: 3}
wandb:
  use_wandb: true
  project_name: "memory-optimized-once-for-all"
END

# interrupt CONDITION COMMAND CONFIGURATION OPTION...: is asked to stop by Ctrl-C, and says how to go on.
interrupt() {
  condition=$1 command=$2 configuration=$3
  shift 3
  code=0
  sh "${0%/*}/../harness/interrupt.sh" "$condition" "$program" "$command" --config "$configuration" --threads 1 --data cifar "$@" >terminal 2>error || code=$?
  [ "$code" -eq 130 ] || fail "exit code $code of $command after Ctrl-C: $(cat error)"
  grep -q '^moofa: stopped by SIGINT; .*the same command ' error || fail "$command after Ctrl-C: $(cat error)"
}
moofa() { # COMMAND CONFIGURATION OPTION...
  command=$1
  configuration=$2
  shift 2
  "$program" "$command" --config "$configuration" --threads 1 "$@"
}
train() {
  configuration=$1
  shift
  moofa train "$configuration" --data cifar --calibration 40 --epochs 0.1 "$@"
}

# Training: teacher and all phases, and every file that is named after the originals'.
train a.yaml --tensorboard curves >terminal
grep -aq 'validation/top1' curves/teacher/events.out.tfevents.* || fail 'no curves of the teacher'
for phase in kernel_1 depth_1 depth_2 expand_1 expand_2; do
  [ -f "a/checkpoint/checkpoint-$phase.pth.tar" ] || fail "no weights of $phase"
  grep -aq 'training/learning_rate' "curves/$phase"/events.out.tfevents.* || fail "no curves of $phase"
  grep -q "^$phase epoch 1 of 1: loss [0-9.]*, learning rate .*; validation loss .*, top1 .*, top5 " terminal || fail "no line of $phase: $(cat terminal)"
  grep -q "^$phase epoch 1: mean loss [0-9.]*, top1 " a/logs/valid_console.txt || fail "no validation of $phase in the log"
  grep -q "^$phase epoch 1: step 4 of 5, loss [0-9.]*, learning rate " a/logs/train_console.txt || fail "no training of $phase in the log"
done
grep -q '^teacher epoch 3 of 3: ' terminal || fail 'the teacher'
grep -q '^teacher epoch 3: R28 loss ' a/teacher/logs/valid_console.txt || fail 'the teacher is validated at each size'
[ "$(grep -c '^expand_2 epoch 1: R[0-9]*-D[0-9]*-E[0-9]*-K[0-9]*-W0 ' a/logs/valid_console.txt)" -eq 16 ] || fail 'the grid of validation'
for file in run.config net.config net_info.txt checkpoint/latest.txt checkpoint/checkpoint.pth.tar checkpoint/model_best.pth.tar \
  teacher/checkpoint/model_best.pth.tar teacher/checkpoint/checkpoint.pth.tar teacher/checkpoint/latest.txt; do
  [ -s "a/$file" ] || fail "no $file"
done
grep -q '"name": "MobileNetV3"' a/net.config || fail 'net.config'
[ "$(cat a/checkpoint/latest.txt)" = a/checkpoint/checkpoint.pth.tar ] || fail 'latest.txt'
[ -z "$(find a/checkpoint/resume a/teacher/checkpoint/resume -type f)" ] || fail 'something to go on with is left'
train a.yaml >again
[ "$(grep -c 'is there$' again)" -eq 6 ] || fail 'what is trained is not trained again'

# Other settings do not go on with it.
differs() { # SAID OPTION...
  said=$1
  shift
  code=0
  configuration=$1
  shift
  moofa train "$configuration" --data cifar --calibration 40 "$@" >terminal 2>error || code=$?
  [ "$code" -eq 2 ] && grep -qF -- "$said" error || fail "$code and '$(cat error)', not '$said', of: $*"
}
differs 'teacher_settings.txt, --seed: expected 77 as asked for now, or another folder args.path and args.teacher_path, found ' a.yaml --epochs 0.1 --seed 77
differs 'teacher_settings.txt, epochs: expected ' a.yaml --epochs 10
cp a/teacher/checkpoint/model_best.pth.tar model_best.kept
cp a/teacher/checkpoint/checkpoint.pth.tar a/teacher/checkpoint/model_best.pth.tar
cat model_best.kept >>a/teacher/checkpoint/model_best.pth.tar # other bytes, whichever epoch was the best
differs 'kernel_1_settings.txt, teacher: expected model_best.pth.tar (' a.yaml --epochs 0.1 --task kernel
mv model_best.kept a/teacher/checkpoint/model_best.pth.tar
differs 'kernel_1_settings.txt, --sort-channels: expected yes as asked for now, ' a.yaml --epochs 0.1 --task kernel --sort-channels
sed 's/base_lr: 5.0e-2/base_lr: 4.0e-2/' a.yaml >rate.yaml
differs 'base_lr: expected 0.04 as asked for now, ' rate.yaml --epochs 0.1
rm rate.yaml error

# Stopped after any step and started again, and killed: the same weights, the same logs.
sed 's#"a/#"b/#' a.yaml >b.yaml
calls=0
until grep -q '^in b' stopped 2>/dev/null; do
  train b.yaml --stop-after 11 --save-steps 4 >stopped || fail 'training goes on'
  calls=$((calls + 1))
  [ "$calls" -lt 20 ] || fail 'training never ends'
done
[ "$calls" -eq 4 ] || fail "$calls calls for 40 steps"
sed 's#"a/#"c/#' a.yaml >c.yaml
interrupt '[ -s c/teacher/logs/train_console.txt ]' train c.yaml --calibration 40 --epochs 0.1
[ ! -f c/checkpoint/checkpoint-kernel_1.pth.tar ] || fail 'training in spite of Ctrl-C'
"$program" train --config c.yaml --threads 1 --data cifar --calibration 40 --epochs 0.1 --save-steps 1 >killed &
pid=$!
until [ -f c/checkpoint/checkpoint-kernel_1.pth.tar ]; do
  kill -0 "$pid" || fail 'training ended'
  sleep 0.05
done
kill -9 "$pid"
wait "$pid" 2>/dev/null || true
train c.yaml >killed
for run in b c; do
  for file in logs/valid_console.txt logs/train_console.txt checkpoint/checkpoint-kernel_1.pth.tar checkpoint/checkpoint-depth_2.pth.tar \
    checkpoint/checkpoint-expand_2.pth.tar teacher/checkpoint/model_best.pth.tar; do
    cmp "a/$file" "$run/$file" || fail "$file of a training that was stopped is another"
  done
done

# One phase, and other ways.
sed 's#"a/#"d/#; s/kd_type: "ce"/kd_type: "mse"/; s/no_nesterov: false/no_nesterov: true/; s/dataset: "cifar10"/&\n  data_path: "cifar"/' a.yaml >d.yaml
moofa train d.yaml --task teacher --epochs 0.02 >/dev/null
[ -f d/teacher/checkpoint/model_best.pth.tar ] || fail 'only the teacher'
[ ! -f d/checkpoint/checkpoint-kernel_1.pth.tar ] || fail 'more than the teacher'
moofa train d.yaml --task kernel --epochs 0.1 --calibration 20 --continuous-size >/dev/null
cp d/checkpoint/checkpoint-kernel_1.pth.tar d/checkpoint/checkpoint-depth_2.pth.tar
moofa train d.yaml --task expand --phase 1 --sort-channels --epochs 0.1 --calibration 20 >/dev/null
[ -f d/checkpoint/checkpoint-expand_1.pth.tar ] || fail 'one phase'
if command -v mpirun >/dev/null; then
  sed 's#"a/#"m/#' a.yaml >m.yaml
  several() { "$@" "$program" train --config m.yaml --data cifar --calibration 20 --epochs 0.1 --task teacher --threads 1 >several 2>&1; }
  export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
  # OpenMPI refuses more processes than processors unless told otherwise; another MPI does not know that.
  if mpirun --version 2>/dev/null | grep -qi 'open.*mpi'; then several mpirun -n 2 --oversubscribe --bind-to none; else several mpirun -n 2; fi ||
    fail "two processes: $(cat several)"
  grep -q 'in 2 processes' several || fail 'two processes'
  [ "$(grep -c '^teacher epoch 3 of 3' several)" -eq 1 ] || fail 'one of two processes tells'
fi

# Evaluation.
moofa eval a.yaml --model supernet --data cifar --calibration 40 >terminal
grep -q '^one: accuracy 0\.[0-9]*, peak memory [0-9]* elements, ' terminal || fail "evaluation: $(cat terminal)"
for file in info.json subnet.dot subnet.svg memory_histogram.svg; do
  [ -s "results/one/$file" ] || fail "no $file"
done
[ "$(grep -o '^    "[a-z_]*"' results/one/info.json | tr -d ' "\n')" = accuracypeak_memoryconfigmemory_historyflopsavg_forward_time ] ||
  fail 'keys of info.json'
grep -q '"model": "narrow_MOOFA"' results/one/info.json || fail 'the configuration in info.json'
grep -q '^digraph' results/one/subnet.dot || fail 'the graph'
sed 's/random_sample: false/random_sample: true/; s/draw_graphs: true/draw_graphs: false/; s/name: "one"/name: "two"/' a.yaml >random.yaml
moofa eval random.yaml --model supernet --data cifar --calibration 40 --seed 3 >first
moofa eval random.yaml --model supernet --data cifar --calibration 40 --seed 3 >second
[ "$(sed 's/ [0-9.]* s a batch//' first)" = "$(sed 's/ [0-9.]* s a batch//' second)" ] || fail 'a random sub-network follows from the seed'
[ ! -d results/two ] || fail 'files without draw_graphs'
# A checkpoint that lacks tensors is not judged; one of a static network has no kernel matrices, which is said.
"$helper" without blocks.2 a/checkpoint/checkpoint-expand_2.pth.tar a/checkpoint/partial.pth.tar
sed 's/checkpoint-expand_2/partial/' a.yaml >partial.yaml
code=0
moofa eval partial.yaml --model supernet --data cifar --calibration 40 >terminal 2>error || code=$?
[ "$code" -eq 2 ] && grep -q 'partial.pth.tar: expected a tensor named blocks.2.* and [0-9]* more that are not there, found ' error ||
  fail "a checkpoint that lacks tensors, with $code: $(cat error)"
sed 's#a/checkpoint/checkpoint-expand_2#a/teacher/checkpoint/model_best#' a.yaml >static.yaml
moofa eval static.yaml --model supernet --data cifar --calibration 40 >terminal 2>error || fail "a static network: $(cat error)"
grep -q 'has no kernel matrices (blocks.1.*5to3_matrix and ' error || fail "a static network is told by: $(cat error)"
# A loss that is not finite stops training, and what was there stays.
sed 's#"a/#"n/#; s/base_lr: 5.0e-2/base_lr: 1.0e30/' a.yaml >n.yaml
code=0
train n.yaml --task teacher >terminal 2>error || code=$?
[ "$code" -eq 1 ] && grep -q 'training stops in epoch 1 at step \|is not written' error || fail "a loss that is not finite, with $code: $(cat error)"
[ -z "$(find n -name '*.pth.tar' -o -name '*.pt')" ] || fail "ruined weights are written: $(find n -type f)"
moofa eval a.yaml --model teacher --data cifar | grep -q '^teacher at 28 pixels: accuracy 0\.' || fail 'the teacher'

# Collection, resumed; predictor; search.
collect() { moofa collect "$@" --data cifar --calibration 20 --images 20; }
collect a.yaml >terminal
[ "$(head -n 1 accuracies/dataset.csv)" = attempt,r,d,ks,e_idx,accuracy,peak_memory ] || fail 'columns of the table'
[ "$(wc -l <accuracies/dataset.csv)" -eq 25 ] || fail "samples: $(cat terminal)"
grep -q '^24 samples in accuracies/dataset.csv$' terminal || fail 'what collection tells'
head -n 8 accuracies/dataset.csv >half.csv
collect a.yaml --table half.csv >/dev/null
cmp half.csv accuracies/dataset.csv || fail 'a collection goes on'
interrupt '[ -s stopped.csv ]' collect a.yaml --calibration 20 --images 20 --table stopped.csv
[ "$(sed 1d stopped.csv | wc -l)" -eq "$(sed -n 's/^moofa: stopped by SIGINT; \([0-9]*\) samples are in stopped.csv.*/\1/p' error)" ] || fail 'samples that are not kept'
[ "$(wc -l <stopped.csv)" -lt 25 ] || fail 'all samples in spite of Ctrl-C'
collect a.yaml --table stopped.csv >/dev/null
cmp stopped.csv accuracies/dataset.csv || fail 'a collection goes on after Ctrl-C'
# The same images in another folder are the same data; other images are not, and neither are other weights in a file of the same name.
cp -r cifar moved
moofa collect a.yaml --data moved --calibration 20 --images 20 >/dev/null || fail 'the data set was moved'
first=$(ls moved/data_batch_1.bin moved/*.bin | head -n 1)
printf '\200\177\200\177' | dd of="$first" bs=1 seek=1 conv=notrunc 2>/dev/null
code=0
moofa collect a.yaml --data moved --calibration 20 --images 20 >terminal 2>error || code=$?
[ "$code" -eq 2 ] && grep -q 'dataset.settings.txt, data-set: expected ' error || fail "$code and '$(cat error)' of other images"
code=0
moofa train a.yaml --data moved --calibration 40 --epochs 0.1 >terminal 2>error || code=$?
[ "$code" -eq 2 ] && grep -q 'teacher_settings.txt, data-set: expected ' error || fail "$code and '$(cat error)' of other images"
rm -r moved error
sed 's#checkpoint: ".*"#checkpoint: "swapped.pth.tar"#' a.yaml >swapped.yaml
cp a/checkpoint/checkpoint-expand_2.pth.tar swapped.pth.tar
moofa collect swapped.yaml --data cifar --calibration 20 --images 20 --table swapped.csv --samples 3 >/dev/null
# The same weights under another name are the same; a settings file that says less than any version wrote is refused.
cp swapped.pth.tar swopped.pth.tar
sed 's/swapped.pth/swopped.pth/' swapped.yaml >swopped.yaml
moofa collect swopped.yaml --data cifar --calibration 20 --images 20 --table swapped.csv --samples 4 >/dev/null || fail 'weights under another name'
rm swopped.yaml swopped.pth.tar
mv swapped.settings.txt kept.txt
head -n 3 kept.txt >swapped.settings.txt
code=0
moofa collect swapped.yaml --data cifar --calibration 20 --images 20 --table swapped.csv --samples 6 >terminal 2>error || code=$?
[ "$code" -eq 2 ] && grep -q 'swapped.settings.txt, .*--seed.* found ' error || fail "$code and '$(cat error)' of half a file of settings"
mv kept.txt swapped.settings.txt
cp a/checkpoint/checkpoint-expand_1.pth.tar swapped.pth.tar
code=0
moofa collect swapped.yaml --data cifar --calibration 20 --images 20 --table swapped.csv --samples 6 >terminal 2>error || code=$?
[ "$code" -eq 2 ] && grep -q 'swapped.settings.txt, weights: expected ' error || fail "$code and '$(cat error)' of other weights"
rm swapped.pth.tar swapped.yaml swapped.csv swapped.settings.txt error
moofa collect a.yaml --data cifar --calibration 20 --images 20 --table few.csv --samples 8 >terminal
grep -q '^6 samples of 8: as many in each of 3 ranges$' terminal || fail "samples that are rounded down: $(cat terminal)"
moofa fit-predictor a.yaml --epochs 4 --plot fit.svg >terminal
grep -q '^validation: RMSE [0-9.]*, correlation ' terminal || fail 'what fitting tells'
[ -s predictors/narrow.pth.tar ] || fail 'no predictor'
[ "$(grep -c '<circle' fit.svg)" -eq 5 ] || fail 'the picture has a point for each sample of validation'
moofa fit-predictor a.yaml --epochs 2 --published --output other.pth.tar >/dev/null
moofa search a.yaml --data cifar --calibration 40 >terminal
[ "$(ls -d searches/constraint_*_search_* | wc -l)" -eq 3 ] || fail 'a folder for each constraint'
for folder in searches/constraint_*_search_*; do
  limit=${folder#searches/constraint_}
  limit=${limit%%.*}
  peak=$(sed -n 's/^    "peak_memory": \([0-9]*\),$/\1/p' "$folder/info.json")
  [ "$peak" -le "$limit" ] || fail "a peak of $peak above $limit"
  for key in predicted_accuracy real_accuracy config memory_history flops avg_forward_time; do
    grep -q "\"$key\"" "$folder/info.json" || fail "no $key"
  done
  [ -s "$folder/subnet.svg" ] && [ -s "$folder/memory_histogram.svg" ] || fail 'pictures of a search'
done
[ "$(wc -l <searches/summary.csv)" -eq 4 ] || fail 'summary.csv'
grep -q '<circle' searches/summary.svg || fail 'summary.svg'
grep -q 'predicted  measured' terminal || fail 'the table on the terminal'
sed 's#res_dir: "searches/"#res_dir: "halted/"#; s/N_constraint: 3/N_constraint: 12/' a.yaml >s.yaml
interrupt 'ls -d halted/constraint_*' search s.yaml --calibration 40
lines=$(wc -l <halted/summary.csv)
[ "$lines" -ge 2 ] && [ "$lines" -le 12 ] || fail "$lines lines of a summary after Ctrl-C"
cut -d, -f1-5 halted/summary.csv >begin
moofa search s.yaml --data cifar --calibration 40 >/dev/null
[ "$(wc -l <halted/summary.csv)" -eq 13 ] || fail 'a search that goes on ends early'
head -n "$lines" halted/summary.csv | cut -d, -f1-5 | cmp - begin || fail 'another search before Ctrl-C'
sed 's#res_dir: "searches/"#res_dir: "published/"#; s/max_constraint: 16000/max_constraint: 100000/' a.yaml >p.yaml
moofa search p.yaml --published --population 8 --generations 3 --predictor other.pth.tar >terminal
grep -q 'were not measured' terminal || fail 'a search without data'
[ "$(cut -d , -f 1 published/summary.csv | tr '\n' ' ')" = 'constraint 100000 53500 7000 ' ] || fail 'a search by the published loop'
ls -d published/constraint_100000.0_search_* >/dev/null || fail 'the name of a folder'
printf 'narrow_MOOFA: {expand_list: [2, 3, 4], ks_list: [3, 5], depth_list: [1, 2], width_mult_list: 1.0, image_size: [24, 28, 32]}\n' >models.yaml
moofa fit-predictor a.yaml --epochs 1 --output other.pth.tar --model_config_path models.yaml >/dev/null

# What is wrong is said in one line, with exit code 2, and nothing is written.
changed() { sed "$1" a.yaml >wrong.yaml; }
rejected() { # SAID ARGUMENT...
  said=$1
  shift
  code=0
  message=$("$program" "$@" 2>&1 >/dev/null) || code=$?
  lines=$(printf '%s\n' "$message" | wc -l)
  [ "$code" -eq 2 ] || fail "exit code $code of: $* ($message)"
  [ "$lines" -eq 1 ] || fail "$message is not one line, of: $*"
  case $message in *"$said"*) ;; *) fail "'$message' does not say '$said', of: $*" ;; esac
}
wrong() { # EXPRESSION SAID COMMAND OPTION...
  changed "$1"
  said=$2
  command=$3
  shift 3
  rejected "$said" "$command" --config wrong.yaml "$@"
}
: >wrong.yaml
sed 's/depth_list: .1, 2./depth_list: [1, 2, 3]/' models.yaml >other_models.yaml
mkdir -p folder/train/one folder/val/one
before=$(find . | sort | cksum)
wrong 's/narrow_MOOFA/MOOVA_V1/' "wrong.yaml, line 5, args.model: expected one of OFA, CompOFA, MOOFA_V1" train
wrong 's/narrow_MOOFA/MOOVA_V1/' "did you mean 'MOOFA_V1'?" train
wrong 's/narrow_MOOFA/CompOFA/' 'CompOFA is trained by another scheme' train --data cifar
wrong '' '--task' train --task width --data cifar
wrong '' 'which of the 2 phases of depth' train --task depth --data cifar
wrong '' 'phase of depth: expected from 1 to 2, found 3' train --task depth --phase 3 --data cifar
wrong '' '--task' train --phase 2 --data cifar
wrong '/^  depth: {/d' 'an entry depth_1 or depth' train --data cifar
wrong '/^  teacher: {/d; s#"a/#"e/#' 'an entry teacher' train --data cifar
wrong 's/^  expand: 2$//' 'the number of phases of expand' train --data cifar
wrong 's/base_batch_size: 20/base_batch_size: many/' 'line 7, args.base_batch_size: expected a whole number' train --data cifar
wrong 's/base_batch_size/batch_size/' "did you mean 'base_batch_size'?" train --data cifar
wrong 's/base_batch_size: 20/base_batch_size: 2000/; s#"a/#"e/#' 'a batch of 1 to 100' train --data cifar
wrong 's/cifar10/cifar11/' "did you mean 'cifar10'?" train --data cifar
wrong 's#teacher_path: "a/teacher/"#teacher_path: "a"#' 'another folder than args.path' train --data cifar
wrong 's#  path: "a/"##' 'args.path: expected a path' train --data cifar
wrong '' 'the folder of the data set' train
wrong 's#"a/#"e/#' 'nowhere' train --data nowhere
wrong 's/cifar10/imagenet/; s#"a/#"e/#' 'folder/train/one: expected images' train --data folder
wrong '' '--model is required' eval --data cifar
wrong '' 'supernet,teacher' eval --model student --data cifar
wrong 's#checkpoint-expand_2#checkpoint-expand_9#' 'checkpoint-expand_9.pth.tar' eval --model supernet --data cifar
wrong 's/narrow_MOOFA/narrow_OFA/; s/  e: 3/  e: 6/' 'tensor blocks.1.conv.inverted_bottleneck.conv.conv.weight: expected the shape' eval --model supernet --data cifar
wrong 's/  e: 3/  e: 5/' 'subnet_config.e[0]: expected one of 2, 3, 4, found 5' eval --model supernet --data cifar
wrong 's/  d: \[1, 2,/  d: [1,/' 'subnet_config.d: expected 3 values, found 2' eval --model supernet --data cifar
wrong 's/collect_config: {min_constraint: [0-9]*, max_constraint: [0-9]*/collect_config: {min_constraint: 1, max_constraint: 2/' \
  'that networks of narrow_MOOFA have' collect --data cifar
wrong '' '--seed: expected 9 as asked for now, or another --table, found ' collect --data cifar --seed 9 --calibration 20 --images 20
wrong 's/resize_scale: 0.4/resize_scale: 0.5/' 'settings.txt, args.resize_scale: expected 0.5 as asked for now' collect --data cifar --calibration 20 --images 20
wrong '' 'settings.txt, --calibration, --images: expected 30, 40 as asked for now, or another --table, found 20, 20' collect --data cifar --calibration 30 --images 40
wrong '' '--samples: expected at least 24, as many as accuracies/dataset.csv has, found 8' collect --data cifar --calibration 20 --images 20 --samples 8
# A table without its settings is said to be one, and what it holds is compared.
rm half.settings.txt
changed ''
code=0
said=$(moofa collect wrong.yaml --data cifar --seed 9 --table half.csv 2>&1) || code=$?
case "$code $said" in
  '2 half.csv does not say what made it'*'sample 1: expected the sub-network that this seed'*) ;;
  *) fail "$code and '$said' of a table of another seed" ;;
esac
wrong '' "--table: expected a path, found ''" collect --data cifar --table ''
wrong '' 'nowhere.csv' fit-predictor --table nowhere.csv
wrong '' '--output: expected another file than the table of accuracies, found ./nowhere.csv' fit-predictor --table nowhere.csv --output ./nowhere.csv
wrong '' '--plot: expected another file than the table of accuracies' fit-predictor --table nowhere.csv --plot nowhere.csv
wrong '' '--plot: expected another file than the predictor' fit-predictor --table nowhere.csv --output both --plot both
wrong '' '--seed: expected at most 4294967295 with --published, the largest seed that NumPy takes, found 4294967296' search --published --seed 4294967296
wrong 's/  min_constraint: [0-9]*/  min_constraint: 100/' 'the least peak memory that a network of narrow_MOOFA has, found 100' search
wrong '' 'expected' search --predictor a/checkpoint/checkpoint-expand_2.pth.tar
sed 's/width_mult_list: 1.0/width_mult_list: 1.2/' models.yaml >other_models.yaml
wrong '' 'narrow_MOOFA.width_mult_list: expected 1, found 1.2' fit-predictor --model_config_path other_models.yaml
sed 's/depth_list: .1, 2./depth_list: [1, 2, 3]/' models.yaml >other_models.yaml
wrong '' 'narrow_MOOFA.depth_list: expected [1, 2]' fit-predictor --model_config_path other_models.yaml
rejected '--config is required' train
rejected 'nowhere.yaml' train --config nowhere.yaml
rejected 'subcommand'
[ "$(find . | sort | cksum)" = "$before" ] || fail "something was made: $(find e 2>/dev/null)"
"$program" search --help | grep -q -- '--generations' || fail 'help'
