# The command line of examples/tools/anb: $1 is the program, the working directory an empty folder.
program=$1

fail() {
  printf '%s\n' "$1" >&2
  exit 1
}

# A table of networks whose accuracy and latency grow with expansions and layers, from a generator of our own; one latency is missing.
awk 'BEGIN {
  seed = 7
  printf "result_id"
  for (b = 0; b < 7; ++b) printf ",block%d_e,block%d_k,block%d_l,block%d_se", b, b, b, b
  print ",val_top1,train_time_s,latency_npu_mean,latency_npu_std"
  for (i = 0; i < 300; ++i) {
    printf "%d", i
    acc = 40; latency = 1
    for (b = 0; b < 7; ++b) {
      seed = (seed * 1103 + 12345) % 65536; e = substr("146", 1 + int(seed / 64) % 3, 1)
      seed = (seed * 1103 + 12345) % 65536; k = substr("35", 1 + int(seed / 64) % 2, 1)
      seed = (seed * 1103 + 12345) % 65536; l = 1 + int(seed / 64) % 3
      seed = (seed * 1103 + 12345) % 65536; se = int(seed / 64) % 2
      printf ",%d,%d,%d,%d", e, k, l, se
      acc += 0.3 * e + 0.1 * k + 0.4 * l + 0.2 * se; latency += 0.1 * e * l + 0.05 * k
    }
    printf ",%.3f,%.1f,%s,0.01\n", acc, 100 + i, i == 5 ? "" : sprintf("%.3f", latency)
  }
}' | sed 's/,,0.01$/,,/' >all.csv

# Records, whole and wrong.
"$program" records --data all.csv --out split.csv >terminal
grep -q '^300 records of 300 networks  ' terminal || fail "$(cat terminal)"
grep -Eq '^latency_npu +299 .* ms$' terminal || fail "$(cat terminal)"
[ "$(cut -d, -f2 split.csv | sort | uniq -c | tr -s ' \n' '  ')" = ' 30 test 240 train 30 val 1 split' ] ||
  [ "$(grep -c ',train,' split.csv)" -eq 240 ] || fail "$(cut -d, -f2 split.csv | sort | uniq -c)"
"$program" records --data split.csv --split_seed 9 --out again.csv >/dev/null
cmp split.csv again.csv || fail 'splits that a table has stay'

# Settings that a search found are settings that a fit takes.
"$program" tune --data split.csv --target acc --model forest --trials 3 >tuned 2>error
grep -Eq '^RMSE [0-9.]+ in % on val, of 3 settings$' tuned || fail "$(cat tuned error)"
# shellcheck disable=SC2046 # several words
"$program" fit --data split.csv --target acc --model forest --set $(sed -n 's/^--set //p' tuned) --out by_tuned >terminal || fail "$(cat tuned)"
error_of() { awk '$1 == "val" { print $4 }' "$1"; }
awk -v a="$(sed -n 's/^RMSE \([0-9.]*\) .*/\1/p' tuned)" -v b="$(error_of terminal)" 'BEGIN { exit !((a - b) ^ 2 < 1e-4) }' || fail "$(cat tuned terminal)"

# Surrogates: one, an ensemble, support vectors; what they say of records and networks; the same from the same seeds.
"$program" fit --data split.csv --target acc --set depth=1 rate=0.2 --out accuracy >terminal 2>error
grep -Eq '^val_top1 in %, by boosted_trees, fitted in ' terminal || fail "$(cat terminal)"
r2=$(awk '$1 == "test" { print $5 }' terminal)
awk -v r="$r2" 'BEGIN { exit !(r > 0.9) }' || fail "R2 of $r2 on a simple rule: $(cat terminal)"
"$program" fit --data split.csv --target val_top1 --set depth=1 rate=0.2 --out again --tensorboard curves >/dev/null 2>&1
grep -aq 'validation/rmse' curves/boosted_val_top1_seed1/events.out.tfevents.* || fail 'no curves'
cmp accuracy/member_1.json again/member_1.json || fail 'the same seed, another surrogate'
"$program" evaluate --model accuracy --data split.csv >evaluated
[ "$(grep '^test ' evaluated)" = "$(grep '^test ' terminal)" ] || fail "$(cat evaluated)"
"$program" evaluate --model accuracy/member_1.json --target acc --data split.csv >native # a model of XGBoost's
[ "$(grep '^test ' evaluated)" = "$(grep '^test ' native)" ] || fail "$(cat native)"
"$program" fit --data split.csv --target latency_npu --model ensemble --seeds 1,2,3 --set depth=2 rounds=200 --out latency >terminal 2>error
grep -q 'by 3 members of boosted_trees' terminal || fail "$(cat terminal)"
grep -q '^anb fit: 1 of ' error || fail "a record that lacks the target is left out without a word: $(cat error)"
"$program" fit --data split.csv --target latency_npu --model svr --set cost=10 --out vectors >/dev/null
for family in forest extra ngboost nu_svr; do
  few=
  case $family in forest | extra) few='trees=20' ;; ngboost) few='rounds=60' ;; esac
  "$program" fit --data split.csv --target latency_npu --model $family ${few:+--set $few} --labels logarithm --out "by_$family" >terminal 2>/dev/null
  tau=$(awk '$1 == "test" { print $6 }' terminal)
  awk -v t="$tau" 'BEGIN { exit !(t > 0.4) }' || fail "tau of $tau by $family: $(cat terminal)"
  "$program" evaluate --model "by_$family" --data split.csv >evaluated
  [ "$(grep '^test ' evaluated)" = "$(grep '^test ' terminal)" ] || fail "$family: $(cat evaluated)"
done
"$program" query --model accuracy latency vectors --network EfficientNet-B0 zcu102-a 0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0 --members --out answers.csv >terminal
[ "$(wc -l <terminal)" -eq 5 ] || fail "$(cat terminal)"
head -n 1 terminal | grep -q 'val_top1 (%) .*latency_npu (ms), latency .*latency_npu member 3, latency .*latency_npu (ms), vectors' || fail "$(cat terminal)"
"$program" query --model latency --network answers.csv >terminal # networks of a table, by their names
grep -q '^EfficientNet-B0 ' terminal || fail "$(cat terminal)"
[ "$(wc -l <terminal)" -eq 4 ] || fail "$(cat terminal)"
"$program" query --model accuracy --network '[[1,6,6,6,6,6,6],[3,3,5,3,5,5,3],[1,2,2,3,3,4,1],[1,1,1,1,1,1,1]]' '[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]' >terminal
[ "$(wc -l <terminal)" -eq 3 ] || fail "$(cat terminal)"
"$program" query --model latency accuracy/member_1.json --target acc --network EfficientNet-B0 >terminal || fail 'a surrogate beside a model of XGBoost'

# Searches by surrogates: the tables, the front and the picture; a search goes on, and finds what one without a stop finds.
"$program" search --model accuracy --algorithm evolution --evaluations 60 --seed 3 --out whole >terminal
grep -q '^evolution: 60 networks, 1 on the front$' terminal || fail "$(cat terminal)"
[ "$(wc -l <whole/epochs.csv)" -eq 61 ] || fail "$(head whole/epochs.csv)"
[ "$(wc -l <whole/designs.csv)" -eq 61 ] || fail "$(head whole/designs.csv)"
grep -q '</svg>' whole/search.svg || fail 'no picture'
"$program" search --model accuracy --algorithm evolution --evaluations 25 --seed 3 --out parts >/dev/null
"$program" search --model accuracy --algorithm evolution --evaluations 60 --seed 3 --out parts >/dev/null
cmp whole/designs.csv parts/designs.csv || fail 'a search that went on is another one'
cmp whole/front.json parts/front.json || fail 'a search that went on found something else'
"$program" query --model accuracy --network whole/designs.csv >terminal || fail 'designs of a search are no networks'
for algorithm in random reinforce nsga2; do
  set --
  [ "$algorithm" = reinforce ] && set -- --target 5
  "$program" search --model accuracy --second latency --algorithm "$algorithm" --evaluations 40 --out "two_$algorithm" "$@" >terminal || fail "$algorithm"
  grep -q '"direction": "min"' "two_$algorithm/front.json" || fail "$(cat "two_$algorithm/front.json")"
done
cp two_reinforce/epochs.csv epochs_before.csv
"$program" search --model accuracy --second latency --algorithm reinforce --target 5 --evaluations 50 --out two_reinforce >/dev/null
[ "$(head -7 two_reinforce/epochs.csv)" = "$(head -7 epochs_before.csv)" ] || fail 'baselines of a run that was stopped are lost'
head -1 two_reinforce/epochs.csv | grep -q '^epoch,top1,top5_mean,top1_latency_npu,top5_latency_npu_mean,baseline,loss$' || fail "$(head -1 two_reinforce/epochs.csv)"
# Called again, a search whose questions had points that were known has all its networks, in the epochs that they were in.
"$program" search --model accuracy --second latency --algorithm nsga2 --evaluations 300 --out two_nsga2 >/dev/null
cp two_nsga2/designs.csv designs_before.csv
"$program" search --model accuracy --second latency --algorithm nsga2 --evaluations 300 --out two_nsga2 >/dev/null
cmp two_nsga2/designs.csv designs_before.csv || fail 'networks of a search that is complete are lost'

# Pictures.
"$program" plot --data split.csv --model accuracy --curve acc --sizes 50,200 --seeds 2 --out drawn >terminal
# So few records that all networks are predicted alike have no rank correlation; the other sizes are drawn.
"$program" plot --data split.csv --curve acc --sizes 3,200 --seeds 1 --out few >terminal 2>error || fail "$(cat error)"
grep -q '^ *3 records: tau none, MAE ' terminal || fail "$(cat terminal)"
grep -q -e '--sizes 3 has no rank correlation and is left out of its picture' error || fail "$(cat error)"
grep -q '</svg>' few/curve_tau_val_top1.svg || fail 'no picture of the other size'
for picture in agreement_val_top1 curve_tau_val_top1 curve_mae_val_top1; do grep -q '</svg>' "drawn/$picture.svg" || fail "$picture"; done
printf 'table,model,kind,top1_float,throughput_img_s\na100,one,Searched,77.5,100\na100,two,Handcrafted,76,\nnpu,two,Handcrafted,76,50\n' >published.csv
"$program" plot --published published.csv --out drawn >/dev/null
grep -q '>one</text>' drawn/published_a100.svg || fail 'no name beside its mark'
[ -e drawn/published_npu.svg ] || fail 'no picture of a device'

# What is wrong is said in one line, with status 2, and nothing is made.
rejected() {
  said=$1
  shift
  code=0
  "$program" "$@" >output 2>error || code=$?
  [ "$code" -eq 2 ] || fail "exit code $code of: $* ($(cat error))"
  [ "$(wc -l <error)" -eq 1 ] || fail "$(cat error) is not one line, of: $*"
  grep -qF -- "$said" error || fail "'$(cat error)' does not say '$said', of: $*"
  [ ! -e rejected ] || fail "something was made by: $*"
}
printf 'table,model,kind,top1_float,throughput_img_s\nnpu,A,hand,70,100\nnpu,B,hand,nan,5\n' >published.wrong
rejected "published.wrong, line 3, column 'top1_float': expected a finite number, or nothing, found nan" plot --published published.wrong --out rejected
printf 'table,model,kind,top1_float,throughput_img_s\n,A,hand,70,100\n' >published.wrong
rejected "published.wrong, line 2, column 'table': expected a device" plot --published published.wrong --out rejected
rejected '/nowhere.csv' records --data /nowhere.csv
rejected '--out: expected another file than the records, found ./wrong.csv' records --data wrong.csv --out ./wrong.csv
sed '3s/,[146],/,7,/' all.csv >wrong.csv
rejected 'line 3, block' records --data wrong.csv --out rejected
mkdir folder
rejected 'records of networks, found none' records --data folder
printf '{}' >folder/result_3.json
rejected 'result_3.json, architecture: expected a value, found nothing' records --data folder
rejected '--out: expected another file than the records, found folder/result_3.json' records --data folder --out folder/result_3.json
rejected '--out: expected another file than the surrogates, found ./accuracy/model.json' query --model accuracy --network EfficientNet-B0 --out ./accuracy/model.json
mkdir other
printf '{"embed_dim": 512}' >other/model.json
rejected 'cannot write other: something else than a surrogate is there' fit --data split.csv --target acc --set rounds=2 --out other
[ "$(cat other/model.json)" = '{"embed_dim": 512}' ] || fail "another program's model.json: $(cat other/model.json)"
rejected 'block0_e: expected one of 1, 4, 6' query --model accuracy --network '{"block0_e": 3}'
rejected 'EfficientNet-B0' query --model accuracy --network EfficientNet-B1
rejected 'did you mean' fit --data split.csv --target latency_nqu --out rejected
rejected "did you mean 'depth'?" fit --data split.csv --target acc --set dpeth=3 --out rejected
rejected 'depth: expected each option once' fit --data split.csv --target acc --set depth=3 depth=4 --out rejected
rejected '2 twice' fit --data split.csv --target acc --seeds 2,1,2 --out rejected
rejected 'depth: expected a whole number' fit --data split.csv --target acc --set depth=x --out rejected
rejected '--set seed: expected --seeds, which says it, found seed=5' fit --data split.csv --target acc --model ensemble --set seed=5 --out rejected
rejected '--set loss: expected --model' fit --data split.csv --target acc --model svr --set loss=nu --out rejected
rejected 'two seeds or more for an ensemble' fit --data split.csv --target acc --model ensemble --seeds 3 --out rejected
rejected '--tensorboard: expected a --model that is fitted in rounds' fit --data split.csv --target acc --model forest --tensorboard rejected --out rejected
rejected '--evaluations: expected a whole number' search --model accuracy --evaluations -1 --out rejected
rejected '--seed: expected a whole number' search --model accuracy --seed 010 --out rejected
# A model whose features have the names of the parameters in another order would take one for the other.
named=$(head -n 1 split.csv | tr , '\n' | grep '^block' | sed 's/.*/"&"/' | paste -sd,)
sed "s/\"feature_names\":\[\]/\"feature_names\":[$named]/" accuracy/member_1.json >named.json
"$program" evaluate --model named.json --target acc --data split.csv >native || fail 'names of the parameters in their order'
"$program" evaluate --model accuracy --data split.csv >unnamed
[ "$(grep '^test ' native)" = "$(grep '^test ' unnamed)" ] || fail "$(cat native unnamed)"
sed 's/"block0_e","block0_k"/"block0_k","block0_e"/' named.json >swapped.json
# A model of XGBoost's that was stopped early: all its trees as Booster.predict takes them, which is said, or those that were best.
sed 's/"attributes":{}/"attributes":{"best_iteration":"4"}/' accuracy/member_1.json >stopped.json
"$program" evaluate --model stopped.json --target acc --data split.csv >native 2>error || fail "$(cat error)"
[ "$(grep '^test ' native)" = "$(grep '^test ' unnamed)" ] || fail "$(cat native unnamed)"
grep -q '^stopped.json: all [0-9]* trees are taken, as Booster.predict does; early stopping found the first 5 best (--trees best)$' error || fail "$(cat error)"
"$program" evaluate --model stopped.json --target acc --data split.csv --trees all >native 2>error || fail "$(cat error)"
[ ! -s error ] || fail "what was asked for is said: $(cat error)"
"$program" evaluate --model stopped.json --target acc --data split.csv --trees best >native 2>error || fail "$(cat error)"
grep -q '^test ' native || fail "$(cat native)"
[ "$(grep '^test ' native)" != "$(grep '^test ' unnamed)" ] || fail "$(cat native unnamed)"
rejected 'learner.attributes.best_iteration: expected what early stopping found' evaluate --model named.json --target acc --data split.csv --trees best
rejected "--trees: expected a model of XGBoost's; accuracy is what fit wrote" evaluate --model accuracy --data split.csv --trees best
sed 's/"best_iteration":"4"/"best_iteration":"40000"/' stopped.json >wrong.json
rejected 'wrong.json, learner.attributes.best_iteration: expected a round of the model' evaluate --model wrong.json --target acc --data split.csv
rejected '--trees all takes all trees, whatever it says, found' evaluate --model wrong.json --target acc --data split.csv
sed 's/"attributes":{}/"attributes":{"best_ntree_limit":"40000"}/' accuracy/member_1.json >stale.json
rejected 'stale.json, learner.attributes.best_ntree_limit: expected a round of the model' evaluate --model stale.json --target acc --data split.csv --trees best
"$program" evaluate --model stale.json --target acc --data split.csv --trees all >native || fail 'all trees of a model with a stale note'
[ "$(grep '^test ' native)" = "$(grep '^test ' unnamed)" ] || fail "$(cat native unnamed)"
rejected "swapped.json, learner.feature_names[0]: expected 'block0_e', as the parameters are ordered, found 'block0_k'" evaluate --model swapped.json --target acc --data split.csv
rejected 'does not say it' evaluate --model accuracy/member_1.json --data split.csv
rejected 'expected val_top1' evaluate --model accuracy --target latency_npu --data split.csv
rejected 'something else than a surrogate' fit --data split.csv --target acc --out folder
head -c 3000 accuracy/member_1.json >cut.json
rejected 'cut.json' evaluate --model cut.json --target acc --data split.csv
rm again/model.json
rejected 'again/model.json' evaluate --model again --data split.csv
rejected 'of which more is better' search --model latency --out rejected
rejected 'a second objective' search --model accuracy --algorithm nsga2 --out rejected
rejected 'a second objective' search --model accuracy --direction min --out rejected
rejected '--target' search --model accuracy --second latency --algorithm reinforce --out rejected
"$program" fit --data split.csv --target acc --set rounds=5 --out coarse >/dev/null 2>&1
rejected 'another metric' search --model accuracy --second coarse --algorithm nsga2 --out rejected
rejected 'search by these surrogates' search --model coarse --algorithm evolution --seed 3 --evaluations 70 --out whole
rejected 'search by these surrogates' search --model accuracy --second latency --direction max --algorithm nsga2 --evaluations 320 --out two_nsga2
rejected 'something to draw' plot --out rejected
rejected '--target: expected a number above 0' search --model accuracy --second latency --algorithm reinforce --target -5 --out rejected
rejected '--model: expected each surrogate once, found accuracy twice' query --model accuracy accuracy --network EfficientNet-B0 --out rejected
rejected "expected a value behind '=', found nothing" query --model= accuracy --network EfficientNet-B0 --out rejected
rejected 'cannot make the folder split.csv' search --model accuracy --evaluations 5 --out split.csv
rejected 'cannot make the folder split.csv' plot --data split.csv --model accuracy --out split.csv
rejected '--data: expected --model or --curve' plot --data split.csv --published published.csv --out rejected
rejected '--model_target: expected --model with it' plot --data split.csv --curve acc --model_target acc --out rejected
rejected 'records of measured networks' plot --model accuracy --out rejected
cut -d, -f1-32 split.csv >without_latency.csv
rejected "'latency_npu'" plot --model latency --data without_latency.csv --out rejected
printf 'table,model,kind,top1_float,throughput_img_s\n../a100,one,Searched,77.5,100\n' >outside.csv
rejected "names without '/'" plot --published outside.csv --out rejected
rejected 'proxified_seed1_top1' plot --ablation split.csv --out drawn


# Collecting, where LibTorch is there: pictures of two classes, bright and dark, in MNIST's files.
if "$program" --help | grep -q '^  collect'; then
  mkdir pictures
  for split in train t10k; do
    {
      printf '\000\000\010\003\000\000\000\100\000\000\000\034\000\000\000\034'
      for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32; do
        head -c 784 /dev/zero | tr '\000' '\220'
        head -c 784 /dev/zero | tr '\000' '\040'
      done
    } >pictures/$split-images-idx3-ubyte
    {
      printf '\000\000\010\001\000\000\000\100'
      for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32; do printf '\001\002'; done
    } >pictures/$split-labels-idx1-ubyte
  done
  collect() {
    "$program" collect --data "${data:-pictures}" --width 0.1 --least_side 12 --side 12 --epochs 2 --start_ramp 0 --end_ramp 1 --batch 16 --images 32 --test 16 \
      --latency_images 2 "$@"
  }
  # Two commands share a folder; a third finds all done.
  collect --networks 3 --processes 1 --out collected >first 2>first.log &
  other=$!
  collect --networks 3 --processes 1 --out collected >second 2>second.log || fail "$(cat second.log)"
  wait "$other" || fail "$(cat first.log)"
  [ "$(ls collected/result_*.json | wc -l)" -eq 3 ] || fail "$(ls collected)"
  grep -q '^3 records in collected, top-1 from ' second || fail "$(cat second)"
  grep -q 'Wh, .* g CO2e (british_columbia)$' second || fail "$(cat second)"
  cat collected/result_*.json >before
  collect --networks 3 --processes 1 --out collected >/dev/null 2>&1 || fail 'a collection that is complete'
  cat collected/result_*.json | cmp - before || fail 'results stay'
  "$program" records --data collected | grep -Eq '^latency_cpu +3 ' || fail "$("$program" records --data collected)"
  # By two processes the networks are the same, and so are their accuracies.
  collect --networks 3 --out collected_again --processes 2 >/dev/null 2>again.log || fail "$(cat again.log)"
  grep -h val_top1 collected/result_*.json >one
  grep -h val_top1 collected_again/result_*.json | cmp - one || fail 'the number of processes changes accuracies'
  # A throughput is that of the batch that was asked for, or none.
  if collect --networks 1 --processes 1 --out batches --throughput_batch 17 >/dev/null 2>wrong; then fail 'a batch of more than all test images'; fi
  grep -q -e '--throughput_batch: expected at most the test images, 16, found 17' wrong || fail "$(cat wrong)"
  # One folder has one way of training.
  if collect --networks 3 --out collected --learning_rate 0.3 >/dev/null 2>wrong; then fail 'another recipe in the same folder'; fi
  grep -q 'learning_rate' wrong || fail "$(cat wrong)"
  # What the data are is told by their bytes, not by their path: a copy elsewhere goes on, other pictures of the same path do not.
  cp -r pictures elsewhere
  data=elsewhere
  collect --networks 3 --processes 1 --out collected >/dev/null 2>wrong || fail "the same data elsewhere: $(cat wrong)"
  head -c 40000 pictures/t10k-images-idx3-ubyte | tr '\040' '\041' >elsewhere/t10k-images-idx3-ubyte
  tail -c +40001 pictures/t10k-images-idx3-ubyte >>elsewhere/t10k-images-idx3-ubyte
  if collect --networks 4 --processes 1 --out collected >/dev/null 2>wrong; then fail 'other data'; fi
  grep -q 'collection.csv, data-set: expected ' wrong || fail "$(cat wrong)"
  # A folder of an earlier version has the path.
  data=pictures
  sed -i 's/^data-set,.*/data,pictures/' collected/collection.csv
  collect --networks 3 --processes 1 --out collected >/dev/null 2>wrong || fail "$(cat wrong)"
  grep -q '^anb collect: collected is of an earlier version, .*: pictures$' wrong || fail "$(cat wrong)"
  if "$program" collect --data nowhere --out more >/dev/null 2>wrong; then fail 'no data'; fi
  grep -q 'nowhere' wrong || fail "$(cat wrong)"

  # ASHA trains most networks for few epochs, with a record of each at every number of epochs; the others go on from their checkpoints, and come to what they come to at once.
  asha() {
    "$program" asha --data pictures --width 0.1 --least_side 12 --side 12 --batch 16 --images 32 --test 16 --latency_images 2 --networks 9 "$@"
  }
  asha --compare --out searched >terminal 2>error || fail "$(cat error)"
  grep -Eq '^  asha +9 networks, 1 of them trained whole, 21 epochs, ' terminal || fail "$(cat terminal)"
  grep -Eq '^  whole_evaluations +9 networks, 9 of them trained whole, 81 epochs, ' terminal || fail "$(cat terminal)"
  grep -Eq '^mean of 1 seed: asha .* % in 21 epochs, .*; random search .* % in 81 epochs, ' terminal || fail "$(cat terminal)"
  grep -Eq '^asha saved 74\.1 % of the epochs and .*; in as many epochs as it took random search comes to [0-9.]+ %$' terminal || fail "$(cat terminal)"
  [ "$(ls searched/asha_1/epochs_1 searched/asha_1/epochs_3 searched/asha_1/epochs_9 | grep -c json)" -eq 13 ] || fail "$(ls searched/asha_1/*)"
  grep -q '"epochs": "3 of 9"' searched/asha_1/epochs_3/result_*.json || fail "$(cat searched/asha_1/epochs_3/*)"
  whole=$(ls searched/asha_1/epochs_9)
  grep val_top searched/asha_1/epochs_9/"$whole" >one
  grep val_top searched/whole_evaluations_1/epochs_9/"$whole" | cmp - one || fail 'a training in parts is another one'
  "$program" records --data searched/asha_1/epochs_1 | grep -q '^9 records of 9 networks' || fail "$("$program" records --data searched/asha_1/epochs_1)"
  cat searched/*/epochs_*/result_*.json >before
  asha --compare --out searched >repeated 2>error || fail "$(cat error)"
  cmp repeated terminal || fail 'a search that is complete says something else'
  cat searched/*/epochs_*/result_*.json | cmp - before || fail 'records of a search that is complete stay'
  # A record that cannot be kept ends the search, and the same command goes on with it: no network has failed.
  mkdir -p ended/asha_1
  : >ended/asha_1/epochs_3
  if asha --out ended >/dev/null 2>wrong; then fail 'a record that cannot be kept'; fi
  grep -q 'cannot make the folder ended/asha_1/epochs_3: ' wrong || fail "$(cat wrong)"
  rm ended/asha_1/epochs_3
  asha --out ended >terminal 2>error || fail "$(cat error)"
  grep -Eq '^  asha +9 networks, 1 of them trained whole, 21 epochs, ' terminal || fail "$(cat terminal)"
  grep -h val_top searched/asha_1/epochs_9/result_*.json >one
  grep -h val_top ended/asha_1/epochs_9/result_*.json | cmp - one || fail 'a search that was ended comes to something else'
  if asha --out searched --weight_decay 0.5 >/dev/null 2>wrong; then fail 'another recipe in the same folder'; fi
  grep -q 'weight_decay' wrong || fail "$(cat wrong)"
  if asha --out collected >/dev/null 2>wrong; then fail 'a folder of collect'; fi
  rejected '--networks: expected a whole number' asha --networks 8 --out rejected
  rejected '--seeds: expected different ones' asha --seeds 1,1 --out rejected
fi
