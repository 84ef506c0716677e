# The command line of examples/tools/autobuild: $1 is the program, the working directory an empty folder.
program=$1

fail() {
  printf '%s\n' "$1" >&2
  exit 1
}

# A table of networks whose accuracy grows with expansion and depth, from a generator of our own.
awk 'BEGIN {
  seed = 7
  print "resolution,arch,acc,latency_npu"
  for (i = 0; i < 130; ++i) {
    arch = ""; acc = 0.6; latency = 2
    for (u = 1; u <= 5; ++u) {
      seed = (seed * 1103 + 12345) % 65536
      n = 2 + seed % 3
      if (u > 1) arch = arch "|"
      for (j = 1; j <= n; ++j) {
        seed = (seed * 1103 + 12345) % 65536; e = substr("346", 1 + int(seed / 64) % 3, 1)
        seed = (seed * 1103 + 12345) % 65536; k = substr("357", 1 + int(seed / 64) % 3, 1)
        arch = arch (j > 1 ? "-" : "") "e" e "_k" k
        acc += 0.002 * e + 0.0005 * k; latency += 0.1 * e + 0.05 * k
      }
    }
    printf "224,%s,%.4f,%s\n", arch, acc, i == 5 ? "" : sprintf("%.3f", latency)
  }
}' >all.csv
head -n 101 all.csv >train.csv
{ head -n 1 all.csv; tail -n 30 all.csv; } >test.csv

# Training: what it says, the files that it writes under AutoBuild's names, and the same again from the same seed.
quick() { "$program" train --data train.csv --gnn_dim 8 --epochs_predictor 30 --batch_size 32 "$@"; }
quick --test test.csv --out one >terminal 2>progress
[ "$(grep -c '^training \[' progress)" -ge 10 ] || fail 'a line for each tenth of the epochs where stderr is no terminal'
grep -q '^100 networks of train.csv, 90 of them trained with$' terminal || fail "$(cat terminal)"
grep -Eq '^acc: 30 networks  SRCC 0\.[0-9]+  Kendall tau-b 0\.[0-9]+  MAE [0-9.e-]+  MAPE [0-9.]+ %$' terminal || fail "$(cat terminal)"
grep -Eq '^  norms of hops:  0 .*  4 ' terminal || fail "$(cat terminal)"
srcc=$(sed -n 's/^acc: 30 networks  SRCC \(0\.[0-9]*\).*/\1/p' terminal)
awk -v r="$srcc" 'BEGIN { exit !(r > 0.8) }' || fail "a rank correlation of $srcc on a simple rule"
name=mbv3_custom_acc_GATv2Conv_mean_directed_srcc1
model=one/saved_models/${name}_predictor.safetensors
for file in "$model" "one/saved_models/${name}_predictor.json" "one/evals/${name}_test.csv" "one/plots/${name}_test.svg"; do
  [ -s "$file" ] || fail "no $file: $(find one)"
done
[ "$(wc -l <"one/evals/${name}_test.csv")" -eq 31 ] || fail 'a row for each network of the test'
quick --out again --tensorboard curves >/dev/null 2>&1
grep -aq 'training/loss' curves/$name/events.out.tfevents.* || fail 'no curves'
cmp "$model" "again/saved_models/${name}_predictor.safetensors" || fail 'the same seed, another predictor'

# Stopped by a signal, it goes on to the same bits.
(exec "$program" train --data train.csv --gnn_dim 8 --epochs_predictor 30 --batch_size 32 --out stopped >output 2>error) &
pid=$!
tries=0
until grep -q 'training \[' error 2>/dev/null || [ $tries -ge 600 ]; do
  sleep 0.05
  tries=$((tries + 1))
done
kill -INT $pid 2>/dev/null || true
code=0
wait $pid || code=$?
if [ $code -ne 0 ]; then
  [ $code -eq 130 ] || fail "exit status $code of a stop: $(cat error)"
  grep -q 'stopped by SIGINT; the same command goes on after epoch' error || fail "$(cat error)"
fi
quick --out stopped >/dev/null 2>&1
cmp "$model" "stopped/saved_models/${name}_predictor.safetensors" || fail 'a training that was stopped gives another predictor'

# Equations of metrics of the table and of computed ones; entries that lack one are left out and counted. Several targets are one predictor.
quick --target 'acc*100-latency_npu' --target 'np.log10(macs)' --out two >terminal 2>error
grep -q '^autobuild train: train.csv: 1 of 100 networks are left out; 1 lack latency_npu$' error || fail "$(cat error)"
grep -q '^99 networks of train.csv' terminal || fail "$(cat terminal)"
[ "$(grep -c '^internal test, ' terminal)" -eq 2 ] || fail "$(cat terminal)"
[ -s 'two/saved_models/mbv3_custom_acc100-latency_npu_and_nplog10macs_GATv2Conv_mean_directed_srcc1_predictor.safetensors' ] || fail "$(find two)"

# Labels, the reduced space, search in it and in the whole one, evaluation in order, pictures.
awk -F'[,|]' 'NR == 1 { print } NR > 1 { n = split($4, blocks, "-"); if (n < 4) print }' train.csv >shallow.csv
"$program" train --data shallow.csv --gnn_dim 8 --epochs_predictor 2 --batch_size 32 --out shallow >/dev/null 2>&1
"$program" label-units --chkpt shallow/saved_models/*_predictor.safetensors --out shallow >/dev/null 2>error
grep -q 'was trained with no networks of different targets that have unit 3 with 4 blocks; scores of these modules do not compare with the others$' error || fail "$(cat error)"
"$program" label-units --chkpt "$model" --out one >terminal 2>error
grep -Eq '^36855 modules of mbv3 labelled in [0-9]+ ms, by 106110 evaluations of a layer$' terminal || fail "$(cat terminal)"
grep -q '"config": "e3_k3-e3_k3"' "one/units/${name}_labeled_sgs.json" || fail 'no labels'
! grep -q 'do not compare' error || fail "$(cat error)"
"$program" reduce --chkpt "$model" -k 3,3,2,4,3 --show 2 --out one >terminal
grep -q '^216 networks of one resolution are left$' terminal || fail "$(cat terminal)"
[ "$(grep -c '^unit [1-5]  ' terminal)" -eq 10 ] || fail "$(cat terminal)"
space=one/evals/${name}_3-3-2-4-3_search_space.json
[ -s "$space" ] || fail "no $space"
tail -c 7 "one/plots/${name}_3-3-2-4-3_modules.svg" | grep -q '</svg>' || fail 'no picture of modules'
"$program" search --unit_corpus "$space" stage_full layerwise --acc "$model" --evaluations 60 --initial 20 --seeds 2 --out one >terminal
for mode in reduced stage_full layerwise; do grep -Eq "^$mode +60 " terminal || fail "$(cat terminal)"; done
[ "$(head -n 1 one/evals/mbv3_pareto_macs_s12345.csv)" = search,seed,resolution,arch,accuracy,macs ] || fail 'columns of the fronts'
cp one/evals/mbv3_pareto_macs_s12345.csv before.csv
"$program" search --unit_corpus "$space" stage_full layerwise --acc "$model" --evaluations 60 --initial 20 --seeds 2 --out one >/dev/null
cmp before.csv one/evals/mbv3_pareto_macs_s12345.csv || fail 'the same seeds, other fronts'
"$program" evaluate --space "$space" --acc "$model" -n 10 --out one >terminal
grep -q '^accuracy of 10 networks: mean ' terminal || fail "$(cat terminal)"
"$program" evaluate --space "$space" --acc "$model" --start_idx 5 -n 10 --out one >/dev/null
[ "$(grep -c '"accuracy"' "one/evals/${name}_3-3-2-4-3_search_space_evaluated.json")" -eq 15 ] || fail 'results that were there stay, new ones are added'
"$program" evaluate --space "$space" --acc "$model" --seed 7 -n 6 --out one >terminal
grep -q '^216 networks in a random order$' terminal || fail "$(cat terminal)"
[ "$(grep -c '"accuracy"' "one/evals/${name}_3-3-2-4-3_search_space_s7_evaluated.json")" -eq 6 ] || fail 'a random order has a file of its own'
"$program" evaluate --space "$space" --acc "$model" -n 4 --no_eval --out none >terminal
[ "$(wc -l <terminal)" -eq 5 ] && [ ! -e none ] || fail "$(cat terminal)"
# A stop keeps what was evaluated; it is answered between two networks.
"$program" reduce --chkpt "$model" -k 20 --show 1 --out one >/dev/null
many=one/evals/${name}_20-20-20-20-20_search_space
"$program" evaluate --space "$many.json" --acc "$model" -n 1000000 --out one >/dev/null 2>error &
evaluating=$!
for _ in $(seq 600); do [ ! -s "${many}_evaluated.json" ] || break; sleep 0.1; done
kill -TERM $evaluating
code=0
wait $evaluating || code=$?
[ "$code" -eq 143 ] || fail "exit code $code after SIGTERM: $(cat error)"
grep -q '^autobuild evaluate: stopped by SIGTERM; the same command goes on with it$' error || fail "$(cat error)"
[ "$(grep -c '"accuracy"' "${many}_evaluated.json")" -ge 64 ] || fail 'what was evaluated before a stop'
# A test does not go over the table that it was made with.
quick --test train.csv --out tested >/dev/null 2>&1
code=0
"$program" train --data train.csv --test "$(echo tested/evals/*_test.csv)" --epochs_predictor 1 --out tested >/dev/null 2>error || code=$?
[ "$code" -eq 2 ] && grep -q '^verdant: --out: expected another file than the tables that are read' error || fail "$code: $(cat error)"
# Results of another predictor, resolution or metric are not taken for its own; the same command goes on.
evaluated=one/evals/${name}_3-3-2-4-3_search_space_evaluated
differs() {
  said=$1
  shift
  code=0
  "$program" evaluate --space "$space" -n 10 --out one "$@" >output 2>error || code=$?
  [ "$code" -eq 2 ] && grep -qF -- "$said" error || fail "$code and '$(cat error)', not '$said', of: $*"
}
cp "$evaluated.json" before.json
differs "$evaluated.settings.txt, --resolution: expected 192 as asked for now, or another --out, found 224" --acc "$model" --resolution 192
differs '--metric, --width: expected n_params' --acc "$model" --metric n_params --width 1
cp "$model" renamed.safetensors
cp "one/saved_models/${name}_predictor.json" renamed.json
"$program" evaluate --space "$space" --acc renamed.safetensors -n 10 --out one >/dev/null || fail 'the same predictor under another name'
cp shallow/saved_models/*_predictor.safetensors renamed.safetensors
differs "$evaluated.settings.txt, --acc: expected renamed.safetensors (" --acc renamed.safetensors
cp "$evaluated.settings.txt" settings.txt
: >"$evaluated.settings.txt"
differs "$evaluated.settings.txt, --acc, --acc_target, --metric, --metric_target, --width, --resolution: expected " --acc "$model"
# Without settings, as earlier versions left results, those of another metric are told by themselves, and others are taken for ours, which is said once.
rm "$evaluated.settings.txt"
differs "$evaluated.json, entry '0': expected a result with n_params" --acc "$model" --metric n_params --start_idx 100
[ ! -e "$evaluated.settings.txt" ] || fail 'settings that are not those of the results'
cmp before.json "$evaluated.json" || fail 'results were added that another predictor gave'
"$program" evaluate --space "$space" --acc "$model" -n 10 --out one >/dev/null 2>error
grep -q 'does not say what made it; taken as made with what is asked for now' error || fail "$(cat error)"
diff "$evaluated.settings.txt" settings.txt || fail 'the same settings, written in another way'
"$program" evaluate --space "$space" --acc "$model" -n 10 --out one >/dev/null 2>error
[ ! -s error ] || fail "$(cat error)"

# A predictor of graphs with edges in both directions sees such ones in searches, too: of a network on the front it says what it says in its test.
quick --undirected --out both >/dev/null 2>&1
both=both/saved_models/mbv3_custom_acc_GATv2Conv_mean_undirected_srcc1
"$program" search --unit_corpus stage_full --acc "${both}_predictor.safetensors" --evaluations 20 --initial 10 --out both >/dev/null
{ echo resolution,arch,acc; sed -n '2,3s/^[^,]*,[^,]*,\([^,]*,[^,]*,[^,]*\),.*/\1/p' both/evals/mbv3_pareto_macs_s12345.csv; } >front.csv
quick --undirected --test front.csv --out both >/dev/null 2>&1
awk -F, 'NR > 1 { exit !((($3 - $4) ^ 2) < 1e-12) }' "both/evals/mbv3_custom_acc_GATv2Conv_mean_undirected_srcc1_test.csv" || fail "$(cat both/evals/*_test.csv)"

# Of a predictor of several outputs, accuracy is the target acc, and the cost is the other one.
quick --target latency_npu --target acc --out several >/dev/null 2>&1
several=several/saved_models/mbv3_custom_latency_npu_and_acc_GATv2Conv_mean_directed_srcc1_predictor.safetensors
"$program" search --unit_corpus stage_full --acc "$several" --metric "$several" --evaluations 20 --initial 10 --out several >terminal
awk -F, 'NR == 1 { exit !($5 == "accuracy" && $6 == "latency_npu") } $5 > 1 || $6 < 1 { exit 1 }' several/evals/mbv3_pareto_latency_npu_s12345.csv || fail "$(cat several/evals/*.csv)"
# Targets of other names are named.
quick --target 'acc*100' --target latency_npu --out named >/dev/null 2>&1
several=$(ls named/saved_models/*_predictor.safetensors)
"$program" search --unit_corpus stage_full --acc "$several" --acc_target 'acc*100' --metric "$several" --metric_target latency_npu --evaluations 20 --initial 10 --out named >terminal
awk -F, 'NR == 1 { exit !($6 == "latency_npu") } $5 < 50 || $6 > 50 { exit 1 }' named/evals/mbv3_pareto_latency_npu_s12345.csv || fail "$(cat named/evals/*.csv)"
quick --corr_lambda 0.5 --out half >terminal 2>/dev/null
grep -q '_srcc0.5_predictor.safetensors$' terminal || fail "a weight of 0.5 has the name of 0: $(cat terminal)"

code=0
"$program" plot --chkpt "$model" --data train.csv --resolution 192 --out one >/dev/null 2>error || code=$?
[ "$code" -eq 2 ] && grep -q '^verdant: --resolution: expected --arch beside it' error || fail "$code: $(cat error)"
code=0
"$program" plot --chkpt "$model" --arch "$(sed -n 2p train.csv | cut -d, -f2)" --width 1 --out one >/dev/null 2>error || code=$?
[ "$code" -eq 2 ] && grep -q '^verdant: --width: expected --data beside it' error || fail "$code: $(cat error)"
"$program" plot --chkpt "$model" --data train.csv --out one >terminal
grep -q '^expand:  expansion ' terminal || fail "$(cat terminal)"
for hop in 0 1 2 3 4; do grep -q '^digraph {' "one/plots/${name}_layer_$hop.dot" || fail "no picture of hop $hop"; done

# All of it in one command.
"$program" all --data train.csv --test test.csv --gnn_dim 8 --epochs_predictor 10 -k 2 --evaluations 50 --seeds 1 --out every >terminal 2>/dev/null
grep -q '^32 networks of one resolution are left$' terminal || fail "$(cat terminal)"
grep -Eq '^reduced +[0-9]+ ' terminal || fail "$(cat terminal)"

# What is wrong is said in one line, with status 2, and nothing is made.
rejected() {
  said=$1
  shift
  code=0
  "$program" "$@" --out rejected >output 2>error || code=$?
  [ "$code" -eq 2 ] || fail "exit code $code of: $* ($(cat error))"
  [ "$(wc -l <error)" -eq 1 ] || fail "$(cat error) is not one line, of: $*"
  grep -qF -- "$said" error || fail "'$(cat error)' does not say '$said', of: $*"
  [ ! -e rejected ] || fail "something was made by: $*"
}
rejected "did you mean 'latency_npu'" train --data train.csv --target 'acc/latency_mpu'
rejected "column 9: expected ')'" train --data train.csv --target 'acc*(100'
sed '3s/e/x/' train.csv >wrong.csv
rejected 'line 3' train --data wrong.csv
rejected '--epochs_predictor' train --data train.csv --epochs_predictor 0
rejected '/nowhere.csv' train --data /nowhere.csv
rejected 'from 1 to 7371 modules to keep, found 7372' reduce --chkpt "$model" -k 7372
rejected '--k' reduce --chkpt "$model" -k 0
rejected 'one number of modules, or 5 for the units, found 2' reduce --chkpt "$model" -k 3,4
rejected 'test.csv' search --unit_corpus test.csv --acc "$model"
rejected "--unit_corpus: expected stage_full, layerwise, or a file of a reduced space, found 'stage_ful'" search --unit_corpus stage_ful --acc "$model"
rejected '--unit_corpus: expected each once, found stage_full twice' search --unit_corpus stage_full stage_full --acc "$model"
rejected "--metric: expected macs, n_params, peak_memory, or a file of a predictor, found 'mac'" search --unit_corpus stage_full --acc "$model" --metric mac
rejected "--tag: expected a name without '/', found '../x'" train --data train.csv --tag ../x
rejected '--initial' search --unit_corpus stage_full --acc "$model" --evaluations 10
rejected 'neither' plot --chkpt "$model"
rejected '--target: expected each target once, found acc twice' train --data train.csv --target acc --target acc
rejected 'expected a predictor of networks of pn, found one of mbv3' search --unit_corpus stage_full --acc "$model" --families pn
rejected 'a cost, not what --acc predicts' search --unit_corpus stage_full --acc "$model" --metric "$model"
rejected 'of one beside acc; else --metric_target, the one that is meant' search --unit_corpus stage_full --acc "$model" --metric 'two/saved_models/mbv3_custom_acc100-latency_npu_and_nplog10macs_GATv2Conv_mean_directed_srcc1_predictor.safetensors'
rejected '--acc: expected a predictor of one target, or of acc among others; else --acc_target, the one that is meant' search --unit_corpus stage_full --acc "$several"
rejected '--acc_target: expected one of acc*100, latency_npu, which ' search --unit_corpus stage_full --acc "$several" --acc_target top1
rejected '--metric_target: expected a predictor as --metric, found macs' search --unit_corpus stage_full --acc "$model" --metric_target latency_npu
rejected '--seeds: expected a whole number' search --unit_corpus stage_full --acc "$model" --seeds 010
cp "$model" other.safetensors
sed 's/"GATv2Conv"/"GraphConv"/' "one/saved_models/${name}_predictor.json" >other.json
rejected 'other.safetensors' label-units --chkpt other.safetensors
