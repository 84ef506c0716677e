# The command line of examples/clip_accelerator.cpp: what it writes, that it repeats itself, and how it refuses nonsense.
program=$1

fail() {
  echo "$1" >&2
  for file in stdout stderr; do
    [ ! -s "$file" ] || { echo "-- $file" >&2; cat "$file" >&2; }
  done
  exit 1
}

# reject <text> <argument>...: one line on standard error that holds the text, exit status 2, and nothing written.
reject() {
  text=$1
  shift
  status=0
  "$program" --out "${out:-refused}" "$@" >stdout 2>stderr || status=$?
  [ "$status" = 2 ] || fail "exit status $status instead of 2: $*"
  [ "$(wc -l <stderr)" = 1 ] || fail "the complaint is not one line: $*"
  grep -qF -- "$text" stderr || fail "the complaint does not say '$text': $*"
  [ ! -s stdout ] || fail "prints something although it refuses: $*"
  [ ! -e refused ] || fail "leaves something although it refuses: $*"
}

reject ViT-Z-99 --model ViT-Z-99
reject --trials --trials -5
reject --trials --trials many
reject --threads --threads -1
reject --optimizer --optimizer magic
reject atlantis --use-intensity atlantis
reject -3 --fab-intensity -3
reject nan --use-intensity nan
reject --area-limit --area-limit 0
reject --latency-threshold --latency-threshold -0.1
reject --inferences --inferences nan
reject --no-such-option --no-such-option

# A folder that cannot be made, and one that cannot be written to.
touch occupied
out=occupied/below reject occupied
out=occupied reject occupied
[ ! -s occupied ] || fail "writes into a file that is in the way"
out=/proc/nowhere reject /proc

# A short search writes four files, completely.
"$program" --trials 40 --population 10 --seed 3 --threads 1 --out one >stdout 2>stderr || fail "a short search fails"
[ ! -s stderr ] || fail "prints to standard error although it is no terminal"
grep -q 'Pareto front' stdout || fail "prints no Pareto front"
[ "$(ls one | tr '\n' ' ')" = "front.csv front.svg study.json trials.csv " ] || fail "other files than expected: $(ls -A one)"
[ "$(wc -l <one/trials.csv)" = 41 ] || fail "trials.csv has $(wc -l <one/trials.csv) lines instead of 41"
[ "$(wc -l <one/front.csv)" -ge 2 ] || fail "front.csv is empty"
grep -q '^</svg>' one/front.svg || fail "front.svg is not complete"

# The result depends neither on the number of threads nor on what stood there before; another seed is another search.
"$program" --trials 40 --population 10 --seed 3 --threads 3 --out two >stdout 2>stderr || fail "a search with three threads fails"
"$program" --trials 40 --population 10 --seed 3 --threads 3 --out two >stdout 2>stderr || fail "a search does not replace its results"
cmp one/trials.csv two/trials.csv || fail "the number of threads changes the trials"
cmp one/front.csv two/front.csv || fail "the number of threads changes the front"
"$program" --trials 40 --population 10 --seed 4 --out three >stdout 2>stderr || fail "a search with another seed fails"
if cmp -s one/trials.csv three/trials.csv; then fail "another seed gives the same trials"; fi

# Carbon intensities by place and by number agree: Taiwan is 642 g/kWh.
"$program" --trials 10 --population 5 --use-intensity taiwan --out place >stdout 2>stderr || fail "an intensity by place fails"
"$program" --trials 10 --population 5 --use-intensity 642 --out number >stdout 2>stderr || fail "an intensity by number fails"
cmp place/trials.csv number/trials.csv || fail "taiwan and 642 g/kWh differ"
