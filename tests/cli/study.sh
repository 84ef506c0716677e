# The command line of examples/tools/study: $1 is the program, the working directory an empty folder, $3 makes studies.
program=$1
data=$3

fail() {
  printf '%s\n' "$1" >&2
  exit 1
}
says() { # TEXT COMMAND...: what is printed holds the text
  text=$1
  shift
  "$program" "$@" >output || fail "failed: $*"
  grep -qF -- "$text" output || fail "'$text' is not in what '$*' says: $(cat output)"
}

"$data" a.db 20
"$data" b.db 12
"$data" wider.db 5 '2, 4, 6, 8'
says 'a.db      20        16       1        0  maximize accuracy, minimize latency    by_hand     7' list a.db b.db
says 'a.db: 20 trials by by_hand, seed 7, fingerprint ' show a.db
says '9 on the Pareto front' show a.db
says 'constraint act == relu || depth < 6' show a.db
says 'diverged at <step> 3 & "stopped"' show a.db --trial 3
says 'latency 2.2 ms' show a.db --trial 1
says 'a.db: 20 trials, 0 faults' verify a.db b.db

# Out and back: lines of JSON exactly, CSV to the digits of its units, Optuna without what it has no place for.
says 'a.jsonl: 20 trials' export a.db --to jsonl --out a.jsonl
says 'lines.db: 20 trials' import a.jsonl --from jsonl --like a.db --out lines.db
"$program" export lines.db --to jsonl --out lines.jsonl >/dev/null
cmp a.jsonl lines.jsonl || fail 'lines do not come back'
says 'a.csv: 20 trials' export a.db --out a.csv
says 'csv.db: 20 trials' import a.csv --from csv --like a.db --out csv.db
"$program" export csv.db --out again.csv >/dev/null
cmp a.csv again.csv || fail 'CSV does not come back'
says 'o.db: 20 trials' export a.db --to optuna --name mine --out o.db
says 'optuna.db: 20 trials' import o.db --like a.db --out optuna.db
"$program" export optuna.db --to jsonl --out optuna.jsonl >/dev/null
sed 's/,"worker":[0-9]*//; s/,"origin":"start point"//' a.jsonl >expected
cmp expected optuna.jsonl || fail "Optuna's does not come back"
says 'free.db: 20 trials' import o.db --name mine --out free.db
says 'copy.db: 20 trials' export a.db --to sqlite --out copy.db
"$program" export copy.db --to jsonl --out copy.jsonl >/dev/null
cmp a.jsonl copy.jsonl || fail 'SQLite does not come back'

says 'm.db: 20 trials; 12 points were in both, 0 of them with other values' merge a.db b.db --out m.db
says '0 faults' verify m.db
says 'merged: by_hand' list m.db

# A fault is said, with exit status 1.
sed 's/"depth":4,"act":"relu"/"depth":6,"act":"gelu"/' a.jsonl >wrong.jsonl
code=0
"$program" import wrong.jsonl --from jsonl --like a.db --out wrong.db >output 2>error || code=$?
[ "$code" -eq 2 ] || fail "exit code $code of a value that is none"
sed '/"trial":5,/d' a.jsonl >gap.jsonl
"$program" import gap.jsonl --from jsonl --like a.db --out gap.db >/dev/null
code=0
"$program" verify gap.db >output || code=$?
[ "$code" -eq 1 ] || fail "exit code $code of a gap"
grep -q '^gap.db: numbers of trials: 1 number is missing below 20, the first is 5$' output || fail "of a gap: $(cat output)"
# One that cannot be read keeps nobody from checking the others.
echo 'no study' >junk.db
code=0
"$program" verify junk.db a.db >output || code=$?
[ "$code" -eq 1 ] || fail "exit code $code of a file that is no study"
grep -q '^verdant: junk.db' output || fail "of no study: $(cat output)"
grep -q '^a.db: 20 trials, 0 faults$' output || fail "of the study behind it: $(cat output)"

# Wrong input: one line, exit status 2, no file.
rejected() { # SAID OPTION...
  said=$1
  shift
  code=0
  "$program" "$@" >output 2>error || code=$?
  [ "$code" -eq 2 ] || fail "exit code $code of: $*"
  [ "$(wc -l <error)" -eq 1 ] || fail "$(cat error) is not one line, of: $*"
  grep -qF -- "$said" error || fail "'$(cat error)' does not say '$said', of: $*"
  [ ! -e rejected ] || fail "a file of: $*"
}
cksum <a.db >before
rejected 'subcommand is required'
rejected '2, 4, 6, 8, the first has integer 2, 4, 6' merge a.db wider.db --out rejected
rejected "--trial: expected the number of a trial, found 99" show a.db --trial 99
rejected 'a.csv, which is there' export a.db --out a.csv
rejected 'study import --from optuna' list o.db
rejected 'study other: expected a study of that name, found mine' import o.db --name other --out rejected
rejected '--name: expected --to optuna with it, found --to csv' export a.db --name mine --out rejected
rejected '--name: expected --from optuna with it, found --from csv' import a.csv --from csv --like a.db --name mine --out rejected
rejected '--like: expected a study, whose space and goals csv does not say' import a.csv --from csv --out rejected
rejected 'No such file' verify none.db
rejected '--to' export a.db --to xml --out rejected
sed '1s/latency \[ms\]/latency [us]/' a.csv >units.csv
rejected "found 'latency [us]'; did you mean 'latency [ms]'?" import units.csv --from csv --like a.db --out rejected
sed '0,/infeasible/s//feasible/' a.csv >called.csv
rejected "column 'status': expected infeasible, as the metrics of the row say" import called.csv --from csv --like a.db --out rejected
cksum <a.db | cmp -s - before || fail 'a study was changed'
