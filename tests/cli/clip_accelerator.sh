# The command line of examples/tools/clip_accelerator: $1 is the program, the working directory an empty folder.
program=$1

fail() {
  printf '%s\n' "$1" >&2
  exit 1
}

interrupt() { sh "${0%/*}/../harness/interrupt.sh" "$@"; }
untimed() { cut -d, -f1-17 "$1"; } # all but when trials were evaluated

# A short search writes five files whose columns are what the documents say.
"$program" --trials 80 --population 20 --seed 7 --threads 1 --out one/deep/folder >terminal 2>progress
[ ! -s progress ] || fail "no progress where stderr is no terminal"
files=$(ls one/deep/folder | tr '\n' ' ')
[ "$files" = 'front.csv front.svg settings.txt study.json trials.csv ' ] || fail "five files, not: $files"
parameters=clusters,width,depth,l2_kib,l2_bandwidth,glb_mib
metrics='latency [ms],total_carbon [kgCO2e],area [mm2],tops,embodied_carbon [kgCO2e],operational_carbon [kgCO2e],lifetime_energy [kWh]'
[ "$(head -n 1 one/deep/folder/trials.csv)" = "trial,status,$parameters,$metrics,violation,message,started,ended,seconds" ] || fail 'columns of trials.csv'
[ "$(head -n 1 one/deep/folder/front.csv)" = "trial,$parameters,$metrics" ] || fail 'columns of front.csv'
[ "$(wc -l <one/deep/folder/trials.csv)" -eq 81 ] || fail '80 trials'
[ "$(wc -l <one/deep/folder/front.csv)" -gt 2 ] || fail 'a front'
[ "$(cut -d, -f3-8 one/deep/folder/trials.csv | sort -u | wc -l)" -eq 81 ] || fail 'every trial is another point'
grep -q '^hypervolume [0-9.]* ms kgCO2e$' terminal || fail "the hypervolume in the units of the table: $(cat terminal)"
grep -q '80 evaluated' terminal || fail 'the terminal says how many were evaluated'
grep -q '"format": "verdant study"' one/deep/folder/study.json || fail 'study.json'
tail -c 7 one/deep/folder/front.svg | grep -q '</svg>' || fail 'front.svg is complete'

# The seed determines the run, whatever the number of threads; another seed gives another run.
"$program" --trials 80 --population 20 --seed 7 --threads 2 --out two >/dev/null
untimed one/deep/folder/trials.csv >expected
untimed two/trials.csv | cmp - expected || fail 'two threads find something else'
[ "$(sed 1d two/trials.csv | cut -d, -f18 | grep -c '^20[0-9-]*T[0-9:.]*Z$')" -eq 80 ] || fail 'when trials began'
for run in one/deep/folder two; do # all but when it was and how long it took
  grep -vE '"(started|ended|seconds)":' $run/study.json >$run.untimed || fail "no study in $run"
done
cmp one/deep/folder.untimed two.untimed || fail 'two threads write something else'
cmp one/deep/folder/front.svg two/front.svg || fail 'two threads draw something else'
"$program" --trials 80 --population 20 --seed 8 --threads 2 --out three >/dev/null
! untimed three/trials.csv | cmp -s - expected || fail 'another seed, the same trials'

# Every option of the optimizer has a flag, and the study says what it was.
"$program" --trials 80 --population 20 --seed 7 --mutation-rate 0.5 --crossover-swap 0.25 --out rate >/dev/null
! untimed rate/trials.csv | cmp -s - expected || fail 'another rate of mutation, the same trials'
grep -q '"mutation.rate": 0.5' rate/study.json || fail 'study.json names the rate of mutation'
grep -q '"crossover.swap": 0.25' rate/study.json || fail 'study.json names the share that is swapped'

# The other optimizers, another model, other carbon.
"$program" --optimizer exhaustive --trials 50 --out exhaustive >/dev/null
[ "$(cut -d, -f1,3-8 exhaustive/trials.csv | sed -n 51p)" = 49,1,32,4,64,64,4 ] || fail 'exhaustive goes in lexicographic order'
# The bounded search finds the exhaustive front; only the numbers of its trials differ.
tiny='--model TinyCLIP-ViT-8M-16-Text-3M-YFCC15M'
# shellcheck disable=SC2086
"$program" $tiny --optimizer exhaustive --out all >/dev/null
# shellcheck disable=SC2086
"$program" $tiny --optimizer bounded --out bounded >terminal
grep -q 'ruled out by their lower bounds' terminal || fail 'bounded says that it spared points'
[ "$(wc -l <bounded/trials.csv)" -lt 2000 ] || fail 'bounded spares points'
cut -d, -f2- all/front.csv >all_front
cut -d, -f2- bounded/front.csv | cmp - all_front || fail 'bounded finds another front than exhaustive'
# Ctrl-C ends a search with what was found, and the same command finds it again.
untimed all/trials.csv >expected
code=0
# shellcheck disable=SC2086
interrupt 'sleep 0.2' "$program" $tiny --optimizer exhaustive --threads 2 --out stopped >terminal 2>error || code=$?
[ "$code" -eq 130 ] || fail "exit code $code after Ctrl-C: $(cat error)"
grep -q '^clip_accelerator: stopped by SIGINT; the files hold what was found, ' error || fail "after Ctrl-C: $(cat error)"
grep -q 'in stopped: trials.csv' terminal || fail "after Ctrl-C: $(cat terminal)"
lines=$(wc -l <stopped/trials.csv)
[ "$lines" -lt 3241 ] || fail 'all trials in spite of Ctrl-C'
head -n "$lines" expected >begin
untimed stopped/trials.csv | cmp - begin || fail 'other trials before Ctrl-C'
grep -q '"stopped": "requested"' stopped/study.json || fail 'why the search ended'
# shellcheck disable=SC2086
"$program" $tiny --optimizer exhaustive --threads 2 --time-limit 0.2s --out stopped >terminal || fail 'a limit of time'
grep -q 'the time was up' terminal || fail "after a limit of time: $(cat terminal)"
# shellcheck disable=SC2086
"$program" $tiny --optimizer exhaustive --threads 2 --time-limit 10m --out stopped >/dev/null
untimed stopped/trials.csv | cmp - expected || fail 'other trials after a stop'
rm error
"$program" --optimizer random --model ViT-B-32 --use-intensity 0 --fab-intensity iceland --trials 30 --out random >/dev/null
[ "$(cut -d, -f14 random/trials.csv | sort -u | tr '\n' ' ')" = '0 operational_carbon [kgCO2e] ' ] || fail 'no carbon in use at 0 g/kWh'
"$program" --trials 20 --population 10 --area-limit 1e-3 --out nothing >terminal || fail 'a search without a feasible point is no error'
grep -q ' 0 on the Pareto front' terminal || fail 'an empty front'
grep -q '^no point is within the limits: 20 of 20 are above --area-limit 0.001 mm2, [0-9]* above --tops-limit$' terminal || fail "no limit named: $(cat terminal)"
"$program" $tiny --optimizer random --trials 5 --carbon-threshold 1e-9 --out beyond >terminal
grep -q '^hypervolume 0 ms kgCO2e: no point of the front is below .* --carbon-threshold 1e-09 kg CO2e$' terminal || fail "no reason for 0: $(cat terminal)"
"$program" $tiny --optimizer random --trials 5000 --out more >terminal
grep -q '^(--trials 5000: there are only 3240 points)$' terminal || fail "more trials than points: $(cat terminal)"
[ "$(wc -l <nothing/front.csv)" -eq 1 ] || fail 'front.csv of an empty front'
"$program" --help | grep -q -- '--use-intensity' || fail 'help'

# Wrong input: one line on stderr that names what is wrong, exit code 2, and no file and no folder.
before=$(ls)
: >a_file
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
rejected 'ViT-B-16' --model ViT-B-17
rejected '--trials' --trials -5
rejected '--trials' --trials 0
rejected '--trials' --trials many
rejected '--trials' --trials 1.5
rejected '--trials' --trials 99999999999999999999999
rejected '--time-limit' --time-limit 0
rejected 'expected a time such as 90s, 30m or 8h, found' --time-limit soon
rejected '--seed' --seed -1
rejected '--seed' --seed seven
rejected '--threads' --threads -1
rejected '--population' --population 1
rejected '--mutation-rate' --mutation-rate 1.5
rejected '--offspring' --offspring -1
rejected '--optimizer' --optimizer annealing
rejected "--mutation-rate: expected --optimizer nsga2, the one that has it, found random" --optimizer random --mutation-rate 0.5
rejected '--area-limit' --area-limit -3
rejected '--area-limit' --area-limit nan
rejected '--tops-limit' --tops-limit 0
rejected '--latency-threshold' --latency-threshold fast
rejected '--carbon-threshold' --carbon-threshold inf
rejected '--inferences' --inferences -1
rejected '--use-intensity: ' --use-intensity atlantis
rejected '--use-intensity: ' --use-intensity -5
rejected '--fab-intensity: ' --fab-intensity 12x
rejected '--speed' --speed 9
rejected 'extra' extra
rejected '--seed' --seed

# Another study, or files from elsewhere, are not overwritten.
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
echo mine >foreign/trials.csv
kept "--seed: expected 8 as asked for, or another folder, found 7" --trials 80 --population 20 --seed 8 --out two
kept "--population: expected 40 as asked for, or another folder, found 20" --trials 80 --seed 7 --out two
kept "--out: expected a folder without a trials.csv" --trials 80 --out foreign
kept "--out: expected a path, found ''" --out ''
rm -r foreign sum

cannot_write() {
  code=0
  "$program" --trials 20 --population 10 --out "$1" >output 2>error || code=$?
  [ "$code" -eq 2 ] || fail "exit code $code of --out $1"
  [ "$(wc -l <error)" -eq 1 ] || fail "$(cat error) is not one line, of --out $1"
  grep -qF "$1" error || fail "'$(cat error)' does not name $1"
}
cannot_write a_file
cannot_write a_file/below
cannot_write /proc/verdant/out
if [ "$(id -u)" -ne 0 ]; then
  mkdir -m 555 closed
  cannot_write closed
  cannot_write closed/below
  rmdir closed
fi
rm a_file output error
[ "$(ls)" = "$before" ] || fail 'wrong input left something behind'
