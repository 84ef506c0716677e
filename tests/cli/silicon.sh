# The command line of examples/demos/silicon: $1 is the program, the working directory an empty folder.
program=$1

fail() {
  printf '%s\n' "$1" >&2
  exit 1
}

interrupt() { sh "${0%/*}/../harness/interrupt.sh" "$@"; }
short='--trials 24 --seeds 1 --population 8 --draws 40 --mappings 200'

# Three searches, of everything and of each half alone, leave their studies, and the tables and pictures of them.
# shellcheck disable=SC2086
"$program" $short --seed 4 --threads 1 --out one/deep >terminal 2>progress || fail "a short run: $(cat progress)"
[ ! -s progress ] || fail 'no progress where stderr is no terminal'
files=$(ls one/deep | tr '\n' ' ')
[ "$files" = 'bands.svg both-4.db chip-4.db comparison.csv front.csv front.svg hypervolume.svg network-4.db settings.txt study.json trials.csv ' ] || fail "files: $files"
chip=chip.node,chip.chiplets,chip.cores,chip.columns,chip.rows,chip.l2_kib,chip.buffer_mib,chip.package
head -n 1 one/deep/trials.csv | grep -q "^trial,status,net.block0_e,.*,net.block6_se,$chip,estimated_accuracy,latency \[ms\],total_carbon_q0.95 \[kgCO2e\],area \[mm2\],array_fill," ||
  fail "columns of trials.csv: $(head -n 1 one/deep/trials.csv)"
[ "$(wc -l <one/deep/trials.csv)" -eq 25 ] || fail '24 trials'
[ "$(wc -l <one/deep/comparison.csv)" -eq 4 ] || fail 'three searches'
[ "$(cut -d, -f1,2,3 one/deep/comparison.csv | tr '\n' ';')" = 'search,seed,evaluated;network and chip,4,24;network alone,4,24;chip alone,4,24;' ] || fail 'which searches'
for picture in front bands hypervolume; do tail -c 7 one/deep/$picture.svg | grep -q '</svg>' || fail "$picture.svg is complete"; done
grep -q '^accuracy: a stand-in that rises with multiply-accumulates and parameters, no measurement$' terminal || fail 'what the accuracy is'
grep -q 'accuracy: a stand-in' one/deep/front.svg || fail 'the picture says what the accuracy is'
grep -q '"accuracy": "a stand-in' one/deep/study.json || fail 'the study says what the accuracy is'
grep -q 'EfficientNet-B0 on the usual chip, .*: accuracy 0.7397, ' terminal || fail "what it begins with: $(cat terminal)"
# All searches begin with the same design; those of one half leave the other as it is.
first=$(sed -n 2p one/deep/trials.csv | cut -d, -f3-37)
[ "$(printf '%s' "$first" | cut -d, -f29-35)" = 14,1,4,64,64,64,4 ] || fail "the usual chip: $first"
# What is refused is infeasible, and nothing else has infinite costs: of no feasible design a die is above 858 mm2 or a tile too large.
awk -F, 'NR > 1 && $2 == "feasible" && ($42 > 858 || $43 > 1 || $40 == "inf") { exit 1 }' one/deep/trials.csv || fail 'a feasible design that cannot be made'

# The seed determines all, whatever the number of threads; another seed gives another run.
# shellcheck disable=SC2086
"$program" $short --seed 4 --threads 2 --out two >/dev/null
cmp one/deep/trials.csv two/trials.csv || fail 'two threads find something else'
cmp one/deep/comparison.csv two/comparison.csv || fail 'two threads compare something else'
cmp one/deep/hypervolume.svg two/hypervolume.svg || fail 'two threads draw something else'
# Ctrl-C keeps what is done, and the same command goes on to the same end.
code=0
# shellcheck disable=SC2086
interrupt '[ -s stopped/both-4.db ]' "$program" $short --seed 4 --threads 1 --out stopped >terminal 2>error || code=$?
[ "$code" -eq 130 ] || fail "exit code $code after Ctrl-C: $(cat error)"
grep -q '^silicon: stopped by SIGINT; [0-9]* of 24 trials of search [123] of 3 are kept, and the same command goes on$' error || fail "after Ctrl-C: $(cat error)"
[ ! -e stopped/trials.csv ] || fail 'results of an unfinished comparison'
# shellcheck disable=SC2086
"$program" $short --seed 4 --out stopped >/dev/null
cmp one/deep/trials.csv stopped/trials.csv || fail 'other trials after a stop'
cmp one/deep/comparison.csv stopped/comparison.csv || fail 'another comparison after a stop'
# More images, more carbon, and nothing else.
# shellcheck disable=SC2086
"$program" $short --seed 4 --images-a-day 1e8 --use-intensity 900 --out busy >busy_terminal
kg() { sed -n 's/.* 95th percentile \([0-9.]*\) kg CO2e$/\1/p' "$1"; }
"$program" $short --seed 4 --out two >terminal
awk -v few="$(kg terminal)" -v many="$(kg busy_terminal)" 'BEGIN { exit !(few > 0 && many > 20 * few) }' || fail "carbon: $(kg terminal) and $(kg busy_terminal)"
# A surrogate: with squeeze-and-excitation in the first block, as EfficientNet-B0 has it, 59.5 per cent.
forest='"trees": [{"left": [1, -1, -1], "right": [2, -1, -1], "feature": [3, 0, 0], "threshold": [0.5, 0, 0], "value": [0, 59.5, 61]}]'
echo "{\"features\": 28, $forest}" >forest.json
"$program" --accuracy forest.json --trials 12 --seeds 1 --population 4 --draws 40 --mappings 100 --out judged >terminal || fail 'a surrogate'
grep -q '^accuracy: as the surrogate forest.json has it$' terminal || fail "the terminal names the surrogate: $(cat terminal)"
grep -q ': accuracy 0.595, ' terminal || fail "what the surrogate says: $(cat terminal)"
[ "$(sed 1d judged/trials.csv | cut -d, -f39 | sort -u | tr '\n' ' ')" = '0.595 0.61 ' ] || fail 'what the surrogate says of all'
! grep -q 'stand-in' judged/front.svg || fail 'no stand-in in the picture'
"$program" --help | grep -q -- '--images-a-day' || fail 'help'
rm -r busy stopped judged busy_terminal terminal error progress forest.json

# Wrong input: one line on stderr that names what is wrong, exit code 2, and no file and no folder.
before=$(ls)
: >a_file
echo '{"trees": []}' >model.json
echo "{\"features\": 4, $forest}" >four.json
rejected() {
  said=$1
  shift
  code=0
  "$program" "$@" --out rejected/here >output 2>error || code=$?
  [ "$code" -eq 2 ] || fail "exit code $code of: $*"
  [ ! -s output ] || fail "something on stdout of: $*"
  [ "$(wc -l <error)" -eq 1 ] || fail "$(cat error) is not one line, of: $*"
  grep -qF -- "$said" error || fail "'$(cat error)' does not say '$said', of: $*"
  [ ! -e rejected ] || fail "something was made by: $*"
}
rejected '--accuracy' --accuracy ''
rejected 'no_such_file' --accuracy no_such_file
rejected 'model.json' --accuracy model.json
rejected 'four.json, features: expected 28, one for each choice of a network, found 4' --accuracy four.json
# A model of XGBoost's whose features have the names of the parameters in another order would take one for the other.
names=$(head -n 1 two/trials.csv | tr , '\n' | sed -n 's/^net\.\(.*\)/"\1"/p' | paste -sd,)
leaf='{"base_weights":[0],"categories":[],"categories_nodes":[],"categories_segments":[],"categories_sizes":[],"default_left":[0],"id":0,"left_children":[-1],"loss_changes":[0],"parents":[2147483647],"right_children":[-1],"split_conditions":[60],"split_indices":[0],"split_type":[0],"sum_hessian":[1],"tree_param":{"num_deleted":"0","num_feature":"28","num_nodes":"1","size_leaf_vector":"0"}}'
model="\"gradient_booster\":{\"model\":{\"gbtree_model_param\":{\"num_trees\":\"1\"},\"tree_info\":[0],\"trees\":[$leaf]},\"name\":\"gbtree\"},\"learner_model_param\":{\"base_score\":\"0E0\",\"num_feature\":\"28\"},\"objective\":{\"name\":\"reg:squarederror\"}"
echo "{\"learner\":{\"attributes\":{},\"feature_names\":[$names],\"feature_types\":[],$model},\"version\":[1,7,4]}" >named.json
sed 's/"block0_e","block0_k"/"block0_k","block0_e"/' named.json >swapped.json
rejected "swapped.json, learner.feature_names[0]: expected 'block0_e', as the parameters are ordered, found 'block0_k'" --accuracy swapped.json
"$program" --accuracy named.json --trials 4 --seeds 1 --population 2 --draws 20 --mappings 20 --out named >/dev/null || fail 'names of the parameters in their order'
rm -r named named.json swapped.json
rejected '--least-accuracy' --least-accuracy 1
rejected '--trials' --trials 0
rejected '--trials' --trials many
rejected '--seeds' --seeds 0
rejected '--seed' --seed -1
rejected '--population' --population 1
rejected '--draws' --draws 19
rejected '--mappings' --mappings 0
rejected '--use-intensity' --use-intensity atlantis
rejected '--images-a-day' --images-a-day 0
rejected '--least-accuracy' --least-accuracy 1.5
rejected '--latency-threshold' --latency-threshold nan
rejected '--carbon-threshold' --carbon-threshold -1
rejected '--threads' --threads -1
rejected '--speed' --speed 9
rejected 'extra' extra

# Another command, or files from elsewhere, are not overwritten.
kept() { # SAID OPTION...
  said=$1
  shift
  code=0
  cat two/* foreign/* | cksum >sum
  "$program" "$@" >output 2>error || code=$?
  [ "$code" -eq 2 ] && grep -qF -- "$said" error || fail "$code and '$(cat error)', not '$said', of: $*"
  cat two/* foreign/* | cksum | cmp -s - sum || fail "something was written by: $*"
}
mkdir foreign
echo mine >foreign/front.csv
# shellcheck disable=SC2086
kept '--seed: expected 5 as asked for, or another folder, found 4' $short --seed 5 --out two
# shellcheck disable=SC2086
kept '--images-a-day: expected 2 as asked for' $short --seed 4 --images-a-day 2 --out two
kept '--out: expected a folder without a front.csv' --trials 3 --out foreign
kept "a_file" --trials 3 --out a_file
rm -r foreign sum a_file model.json four.json output error
[ "$(ls)" = "$before" ] || fail 'wrong input left something behind'
