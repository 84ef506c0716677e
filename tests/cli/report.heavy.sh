# Pages of examples/tools/report in a browser without a window: $1 is the program, the working directory an empty folder, $3 makes studies. Says that it is skipped where Chromium is not installed.
program=$1
data=$3

fail() {
  printf '%s\n' "$1" >&2
  exit 1
}
command -v chromium >/dev/null || {
  echo 'skipped: Chromium is not installed (Debian: chromium)'
  exit 0
}
browse() { # PAGE OPTION...: the page as it stands after its scripts, in `dom`; what they complain of, in `console`
  page=$1
  shift
  timeout 180 chromium --headless=new --no-sandbox --disable-gpu --hide-scrollbars --user-data-dir="$PWD/profile" --enable-logging=stderr --v=0 --window-size=1200,900 \
    --virtual-time-budget=5000 "$@" "file://$PWD/$page" >dom 2>log || fail "chromium: $(tail -n 5 log)"
  grep 'CONSOLE' log >console || true
  [ ! -s console ] || fail "complaints of $page: $(cat console)"
}
# with_driver PAGE OUT: adds a script at the end of the page, from standard input, whose results go to the text of #result.
with_driver() {
  sed '$d' "$1" >"$2" # without </body></html>
  printf '<pre id="result"></pre><script>const said = [];\nconst say = (name, value) => said.push(name + ": " + value);\ntry {\n' >>"$2"
  cat >>"$2"
  printf '\n} catch (e) { say("error", e.stack); }\ndocument.getElementById("result").textContent = said.join("\\n") + "\\n";</script></body></html>\n' >>"$2"
}
found() { sed -n '/<pre id="result">/,/<\/pre>/p' dom | sed 's/.*<pre id="result">//; s/<\/pre>.*//'; }
expect() { found | grep -qF -- "$1" || fail "'$1' is not in: $(found)"; }

"$data" s.db 20
"$program" s.db --out page.html >/dev/null
with_driver page.html driven.html <<'SCRIPT'
redraw_all(true);
say('pictures', charts.filter(c => c.drawn && c.holder.querySelector('svg').childNodes.length > 0).length);
say('rows', document.querySelectorAll('#best table')[0].tBodies[0].rows.length);
const front = $('front-chart');
// The pointer on the mark of trial 16, the best accuracy of the front: the tip says what the table says.
const point = row => {
  const svg = front.querySelector('svg'), box = svg.getBoundingClientRect();
  for (let x = 0; x < box.width; x += 4) for (let y = 0; y < box.height; y += 4) {
    svg.dispatchEvent(new PointerEvent('pointermove', {clientX: box.left + x, clientY: box.top + y}));
    if (!tip.hidden && tip.textContent.startsWith('trial ' + row + ' ')) return tip.textContent;
  }
  return 'none';
};
say('hover', point(16));
say('failed', point(3));
front.querySelector('svg').dispatchEvent(new PointerEvent('pointerleave'));
say('left', tip.hidden);
// The keyboard goes along the front.
const svg = front.querySelector('svg');
svg.focus();
for (let k = 0; k < 2; k++) svg.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowRight', bubbles: true}));
say('keyboard', tip.textContent.slice(0, 8));
dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape'}));
say('escaped', tip.hidden);
// Other axes.
const labels = () => [...front.querySelectorAll('text.label')].map(t => t.textContent).join(' / ');
say('axes', labels());
const choose = (id, value) => { $(id).value = value; $(id).dispatchEvent(new Event('change')); };
choose('axis-x', 'p1');
choose('axis-y', 'm2');
say('chosen', labels());
say('words', [...front.querySelectorAll('text')].some(t => t.textContent.startsWith("it's </s")));
say('kept', location.hash);
for (const box of document.querySelectorAll('#front-controls input')) box.click();
say('importance', document.querySelectorAll('#importance-chart rect').length);
say('lines', document.querySelectorAll('#parallel-chart .line').length);
const button = document.querySelector('button[data-copy]');
say('copy', button.dataset.copy);
button.click();
SCRIPT
browse driven.html --dump-dom
expect 'pictures: 10'
expect 'rows: 9'
expect 'hover: trial 16 on the frontaccuracy80 %latency6 msenergy3 Jdepth6actreluonfalsetook1.5 s'
expect 'failed: none'
expect 'left: true'
expect 'keyboard: trial '
expect 'escaped: true'
expect 'axes: accuracy [%] / latency [ms]'
expect 'chosen: act / energy [J]'
expect 'words: true'
expect 'kept: #?x=p1&amp;y=m2'
expect 'importance: 4'
expect 'lines: 9'
expect 'copy: depth=6 act=relu on=false'
! found | grep -q '^error: ' || fail "$(found)"

# In the colours of the dark, narrow, and on paper: no complaint.
browse page.html --dump-dom --window-size=400,800
browse page.html --screenshot="$PWD/light.png"
[ -s light.png ] || fail 'no picture'
browse page.html --print-to-pdf="$PWD/paper.pdf"
[ -s paper.pdf ] || fail 'nothing printed'

# 10^5 trials: below 10 MB, and drawn.
"$data" large.db 100000
start=$(date +%s%N)
"$program" large.db --out large.html >/dev/null
built=$((($(date +%s%N) - start) / 1000000))
[ "$(wc -c <large.html)" -lt 10000000 ] || fail "$(wc -c <large.html) bytes"
with_driver large.html driven.html <<'SCRIPT'
say('read after', Math.round(performance.now()) + ' ms');
const before = performance.now();
charts[0].redraw();
say('drawn in', Math.round(performance.now() - before) + ' ms');
say('trials', count);
SCRIPT
browse driven.html --dump-dom
expect 'trials: 100000'
printf '10^5 trials: built in %s ms, %s bytes; %s\n' "$built" "$(wc -c <large.html)" "$(found | tr '\n' ';')"
