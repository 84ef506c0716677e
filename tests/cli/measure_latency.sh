# The command line of examples/tools/measure_latency: $1 is the program, the working directory an empty folder.
program=$1

fail() {
  printf '%s\n' "$1" >&2
  exit 1
}
interrupt() { sh "${0%/*}/../harness/interrupt.sh" "$@"; }
quick() { "$program" --model MOOFA_V3 --repetitions 1 --warm-up 0 "$@"; }

# Tables of two resolutions in the published format, the same as one CSV, and whole networks beside their sums.
quick --resolutions 160 128 --networks 6 --out one/deep/folder >terminal 2>progress
[ "$(grep -c '^layers \[' progress)" -ge 10 ] || fail 'a line for each tenth of the layers where stderr is no terminal'
grep -q '^whole networks \[====================\] 6/6' progress || fail 'progress of whole networks'
files=$(ls one/deep/folder | tr '\n' ' ')
[ "$files" = '128_lookup_table.yaml 160_lookup_table.yaml latency.csv networks.csv networks.json networks.svg settings.txt ' ] || fail "files: $files"
[ "$(head -n 1 one/deep/folder/latency.csv)" = space,device,threads,batch,resolution,key,count,mean_ms,std_ms,median_ms ] || fail 'columns of latency.csv'
layers=$(grep -c '^[A-Za-z]' one/deep/folder/128_lookup_table.yaml)
[ "$layers" -gt 50 ] || fail "$layers layers"
[ "$(grep -c '^[A-Za-z]' one/deep/folder/160_lookup_table.yaml)" -eq "$layers" ] || fail 'as many layers at the other resolution'
[ "$(wc -l <one/deep/folder/latency.csv)" -eq $((2 * layers + 1)) ] || fail 'a row for each layer'
grep -q "$((2 * layers)) layers, $((2 * layers)) of them measured now" terminal || fail "$(cat terminal)"
for key in Conv-input:128x128x3-output:64x64x3: Conv_1-input:2x2x384-output:2x2x392: AvgPool2D-input:2x2x392-output:1x1x392: \
  Conv_2-input:1x1x392-output:1x1x392: Logits-input:1x1x392-output:1000: \
  expanded_conv-input:64x64x3-output:64x64x8-expand:3-kernel:3-stride:1-idskip:0-se:0-hs:0: \
  expanded_conv-input:4x4x360-output:2x2x384-expand:1440-kernel:7-stride:2-idskip:0-se:1-hs:1:; do
  grep -qx "$key" one/deep/folder/128_lookup_table.yaml || fail "no $key"
done
sed -n 2,4p one/deep/folder/128_lookup_table.yaml | sed 's/[-0-9.e]*$//' | tr '\n' ';' | grep -qx '  count: ;  mean: ;  std: ;' || fail 'count, mean and std'
[ "$(head -n 1 one/deep/folder/networks.csv)" = resolution,d,ks,e,measured_ms,std_ms,median_ms,table_ms,error ] || fail 'columns of networks.csv'
[ "$(wc -l <one/deep/folder/networks.csv)" -eq 7 ] || fail 'six networks'
for word in MAPE bias 'Kendall tau'; do grep -q "$word" terminal || fail "no $word on the terminal"; done
for word in kendall_tau mape bias; do [ "$(grep -c "\"$word\"" one/deep/folder/networks.json)" -eq 3 ] || fail "$word of both resolutions and of all"; done
tail -c 7 one/deep/folder/networks.svg | grep -q '</svg>' || fail 'networks.svg is complete'
[ "$(grep -c '<circle' one/deep/folder/networks.svg)" -eq 6 ] || fail 'a point for each network'

# Started again, it measures no layer; the seed chooses the networks.
cp one/deep/folder/latency.csv before.csv
cut -d, -f1-4 one/deep/folder/networks.csv >before.networks
cp one/deep/folder/networks.csv all.networks
quick --resolutions 160 128 --networks 6 --out one/deep/folder >terminal
grep -q "$((2 * layers)) layers, 0 of them measured now" terminal || fail 'measured again'
cmp before.csv one/deep/folder/latency.csv || fail 'changed what was measured'
cmp all.networks one/deep/folder/networks.csv || fail 'measured networks again'
grep -q '^6 of 6 whole networks were measured before$' terminal || fail "whole networks: $(cat terminal)"
quick --resolutions 160 128 --networks 2 --out one/deep/folder >terminal
grep -q '^2 of 2 whole networks were measured before$' terminal || fail "fewer whole networks: $(cat terminal)"
cmp all.networks one/deep/folder/networks.csv || fail 'fewer networks drop what was measured'
head -n 4 all.networks >one/deep/folder/networks.csv
quick --resolutions 160 128 --networks 4 --out one/deep/folder >terminal
grep -q '^3 of 4 whole networks were measured before$' terminal || fail "whole networks after a stop: $(cat terminal)"
[ "$(wc -l <one/deep/folder/networks.csv)" -eq 5 ] || fail 'no fourth network'
head -n 4 all.networks >expected
head -n 4 one/deep/folder/networks.csv | cmp - expected || fail 'changed what was measured of whole networks'
# What no measurement gives is not kept.
for wrong in inf nan -1 1e400 x; do
  awk -F, -v OFS=, -v wrong=$wrong 'NR == 3 { $6 = wrong } 1' all.networks >one/deep/folder/networks.csv
  quick --resolutions 160 128 --networks 3 --out one/deep/folder >terminal
  grep -q '^1 of 3 whole networks were measured before$' terminal || fail "a deviation of $wrong: $(cat terminal)"
done
quick --resolutions 128 --networks 1 --out one/deep/folder >terminal
grep '^ *all ' terminal | grep -q ' -  *- *$' || fail "the error with a factor of one network: $(cat terminal)"
quick --resolutions 160 128 --networks 6 --out one/deep/folder >terminal
cut -d, -f1-4 one/deep/folder/networks.csv | cmp before.networks - || fail 'the same seed, other networks'
quick --resolutions 160 128 --networks 6 --seed 2 --out one/deep/folder >terminal
! cut -d, -f1-4 one/deep/folder/networks.csv | cmp -s before.networks - || fail 'another seed, the same networks'

# Killed at any moment, it goes on where it was.
mkdir killed
"$program" --model MOOFA_V3 --resolutions 128 --repetitions 150 --networks 0 --out killed >/dev/null &
pid=$!
tries=0
until [ -e killed/latency.csv ] && [ "$(wc -l <killed/latency.csv)" -gt 4 ]; do
  tries=$((tries + 1))
  [ "$tries" -lt 3000 ] || fail 'nothing was measured within five minutes'
  sleep 0.1
done
kill -9 "$pid"
wait "$pid" 2>/dev/null || true
have=$(($(wc -l <killed/latency.csv) - 1))
[ "$have" -lt "$layers" ] || fail 'it was done before it was killed'
# Ctrl-C ends it after a layer.
code=0
interrupt "[ \"\$(wc -l <killed/latency.csv)\" -gt $((have + 3)) ]" "$program" --model MOOFA_V3 --resolutions 128 --repetitions 150 --networks 0 --out killed \
  >/dev/null 2>error || code=$?
[ "$code" -eq 130 ] || fail "exit code $code after Ctrl-C: $(cat error)"
grep -q '^measure_latency: stopped by SIGINT; what is measured is kept, and the same command goes on$' error || fail "after Ctrl-C: $(cat error)"
had=$have
have=$(($(wc -l <killed/latency.csv) - 1))
[ "$have" -gt "$had" ] && [ "$have" -lt "$layers" ] || fail "$have layers after Ctrl-C, $had before"
cp killed/latency.csv first.csv
"$program" --model MOOFA_V3 --resolutions 128 --repetitions 150 --networks 0 --out killed >terminal
grep -q "$layers layers, $((layers - have)) of them measured now" terminal || fail "$have were there: $(cat terminal)"
head -n $((have + 1)) killed/latency.csv | cmp first.csv - || fail 'changed what was measured before'
[ "$(grep -c '^[A-Za-z]' killed/128_lookup_table.yaml)" -eq "$layers" ] || fail 'a complete table'
[ ! -e killed/networks.csv ] || fail 'no networks were asked for'

"$program" --help | grep -q -- '--resolutions' || fail 'help'

# Wrong input: one line on stderr that names what is wrong, exit code 2, nothing on stdout.
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
rejected 'MOOFA_V4' --model MOOFA_V4 --out rejected
rejected 'found 225' --resolutions 225 --out rejected
rejected '--repetitions' --repetitions 0 --out rejected
rejected '--networks' --networks -1 --out rejected
rejected '--threads' --threads many --out rejected
rejected '--clock' --clock sundial --out rejected
rejected '--clock' --clock processor --threads 2 --out rejected
rejected '--device' --device tpu --out rejected
[ ! -e rejected ] || fail 'something was made'
rejected '--repetitions: expected 7 as asked for, or another folder, found 150' --resolutions 128 --repetitions 7 --out killed
rejected '--warm-up: expected 1 as asked for, or another folder, found 5' --resolutions 128 --repetitions 150 --warm-up 1 --out killed
rejected "--out: expected a path, found ''" --resolutions 128 --out ''
rejected "'OFA', as measured now" --model OFA --resolutions 128 --out killed
rejected 'processor time' --resolutions 128 --clock processor --out killed
rejected "column 'threads'" --resolutions 128 --threads 2 --out killed
: >a_file
rejected 'a_file' --resolutions 128 --out a_file/folder
mkdir damaged
sed 's/^MOOFA_V3,[^,]*\(".*"\)*,/MOOFA_V3,another device,/' killed/latency.csv >damaged/latency.csv
rejected 'another device' --resolutions 128 --out damaged
head -c 300 killed/latency.csv >damaged/latency.csv
rejected 'damaged/latency.csv' --resolutions 128 --out damaged
sed 's/-kernel:7-/-kernel:9-/' killed/latency.csv >damaged/latency.csv
rejected 'kernel:9' --resolutions 128 --out damaged
rm damaged/latency.csv
mkdir damaged/latency.csv
rejected 'damaged/latency.csv' --resolutions 128 --out damaged
