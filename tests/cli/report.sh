# The command line of examples/tools/report: $1 is the program, the working directory an empty folder, $3 makes studies.
program=$1
data=$3

fail() {
  printf '%s\n' "$1" >&2
  exit 1
}
interrupt() { sh "${0%/*}/../harness/interrupt.sh" "$@"; }

# One page of a study: its numbers, nothing as markup, no address, nothing loaded.
"$data" s.db 20
cksum <s.db >before
"$program" s.db --out page.html --title 'all <b>of</b> it' --fact 'machine=two cores' >terminal
grep -q '^page.html: 20 trials, 0\.[0-9]* MB$' terminal || fail "said: $(cat terminal)"
for text in '<h1>all &lt;b&gt;of&lt;/b&gt; it</h1>' '<dt>trials</dt><dd>20</dd>' '<dt>failed</dt><dd>1</dd>' '<dt>best latency</dt><dd>2 ms</dd>' \
  'diverged at &lt;step&gt; 3 &amp; &quot;stopped&quot;' '<td>machine</td><td>two cores</td>' 'data-copy="depth=2 act=relu on=false"'; do
  grep -qF -- "$text" page.html || fail "no $text"
done
[ "$(grep -c '<script' page.html)" -eq 2 ] || fail 'scripts of others'
! grep -qE '(src|href)="?(https?:|//)' page.html || fail 'an address'
cksum <s.db | cmp -s - before || fail 'the study was changed'
[ "$(ls)" = 'before
page.html
s.db
terminal' ] || fail "files: $(ls)"

# Twice the same; the pictures of many trials are thinned.
"$program" s.db --out again.html --title 'all <b>of</b> it' --fact 'machine=two cores' >/dev/null
cmp page.html again.html || fail 'another page of the same study'
"$data" large.db 30000
"$program" large.db --out large.html --megabytes 0.5 >/dev/null
grep -q 'of the 30000 trials: all that are on a front' large.html || fail 'what is thinned is said'
[ "$(wc -c <large.html)" -lt 2000000 ] || fail 'a large page'

# While a search writes: it waits for the study, and ends once all trials are there; that page does not load itself again.
"$program" live.db --live 0.1 --until 12 --out live.html >terminal 2>error &
reporter=$!
"$data" live.db --grow 12 40
wait "$reporter" || fail "--live: $(cat error)"
[ "$(grep -c '^live.html: ' terminal)" -ge 2 ] || fail "pages: $(cat terminal)"
grep -q '"live":0,' live.html || fail 'the last page loads itself again'
grep -q '<dt>trials</dt><dd>12</dd>' live.html || fail 'not all trials'
code=0
interrupt 'test -e stopped.html' "$program" s.db --live 0.1 --out stopped.html >terminal 2>error || code=$?
[ "$code" -eq 130 ] || fail "exit code $code after Ctrl-C: $(cat error)"
grep -q '^report: stopped by SIGINT; stopped.html holds what there was$' error || fail "after Ctrl-C: $(cat error)"
grep -q '"live":0,' stopped.html || fail 'a page that goes on after the end'

# What may happen to a study meanwhile: it goes, comes back as another one, and is not whole while it is written. The page is whole at all times.
await() { # SAID: until standard error says it
  tries=0
  until grep -qF -- "$1" error; do
    kill -0 "$reporter" 2>/dev/null || fail "it ended before it said '$1': $(cat error)"
    tries=$((tries + 1))
    [ "$tries" -lt 1200 ] || fail "it did not say '$1': $(cat error)"
    sleep 0.1
  done
}
pages() { # COUNT: until so many pages were written
  tries=0
  until [ "$(grep -c '^moved.html: ' terminal)" -ge "$1" ]; do
    kill -0 "$reporter" 2>/dev/null || fail "it ended before page $1: $(cat error)"
    tries=$((tries + 1))
    [ "$tries" -lt 1200 ] || fail "no page $1: $(cat terminal error)"
    sleep 0.1
  done
}
"$data" seven.db 7
cp seven.db moved.db
"$program" moved.db --live 0.1 --until 20 --out moved.html >terminal 2>error &
reporter=$!
pages 1
cp moved.html first.html
rm moved.db
await 'report: moved.db is gone; moved.html stays as it is until there is a study again'
cmp first.html moved.html || fail 'a page changed that was to stay'
cp seven.db whole.db
mv whole.db moved.db # the same: nothing to say, and no page of it
"$data" other.db 7 '2, 4, 6, 8'
mv other.db moved.db
await 'report: moved.db is another study than before, or began anew; moved.html is of that one from now on'
pages 2
head -c 5000 s.db >part.db # cut off, as while it is copied
mv part.db moved.db
await '; trying again while it changes'
grep -q 'verdant: moved.db' error || fail "not named: $(cat error)"
tail -n 3 moved.html | grep -q '</html>' || fail 'half a page'
cp s.db whole.db
mv whole.db moved.db
wait "$reporter" || fail "--live: $(cat error)"
grep -q '<dt>trials</dt><dd>20</dd>' moved.html || fail 'not of the last study'
[ "$(grep -c 'is gone' error)" -eq 1 ] || fail "said more than once: $(cat error)"
[ "$(grep -c 'trying again' error)" -eq 1 ] || fail "said more than once: $(cat error)"

# JSON that is being written: half of it, all of it, then nothing more: what stays unreadable ends it, and the page stays.
half='{"format": "verdant study", "version": 1, "library": "verdant 0", "space": {"parameters": [{"name": "a", "kind": "integer", "values": [1, 2]}],'
rest='"constraints": []}, "goals": [{"goal": "minimize", "metric": "cost", "unit": "J", "factor": 1, "threshold": null}], "run": {"seed": 1, "batch": 1, "optimizer": "x"}, "trials":
[{"trial": 0, "status": "feasible", "point": {"a": 1}, "metrics": {"cost": 3}, "violation": 0}], "front": [0]}'
printf '%s' "$half" >study.json
"$program" study.json --live 0.1 --out moved.html >terminal 2>error &
reporter=$!
await 'verdant: study.json'
await '; trying again while it changes'
printf '%s' "$rest" >>study.json
pages 1
cp moved.html first.html
printf '%s' "$half" >study.json
code=0
wait "$reporter" || code=$?
[ "$code" -eq 2 ] || fail "exit code $code of a study that stays unreadable: $(cat error)"
[ "$(wc -l <error)" -eq 3 ] || fail "three lines: $(cat error)"
cmp first.html moved.html || fail 'a page changed that was to stay'

# Ctrl-C after the study went: the page no longer loads itself again.
cp s.db moved.db
code=0
interrupt 'test -e last.html && rm -f moved.db' "$program" moved.db --live 0.1 --out last.html >terminal 2>error || code=$?
[ "$code" -eq 130 ] || fail "exit code $code after Ctrl-C: $(cat error)"
grep -q '"live":0,' last.html || fail 'a page that goes on after the end'
! ls | grep -q '\.part-' || fail "left over: $(ls)"

# Wrong input: one line, exit status 2, and no page.
rejected() { # SAID OPTION...
  said=$1
  shift
  code=0
  "$program" "$@" >output 2>error || code=$?
  [ "$code" -eq 2 ] || fail "exit code $code of: $*"
  [ "$(wc -l <error)" -eq 1 ] || fail "$(cat error) is not one line, of: $*"
  grep -qF -- "$said" error || fail "'$(cat error)' does not say '$said', of: $*"
  [ ! -e rejected.html ] || fail "a page of: $*"
}
echo 'no study' >text
rejected 'study is required' --out rejected.html
rejected 'No such file or directory' none.db --out rejected.html
rejected 'verdant: text' text --out rejected.html
rejected '--out: expected another file than the study' s.db --out s.db
rejected '--until: expected --live with it' s.db --until 3 --out rejected.html
rejected '--live' s.db --live 0 --out rejected.html
rejected 'expected NAME=VALUE' s.db --fact machine --out rejected.html
rejected 'none/rejected.html' s.db --out none/rejected.html
cksum <s.db | cmp -s - before || fail 'the study was changed'
