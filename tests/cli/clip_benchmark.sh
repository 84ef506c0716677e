# The command line of examples/tools/clip_benchmark: $1 is the program, the working directory an empty folder.
program=$1

fail() {
  printf '%s\n' "$1" >&2
  exit 1
}

"$program" demo tiny >terminal
[ "$(ls tiny | tr '\n' ' ')" = 'data importance model.json vocabulary.txt weights.safetensors ' ] || fail 'what demo writes'
"$program" demo again >/dev/null
diff -r tiny again || fail 'demo writes something else the second time'
rm -r again

evaluate() {
  "$program" eval --dataset_root 'tiny/data/{dataset}' --model tiny/model.json --pretrained tiny/weights.safetensors --vocabulary tiny/vocabulary.txt "$@"
}
number() { # NAME FILE
  sed -n "s/^ *\"$1\": \([-0-9.e]*\|null\),*\$/\1/p" "$2"
}
at_least() { awk -v a="$1" -v b="$2" 'BEGIN { exit !(a + 0 >= b + 0) }'; }

# Each kind of data set, and the task it is made for.
printf '# all three\nwds/colours\n\n wds/colours_multilabel\nwds/colours_captions\n' >list.txt
evaluate --dataset list.txt --recall_k 1 5 --threads 3 --output 'results/{dataset}_{pretrained}_{model}_{language}_{task}.json' >terminal
[ "$(wc -l <terminal)" -eq 3 ] || fail 'a line for each run'
suffix=weights.safetensors_model.json_en
zero_shot=results/wds_colours_${suffix}_zeroshot_classification.json
several=results/wds_colours_multilabel_${suffix}_zeroshot_classification.json
retrieval=results/wds_colours_captions_${suffix}_zeroshot_retrieval.json
[ "$(ls results | wc -l)" -eq 3 ] || fail 'a file for each run'
[ "$(grep -o '^  "[a-z]*"' "$zero_shot" | tr -d ' "\n')" = datasetmodelpretrainedtaskmetricslanguagesettings ] || fail 'members of a result'
grep -q '"dataset": "wds/colours"' "$zero_shot" || fail 'the name of the data set'
for metric in acc1 acc5 mean_per_class_recall; do
  at_least "$(number $metric "$zero_shot")" 0 || fail "no $metric"
done
at_least "$(number acc5 "$zero_shot")" "$(number acc1 "$zero_shot")" || fail 'acc5 below acc1'
at_least "$(number mean_average_precision "$several")" 0.1 || fail 'mean average precision'
for metric in image_retrieval_recall@1 text_retrieval_recall@1 mean_recall@1 image_retrieval_recall@5 text_retrieval_recall@5; do
  at_least "$(number $metric "$retrieval")" 0 || fail "no $metric"
done
at_least "$(number text_retrieval_recall@5 "$retrieval")" "$(number text_retrieval_recall@1 "$retrieval")" || fail 'recall falls with k'

# Neither the batch nor the threads change a result; what is there can be kept.
evaluate --dataset wds/colours --batch_size 7 --threads 1 --output other.json >/dev/null
cmp "$zero_shot" other.json || fail 'another batch, another result'
evaluate --dataset list.txt --recall_k 1 5 --threads 1 --output 'alone/{dataset}_{pretrained}_{model}_{language}_{task}.json' >/dev/null
diff -r results alone || fail 'other threads, another result'

# Ctrl-C ends it after a run, and it goes on.
code=0
sh "${0%/*}/../harness/interrupt.sh" true "$program" eval --dataset_root 'tiny/data/{dataset}' --model tiny/model.json --pretrained tiny/weights.safetensors \
  --vocabulary tiny/vocabulary.txt --dataset list.txt --recall_k 1 5 \
  --output 'stopped/{dataset}_{pretrained}_{model}_{language}_{task}.json' >terminal 2>error || code=$?
[ "$code" -eq 130 ] || fail "exit code $code after Ctrl-C: $(cat error)"
grep -q '^clip_benchmark: stopped by SIGINT; the same command goes on with --skip_existing$' error || fail "after Ctrl-C: $(cat error)"
done=$(wc -l <terminal)
[ "$done" -lt 3 ] || fail 'all runs in spite of Ctrl-C'
evaluate --dataset list.txt --recall_k 1 5 --skip_existing --output 'stopped/{dataset}_{pretrained}_{model}_{language}_{task}.json' >terminal
[ "$(grep -c skipped terminal)" -eq "$done" ] || fail "runs that were done: $(cat terminal)"
diff -r results stopped || fail 'other results after Ctrl-C'
rm error
evaluate --dataset wds/colours --skip_existing --output other.json | grep -q skipped || fail 'a file that is there is skipped'
cmp "$zero_shot" other.json || fail 'a file that is there is kept'
# Other weights in the same file are another model; a result of a version that did not know its files says nothing of them.
cp -r tiny changed
with_changed() {
  "$program" eval --dataset_root 'tiny/data/{dataset}' --model changed/model.json --pretrained changed/weights.safetensors --vocabulary changed/vocabulary.txt \
    --dataset wds/colours --output changed/result.json --skip_existing
}
with_changed >/dev/null || fail 'weights that change'
with_changed | grep -q skipped || fail 'weights that did not change'
"$program" demo seeded --seed 9 >/dev/null
cp seeded/weights.safetensors changed/weights.safetensors
code=0
with_changed >/dev/null 2>error || code=$?
[ "$code" -eq 2 ] && grep -q '^verdant: changed/result.json, model.files: expected ' error || fail "$code: $(cat error)"
sed -i '/"model.files"/d; s/\("model.vocabulary": "[^"]*"\),/\1/' changed/result.json
with_changed | grep -q skipped || fail "a result of an earlier version: $(cat changed/result.json)"
rm -r changed seeded error
# One of the original has no settings.
sed '/"language"/s/,$//; /"settings"/,/}/d' "$zero_shot" >foreign.json
evaluate --dataset wds/colours --split train --skip_existing --output foreign.json | grep -q skipped || fail "a file of the original: $(cat foreign.json)"
# Pruned models and other splits have files of their own.
(
  mkdir named
  cd named
  ln -s ../tiny tiny
  evaluate --dataset wds/colours >/dev/null
  evaluate --dataset wds/colours --text-layers 2 --importance tiny/importance >/dev/null
  evaluate --dataset wds/colours --split train >/dev/null
  [ "$(ls | grep -c '^wds_colours_weights.safetensors_model.json_en_zeroshot_classification\(_split-train\|_text-layers-2_importance-importance\|\).json$')" -eq 3 ] ||
    fail "names of results: $(ls)"
  "$program" average wds*.json --output means >/dev/null
  [ "$(wc -l <means/by_model.csv)" -eq 4 ] || fail "averages of different models in one: $(cat means/by_model.csv)"
  "$program" build wds*.json --output all.csv | grep -q '^3 results' || fail 'a table of three'
  "$program" average all.csv --output same >/dev/null
  diff -r means same || fail 'files and table tell models apart otherwise'
) || exit 1

# Random features tell colours, a prompt does not: a linear probe, with and without validation.
evaluate --dataset wds/colours --task linear_probe --output probe.json >/dev/null
evaluate --dataset wds/colours --task linear_probe --fewshot_k 100000 --fewshot_epochs 1 --output many.json | grep -q 'fewshot_k 100000 ' || fail 'digits of a whole number'
at_least "$(number lp_acc1 probe.json)" 0.9 || fail 'a linear probe tells colours'
at_least "$(number lp_acc5 probe.json)" "$(number lp_acc1 probe.json)" || fail 'lp_acc5'
[ "$(number weight_decay probe.json)" = 0.0 ] || fail 'no decay without validation'
[ "$(number fewshot_k probe.json)" = -1.0 ] || fail 'all samples'
evaluate --dataset wds/colours --task linear_probe --val_proportion 0.25 --fewshot_k 4 --fewshot_epochs 20 --seed 3 --threads 3 --output tuned.json >/dev/null
evaluate --dataset wds/colours --task linear_probe --val_proportion 0.25 --fewshot_k 4 --fewshot_epochs 20 --seed 3 --threads 1 --output tuned_alone.json >/dev/null
cmp tuned.json tuned_alone.json || fail 'other threads, another probe'
at_least "$(number weight_decay tuned.json)" 0.000000999 || fail 'validation chooses a decay'
at_least "$(number lp_acc1 tuned.json)" 0.5 || fail 'a probe of few samples'
evaluate --dataset wds/colours_captions --task image_caption_selection --output chosen.json >/dev/null
at_least 1 "$(number text_acc chosen.json)" || fail 'a share of right captions'

# Pruned by the rankings; the pruned model's weights from a file of their own must fit.
prune='--text-layers 2 --text-heads 2 --vision-ffn 96 --vision-width 24 --importance tiny/importance'
evaluate --dataset wds/colours $prune --save-model-name pruned --dump_classnames --dump_templates --output '{model}.json' >/dev/null
grep -q '"model": "pruned"' pruned.json || fail 'the name of the pruned model'
grep -q '"red square"' pruned.json || fail 'class names'
grep -q '"something {c}"' pruned.json || fail 'templates'

# Each process of a distributed run does its share, all do all.
for rank in 0 1; do
  OMPI_COMM_WORLD_RANK=$rank OMPI_COMM_WORLD_SIZE=2 evaluate --dataset list.txt --recall_k 1 5 --distributed --seed 5 --output 'shared/{dataset}.json' >share$rank
done
[ "$(ls shared | wc -l)" -eq 3 ] || fail 'all runs of a distributed evaluation'
[ "$(cat share0 share1 | wc -l)" -eq 3 ] || fail 'each run once'
cmp shared/wds_colours.json "$zero_shot" || fail 'a distributed run gives something else'

# One table, and averages of it.
"$program" build results/*.json pruned.json probe.json --output table/benchmark.csv >terminal
columns=dataset,model,pretrained,model_fullname,task,language,settings,acc1,acc5,epochs,fewshot_k,image_retrieval_recall@1,image_retrieval_recall@5
columns=$columns,lp_acc1,lp_acc5,lp_mean_per_class_recall,mean_average_precision,mean_per_class_recall,mean_recall@1,normalized,seed
columns=$columns,text_retrieval_recall@1,text_retrieval_recall@5,weight_decay
[ "$(head -n 1 table/benchmark.csv)" = "$columns" ] || fail "columns: $(head -n 1 table/benchmark.csv)"
[ "$(wc -l <table/benchmark.csv)" -eq 6 ] || fail 'a row for each file'
[ "$(grep -c 'tiny/model.json tiny/weights.safetensors' table/benchmark.csv)" -eq 4 ] || fail 'model_fullname'
"$program" build table/benchmark.csv --output twice.csv >/dev/null
cmp table/benchmark.csv twice.csv || fail 'a table of a table is another'
"$program" average results/*.json pruned.json probe.json --output means >terminal
grep -q 'by model and task' terminal || fail 'tables on the terminal'
"$program" average table/benchmark.csv --output same >/dev/null
diff -r means same || fail 'files and table have other averages'
[ "$(ls means | tr '\n' ' ')" = 'by_dataset.csv by_model.csv by_model_and_task.csv ' ] || fail 'three tables'
[ "$(head -n 1 means/by_dataset.csv)" = model_fullname,wds/colours,wds/colours_captions,wds/colours_multilabel ] || fail 'columns of by_dataset.csv'
expected=$(awk -v a="$(number acc1 "$zero_shot")" -v b="$(number mean_average_precision "$several")" \
  -v c="$(number image_retrieval_recall@1 "$retrieval")" -v d="$(number text_retrieval_recall@1 "$retrieval")" 'BEGIN { print (a + b + (c + d) / 2) / 3 }')
found=$(sed -n 's/^tiny.*,3,\(.*\)$/\1/p' means/by_model.csv)
awk -v a="$expected" -v b="$found" 'BEGIN { exit !(b != "" && (a - b) ^ 2 < 1e-10) }' || fail "mean $found, not $expected"

# A result of the original, with NaN.
printf '{"dataset": "wds/pcam", "model": "m", "pretrained": "w", "task": "zeroshot_classification", "metrics": {"acc1": 0.5, "acc5": NaN}, "language": "en"}' >foreign.json
"$program" build foreign.json --output foreign.csv >terminal
grep -q '^1 result in foreign.csv$' terminal || fail "one result: $(cat terminal)"
sed 's/"acc1": 0.5, "acc5"/"acc1"/; s#wds/pcam#wds/nan#' foreign.json >nan.json
"$program" average foreign.json nan.json "$zero_shot" 2>said >/dev/null
grep -q '^clip_benchmark: 1 of 3 results is in no average, .*: wds/nan zeroshot_classification of m w$' said || fail "a result that is no number: $(cat said)"
[ "$(tail -n 1 foreign.csv)" = 'wds/pcam,m,w,m w,zeroshot_classification,en,0.5,' ] || fail 'NaN is an empty field'

# What is wrong is said in one line, with exit code 2, and nothing is written.
cp -r tiny broken
head -c 3000 tiny/data/colours/test/1.tar >broken/data/colours/test/1.tar
cp -r tiny cut
head -c 5000 tiny/weights.safetensors >cut/weights.safetensors
cp -r tiny empty
rm empty/data/colours/test/*.tar
cp -r tiny unnamed
rm unnamed/data/colours/classnames.txt
rm -r unnamed/data/colours/train
printf 'x y z\n' >bad_vocabulary.txt
printf '#version\na b\n' >small_vocabulary.txt
printf '{"dataset": "d"}' >half.json
printf '{"dataset": ' >open.json
before=$(ls)
rejected() {
  said=$1
  shift
  code=0
  message=$("$program" "$@" 2>&1 >/dev/null) || code=$?
  lines=$(printf '%s\n' "$message" | wc -l)
  [ "$code" -eq 2 ] || fail "exit code $code of: $* ($message)"
  [ "$lines" -eq 1 ] || fail "$message is not one line, of: $*"
  case $message in *"$said"*) ;; *) fail "'$message' does not say '$said', of: $*" ;; esac
  [ "$(ls)" = "$before" ] || fail "something was made by: $*"
}
with() { # FOLDER SAID OPTION...
  folder=$1
  said=$2
  shift 2
  rejected "$said" eval --dataset_root "$folder/data/{dataset}" --model "$folder/model.json" --pretrained "$folder/weights.safetensors" \
    --vocabulary "$folder/vocabulary.txt" --output 'rejected/{dataset}_{task}.json' "$@"
}
with broken 1.tar --dataset wds/colours
with cut weights.safetensors --dataset wds/colours
with empty 0.tar --dataset wds/colours
with unnamed classnames.txt --dataset wds/colours
with unnamed 'split train' --dataset wds/colours --task linear_probe
with tiny nowhere --dataset wds/nowhere
with tiny wds/colours --dataset wds/colours --task zeroshot_retrieval
with tiny wds/colours_captions --dataset wds/colours_captions --task zeroshot_classification
with tiny wds/colours_multilabel --dataset wds/colours_multilabel --task linear_probe
with tiny 'text decoder' --dataset wds/colours_captions --task captioning
with tiny '--task' --dataset wds/colours --task dancing
with tiny '--importance' --dataset wds/colours --text-layers 2
with tiny '--importance: expected --text-layers' --dataset wds/colours --importance tiny/importance
with tiny '--val_split: expected --task linear_probe' --dataset wds/colours --val_split train
with tiny '--fewshot_k: expected --task linear_probe' --dataset wds/colours --fewshot_k 3
with tiny '--recall_k: expected a run of zeroshot_retrieval' --dataset wds/colours --recall_k 5
with tiny '--dump_classnames: expected a run of zeroshot_classification' --dataset wds/colours_captions --dump_classnames
with tiny 'text layers' --dataset wds/colours --text-layers 5 --importance tiny/importance
with tiny ranking_ffn_text.json --dataset wds/colours --text-layers 2 --importance tiny
with tiny 'tensor' --dataset wds/colours --text-layers 2 --importance tiny/importance --load-checkpoint tiny/weights.safetensors
with tiny '--text-heads' --dataset wds/colours --text-heads 0
with tiny '--batch_size' --dataset wds/colours --batch_size 0
with tiny '--recall_k' --dataset wds/colours_captions --recall_k -1
with tiny '--fewshot_k' --dataset wds/colours --task linear_probe --fewshot_k 0
with tiny '--fewshot_lr' --dataset wds/colours --task linear_probe --fewshot_lr nan
with tiny '--val_proportion' --dataset wds/colours --task linear_probe --val_proportion nan
with tiny '--val_proportion' --dataset wds/colours --task linear_probe --val_proportion 1.5
with tiny '--device' --dataset wds/colours --device toaster
with tiny '--distributed' --dataset wds/colours --distributed
with tiny '--precision' --dataset wds/colours --precision int3
sizes="eval --dataset_root tiny/data/{dataset} --model tiny/model.json --pretrained tiny/weights.safetensors --dataset wds/colours"
rejected bad_vocabulary.txt $sizes --vocabulary bad_vocabulary.txt
rejected small_vocabulary.txt $sizes --vocabulary small_vocabulary.txt
rejected nowhere.txt $sizes --vocabulary nowhere.txt
rejected '{dataste}' $sizes --vocabulary tiny/vocabulary.txt --output '{dataste}.json'
rejected "'one.json' twice" $sizes wds/colours_captions --vocabulary tiny/vocabulary.txt --output one.json
rejected "--dataset_root: expected {dataset}, {dataset_cleaned}, found '{where}'" eval --dataset_root 'tiny/{where}' --pretrained tiny/weights.safetensors \
  --vocabulary tiny/vocabulary.txt --dataset wds/colours
rejected '--vocabulary is required' $sizes
rejected ViT-B-17 eval --dataset_root tiny/data/{dataset} --model ViT-B-17 --pretrained tiny/weights.safetensors --vocabulary tiny/vocabulary.txt \
  --dataset wds/colours
rejected "--output: expected a path, found ''" $sizes --vocabulary tiny/vocabulary.txt --output ''
rejected "folder: expected a path, found ''" demo ''
rejected 'something else than a regular file' $sizes --vocabulary tiny/vocabulary.txt --output /dev/null
rejected 'something else than a regular file' $sizes --vocabulary tiny/vocabulary.txt --output tiny
rejected "split: expected 'train' as asked for, or another --output, found 'test'" $sizes --vocabulary tiny/vocabulary.txt --split train --skip_existing --output "$zero_shot"
rejected "text-layers: expected '2' as asked for, or another --output, found nothing" $sizes --vocabulary tiny/vocabulary.txt --text-layers 2 \
  --importance tiny/importance --output "$zero_shot"
rejected "pretrained: expected 'named/tiny/weights.safetensors' as asked for, or another --output, found 'tiny/weights.safetensors'" \
  eval --dataset_root 'tiny/data/{dataset}' --model tiny/model.json --pretrained named/tiny/weights.safetensors --dataset wds/colours \
  --vocabulary tiny/vocabulary.txt --skip_existing --output "$zero_shot"
rejected weights.safetensors $sizes --vocabulary tiny/vocabulary.txt --output tiny/weights.safetensors
rejected 'another file than those that are read' build foreign.json --output ./foreign.json
rejected "each result once, found it in foreign.json twice" average foreign.json foreign.json
rejected 'each result once' build foreign.json foreign.json
rejected half.json build half.json
rejected open.json build foreign.json open.json
rejected nowhere.json build nowhere.json
rejected files build
rejected acc1 average probe.json
rejected subcommand
rejected subcommand dance
"$program" eval --help | grep -q -- '--vision-heads' || fail 'help'
