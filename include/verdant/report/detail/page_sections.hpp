#pragma once

#include <string_view>

/// What a report's script draws into each section.
namespace verdant::detail {

/// The second part of a report's script, after `page_charts`. Nothing in it comes from a study.
inline constexpr std::string_view page_sections = R"js(
/* Choices stay in the address, so that they outlive a reload. */
const kept = new URLSearchParams(location.hash.startsWith('#?') ? location.hash.slice(2) : '');
function keep(name, value) {
  kept.set(name, value);
  try { history.replaceState(null, '', '#?' + kept); } catch (e) { /* some browsers refuse it for files */ }
}
const objectives = D.objectives;

function fronts() {
  if (!$('front-chart')) return;
  const first = objectives.length ? 'm' + objectives[0].metric : 'n', second = objectives.length > 1 ? 'm' + objectives[1].metric : 'n';
  const known = (id, other) => axis_of(id) ? id : other;
  const view = {x: known(kept.get('x'), objectives.length > 1 ? first : 'n'), y: known(kept.get('y'), objectives.length > 1 ? second : first),
    lx: kept.get('lx') === '1', ly: kept.get('ly') === '1', all: kept.get('all') !== '0'};
  const controls = $('front-controls'), list = axes.map(a => [a.id, a.label]);
  const c = chart($('front-chart'), 440, 'all trials by two chosen axes', (c, ctx, svg, w, h) => {
    const x = axis_of(view.x), y = axis_of(view.y);
    const seen = function* (a) { for (let i = 0; i < count; i++) if (T.state[i] === 0 || (view.all && T.state[i] === 1)) yield a.at(i); };
    const {X, Y} = draw_axes(svg, w, h, scale(seen(x), {names: x.names, log: view.lx && !x.names}), scale(seen(y), {names: y.names, log: view.ly && !y.names}), [x.label, y.label]);
    let shown = paint_points(ctx, X, Y, x.at, y.at);
    if (!view.all) { ctx.clearRect(0, 0, w, h); const s = T.state; shown = shown.filter(p => s[p[2]] === 0); ctx.fillStyle = css('feasible'); ctx.globalAlpha = 0.7; for (const p of shown) dot(ctx, 'feasible', p[0], p[1], count > 4000 ? 1.6 : 3); ctx.globalAlpha = 1; }
    const pair = D.pairs.find(p => ('m' + objectives[p.x].metric === view.x && 'm' + objectives[p.y].metric === view.y) || ('m' + objectives[p.y].metric === view.x && 'm' + objectives[p.x].metric === view.y));
    const rows = pair ? pair.rows : D.front;
    const at = rows.map(i => [X(x.at(i)), Y(y.at(i)), i]).filter(p => Number.isFinite(p[0]) && Number.isFinite(p[1]));
    if (pair && at.length > 1) mark(svg, 'path', {d: stairs(at, pair, view.x), fill: 'none', stroke: css('front'), 'stroke-width': 1.5});
    ctx.fillStyle = css('front'); ctx.strokeStyle = css('card'); ctx.lineWidth = 1;
    for (const p of at) dot(ctx, 'front', p[0], p[1], 6);
    hover(c, svg, shown.concat(at), at);
  });
  const set = (name, value) => { view[name] = value; keep(name, value === true ? '1' : value === false ? '0' : value); c.redraw(); };
  const sx = choice(controls, 'horizontal', list, view.x, v => set('x', v)), sy = choice(controls, 'vertical', list, view.y, v => set('y', v));
  sx.id = 'axis-x'; sy.id = 'axis-y';
  tick_box(controls, 'logarithmic horizontal', view.lx, v => set('lx', v));
  tick_box(controls, 'logarithmic vertical', view.ly, v => set('ly', v));
  if (D.constraints) tick_box(controls, 'infeasible trials, too', view.all, v => set('all', v));
  if (D.pairs.length < 2) return;
  for (const p of D.pairs) {
    const box = $('pairs').appendChild(el('figure')), holder = box.appendChild(el('div'));
    const x = axis_of('m' + objectives[p.x].metric), y = axis_of('m' + objectives[p.y].metric);
    chart(holder, 210, 'front of ' + x.label + ' and ' + y.label, (c, ctx, svg, w, h) => {
      const seen = function* (a) { for (let i = 0; i < count; i++) if (T.state[i] === 0) yield a.at(i); };
      const {X, Y} = draw_axes(svg, w, h, scale(seen(x)), scale(seen(y)), [x.label, y.label]);
      ctx.fillStyle = css('feasible'); ctx.globalAlpha = 0.35;
      const step = Math.max(1, Math.ceil(count / 3000));
      for (let i = 0; i < count; i += step) if (T.state[i] === 0) ctx.fillRect(X(x.at(i)) - 1, Y(y.at(i)) - 1, 2, 2);
      ctx.globalAlpha = 1; ctx.fillStyle = css('front'); ctx.strokeStyle = css('card');
      const at = p.rows.map(i => [X(x.at(i)), Y(y.at(i)), i]);
      for (const q of at) dot(ctx, 'front', q[0], q[1], 4);
      hover(c, svg, at, at);
    });
    const button = box.appendChild(el('button', {type: 'button'}, 'show large'));
    button.setAttribute('aria-label', 'show ' + x.label + ' and ' + y.label + ' large');
    button.addEventListener('click', () => { sx.value = x.id; sy.value = y.id; set('x', x.id); set('y', y.id); $('front-chart').scrollIntoView({block: 'center'}); });
  }
}
/* The border of what a front dominates: steps towards what is worse. */
function stairs(at, pair, shown_x) {
  const by = at.slice().sort((a, b) => a[0] - b[0]), swapped = 'm' + objectives[pair.x].metric !== shown_x;
  const maximized = objectives[swapped ? pair.y : pair.x].maximized;
  let d = 'M' + by[0][0] + ' ' + by[0][1];
  for (let k = 1; k < by.length; k++) d += maximized ? 'V' + by[k][1] + 'H' + by[k][0] : 'H' + by[k][0] + 'V' + by[k][1];
  return d;
}

function volume() {
  if (!$('volume-chart')) return;
  let by = kept.get('volume') === 'time' && D.volume.time.length ? 'time' : 'trials';
  const c = chart($('volume-chart'), 260, 'hypervolume', (c, ctx, svg, w, h) => {
    const steps = D.volume[by], x = scale(steps.map(s => s[0]), {pad: 0, zero: true}), y = scale(steps.map(s => s[1]), {zero: true});
    let factor = 1, unit = '';
    if (by === 'time') { factor = x.max > 7200 ? 3600 : x.max > 120 ? 60 : 1; unit = {3600: 'h', 60: 'min', 1: 's'}[factor]; x.min /= factor; x.max /= factor; }
    const {X, Y, m} = draw_axes(svg, w, h, x, y, [by === 'time' ? 'since the first trial began [' + unit + ']' : 'trials', with_unit('hypervolume', D.volume.unit)]);
    let d = 'M' + X(0) + ' ' + Y(0);
    for (const s of steps) d += 'H' + X(s[0] / factor) + 'V' + Y(s[1]);
    mark(svg, 'path', {d, fill: 'none', stroke: css('bar'), 'stroke-width': 2});
    const line = mark(svg, 'line', {stroke: css('focus'), y1: m.top, y2: h - m.bottom, visibility: 'hidden'});
    svg.addEventListener('pointermove', e => {
      const box = svg.getBoundingClientRect();
      let s = null;
      for (const t of steps) if (X(t[0] / factor) <= e.clientX - box.left + 1) s = t;
      if (!s) return;
      line.setAttribute('visibility', 'visible'); line.setAttribute('x1', X(s[0] / factor)); line.setAttribute('x2', X(s[0] / factor));
      show_tip(el('div', {}, (by === 'time' ? duration(s[0]) : s[0] + ' trials') + ': ' + fmt(s[1]) + ' ' + D.volume.unit), e.clientX, e.clientY);
    });
    svg.addEventListener('pointerleave', () => { line.setAttribute('visibility', 'hidden'); hide_tip(); });
  });
  if (D.volume.time.length) choice($('volume-controls'), 'over', [['trials', 'trials'], ['time', 'time']], by, v => { by = v; keep('volume', v); c.redraw(); });
}

/* From dark to light and back to dark on either ground: told apart by lightness, too. */
function shade(t) {
  const stops = matchMedia('(prefers-color-scheme: dark)').matches && !document.documentElement.classList.contains('print')
    ? [[86, 110, 180], [60, 150, 190], [70, 180, 150], [150, 205, 100], [250, 225, 80]] : [[68, 20, 90], [58, 82, 139], [32, 130, 140], [60, 155, 80], [170, 150, 10]];
  const k = Math.min(3, Math.floor(t * 4)), f = t * 4 - k;
  return 'rgb(' + [0, 1, 2].map(j => Math.round(stops[k][j] + (stops[k + 1][j] - stops[k][j]) * f)) + ')';
}
function parallel() {
  if (!$('parallel-chart')) return;
  const shown = axes.filter(a => a.id[0] === 'p').concat(objectives.map(o => axis_of('m' + o.metric)));
  const most = 400, step = Math.max(1, Math.ceil(D.front.length / most)), rows = D.front.filter((r, k) => k % step === 0);
  let by = shown[shown.length - objectives.length].id;
  const c = chart($('parallel-chart'), 380, 'parameters and goals of the trials on the front, a line each', (c, ctx, svg, w, h) => {
    const m = {left: 30, right: 40, top: 34, bottom: 26}, X = k => m.left + (shown.length < 2 ? 0 : k * (w - m.left - m.right) / (shown.length - 1));
    const room = Math.max(6, Math.floor((w - m.left - m.right) / Math.max(1, shown.length - 1) / 7));
    const scales = shown.map(a => scale(rows.map(a.at), {names: a.names, pad: 0})), Y = scales.map(s => place(s, h - m.bottom, m.top));
    const colour = axis_of(by), cs = scale(rows.map(colour.at), {names: colour.names, pad: 0}), t = place(cs, 0, 1), lines = [];
    const path = i => shown.map((a, k) => { const y = Y[k](a.at(i)); return X(k).toFixed(1) + ',' + (Number.isFinite(y) ? y : h - m.bottom + 6).toFixed(1); }).join(' ');
    for (const i of rows) lines.push(mark(svg, 'polyline', {class: 'line', points: path(i), stroke: shade(Math.min(1, Math.max(0, t(colour.at(i)) || 0)))}));
    shown.forEach((a, k) => {
      mark(svg, 'line', {class: 'axis', x1: X(k), x2: X(k), y1: m.top, y2: h - m.bottom});
      mark(svg, 'text', {class: 'label', x: X(k), y: k % 2 ? 12 : 26, 'text-anchor': k === 0 ? 'start' : k === shown.length - 1 ? 'end' : 'middle'}, short(a.label, 2 * room));
      if (a.names) { for (const [v, text] of ticks_of(scales[k], 8)) mark(svg, 'text', {x: X(k) + 4, y: Y[k](v) + 4}, short(text, room)); return; }
      mark(svg, 'text', {x: X(k), y: h - m.bottom + 15, 'text-anchor': 'middle'}, fmt(Number(scales[k].min.toPrecision(4))));
      mark(svg, 'text', {x: X(k) + 4, y: m.top + 10}, fmt(Number(scales[k].max.toPrecision(4))));
    });
    let lit = -1;
    const light = (k, x, y) => { if (lit >= 0) lines[lit].classList.remove('on'); lit = k; if (k < 0) return hide_tip(); lines[k].classList.add('on'); show_tip(describe(rows[k]), x, y); };
    rows.forEach((i, k) => {
      const hit = mark(svg, 'polyline', {class: 'hit', points: path(i)});
      hit.addEventListener('pointerenter', e => light(k, e.clientX, e.clientY));
      hit.addEventListener('pointerleave', () => light(-1));
    });
    svg.setAttribute('tabindex', '0');
    svg.addEventListener('keydown', e => {
      const d = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1}[e.key];
      if (!d || !rows.length) return;
      e.preventDefault();
      const box = svg.getBoundingClientRect();
      light((lit + d + rows.length) % rows.length, box.left + 40, box.top + 40);
    });
    svg.addEventListener('blur', () => light(-1));
  });
  const wide = () => { if (shown.length > 10) { c.width = Math.max($('parallel-chart').parentNode.clientWidth, shown.length * 80); $('parallel-chart').style.width = c.width + 'px'; } };
  wide();
  choice($('parallel-controls'), 'colour by', shown.map(a => [a.id, a.label]), by, v => { by = v; c.redraw(); });
  if (step > 1) $('parallel-controls').append(rows.length + ' of ' + D.front.length + ' trials are drawn, evenly along the first goal');
}

function importance() {
  if (!$('importance-chart')) return;
  let k = 0;
  const c = chart($('importance-chart'), 60 + 26 * D.parameters.length, 'share of the variance that each parameter explains', (c, ctx, svg, w, h) => {
    const shares = D.importance[k].alone, order = shares.map((s, p) => p).sort((a, b) => shares[b][0] - shares[a][0]);
    const left = Math.min(w * 0.35, 40 + 7 * Math.max(...D.parameters.map(p => Math.min(p.name.length, 28))));
    const X = place({min: 0, max: 1}, left, w - 60);
    for (let t = 0; t <= 10; t += w > 500 ? 2 : 5) {
      mark(svg, 'line', {class: 'grid', x1: X(t / 10), x2: X(t / 10), y1: 4, y2: h - 36});
      mark(svg, 'text', {x: X(t / 10), y: h - 20, 'text-anchor': 'middle'}, t * 10 + ' %');
    }
    order.forEach((p, row) => {
      const y = 8 + 26 * row, [mean, deviation] = shares[p];
      mark(svg, 'text', {class: 'label', x: left - 8, y: y + 13, 'text-anchor': 'end'}, short(D.parameters[p].name, 28));
      mark(svg, 'rect', {x: left, y, width: Math.max(1, X(mean) - left), height: 16, fill: css('bar')});
      const low = X(Math.max(0, mean - deviation)), high = X(Math.min(1, mean + deviation));
      mark(svg, 'path', {d: 'M' + low + ' ' + (y + 8) + 'H' + high + 'M' + low + ' ' + (y + 4) + 'v8M' + high + ' ' + (y + 4) + 'v8', stroke: css('ink'), 'stroke-width': 1.5, fill: 'none'});
      mark(svg, 'text', {x: Math.max(high, X(mean)) + 6, y: y + 13}, (100 * mean).toFixed(1) + ' %');
    });
    mark(svg, 'text', {x: (left + w - 60) / 2, y: h - 4, 'text-anchor': 'middle'}, 'of the variance');
  });
  if (D.importance.length > 1)
    choice($('importance-controls'), 'of', D.importance.map((i, n) => [n, D.metrics[i.metric].name]), 0, v => { k = Number(v); c.redraw(); });
}

function slices() {
  if (!$('slices')) return;
  let k = objectives.length ? objectives[0].metric : 0;
  const all = D.parameters.map((p, n) => {
    const box = $('slices').appendChild(el('figure')), a = axis_of('p' + n);
    return chart(box.appendChild(el('div')), 200, p.name + ' against the chosen metric', (c, ctx, svg, w, h) => {
      const y = axis_of('m' + k), seen = function* (f) { for (let i = 0; i < count; i++) if (T.state[i] < 2) yield f(i); };
      const {X, Y} = draw_axes(svg, w, h, scale(seen(a.at), {names: a.names}), scale(seen(y.at)), [p.name, '']);
      const shift = a.names ? i => a.at(i) + ((i * 0.618034) % 1 - 0.5) * 0.5 : a.at;
      const shown = paint_points(ctx, X, Y, shift, y.at, {most: 3000});
      const sums = new Map();
      for (let i = 0; i < count; i++) { const v = y.at(i), at = a.at(i); if (T.state[i] > 1 || !Number.isFinite(v) || Number.isNaN(at)) continue; const s = sums.get(at) || [0, 0]; s[0] += v; s[1]++; sums.set(at, s); }
      const means = [...sums].map(([v, s]) => [X(v), Y(s[0] / s[1])]).sort((p, q) => p[0] - q[0]);
      if (a.names) for (const q of means) mark(svg, 'line', {x1: q[0] - 12, x2: q[0] + 12, y1: q[1], y2: q[1], stroke: css('front'), 'stroke-width': 3});
      else if (means.length < 200) mark(svg, 'polyline', {points: means.join(' '), fill: 'none', stroke: css('front'), 'stroke-width': 2});
      hover(c, svg, shown);
    });
  });
  const list = D.metrics.map((m, n) => [n, with_unit(m.name, m.unit)]);
  choice($('slices-controls'), 'metric', list, k, v => { k = Number(v); for (const c of all) if (c.drawn) c.redraw(); });
}

function outcomes() {
  if (!$('outcome-chart')) return;
  chart($('outcome-chart'), 200, 'feasible, infeasible and failed trials over the study', (c, ctx, svg, w, h) => {
    const bins = D.outcomes, {X, Y} = draw_axes(svg, w, h, {min: 0, max: bins.length * D.bin}, {min: 0, max: 100}, ['trials', 'share [%]']);
    bins.forEach((b, k) => {
      const all = b[0] + b[1] + b[2];
      let y = 0;
      ['feasible', 'infeasible', 'failed'].forEach((name, s) => {
        const share = all ? 100 * b[s] / all : 0;
        if (share) mark(svg, 'rect', {x: X(k * D.bin) + 0.5, width: Math.max(1, X((k + 1) * D.bin) - X(k * D.bin) - 1), y: Y(y + share), height: Y(y) - Y(y + share), fill: css(name), 'fill-opacity': s ? 1 : 0.8})
          .appendChild(document.createElementNS(NS, 'title')).textContent = name + ': ' + b[s] + ' of ' + all;
        y += share;
      });
    });
  });
}

function workers() {
  if (!$('worker-chart')) return;
  let most = 0;
  for (const l of T.lane) most = Math.max(most, l);
  const row = most > 40 ? Math.max(4, 800 / most) : 20;
  chart($('worker-chart'), 60 + most * row, 'when each trial was evaluated', (c, ctx, svg, w, h) => {
    const end = scale(T.end, {pad: 0, zero: true}).max, factor = end > 7200 ? 3600 : end > 120 ? 60 : 1;
    const {X, Y, m} = draw_axes(svg, w, h, {min: 0, max: end / factor}, {min: most + 0.5, max: 0.5}, ['since the first trial began [' + {3600: 'h', 60: 'min', 1: 's'}[factor] + ']', 'worker'], {top: 6});
    const places = [];
    for (let i = 0; i < count; i++) {
      if (!T.lane[i]) continue;
      const a = X(T.start[i] / factor), b = Math.max(a + 1, X(T.end[i] / factor) - (count > 4000 ? 0 : 0.7)), y = Y(T.lane[i]);
      ctx.fillStyle = css(on_front[i] ? 'front' : states[T.state[i]]);
      ctx.fillRect(a, y - row * 0.4, b - a, row * 0.8);
      places.push([a, b, y, i]);
    }
    const near = (x, y) => { let best = null; for (const p of places) if (x >= p[0] - 2 && x <= p[1] + 2 && Math.abs(y - p[2]) <= row / 2) best = p; return best; };
    svg.addEventListener('pointermove', e => { const box = svg.getBoundingClientRect(), p = near(e.clientX - box.left, e.clientY - box.top); if (p) show_tip(describe(p[3]), e.clientX, e.clientY); else hide_tip(); });
    svg.addEventListener('pointerleave', hide_tip);
  });
}

function copying() {
  document.addEventListener('click', e => {
    const button = e.target.closest && e.target.closest('button[data-copy]');
    if (!button) return;
    const text = button.dataset.copy, done = ok => { button.textContent = ok ? 'copied' : 'select it by hand'; setTimeout(() => { button.textContent = 'copy'; }, 1500); };
    const by_hand = () => {
      const area = document.body.appendChild(el('textarea', {style: 'position:fixed;opacity:0'}));
      area.value = text; area.select();
      let ok = false;
      try { ok = document.execCommand('copy'); } catch (x) { /* said below */ }
      area.remove(); button.focus(); done(ok);
    };
    if (navigator.clipboard) navigator.clipboard.writeText(text).then(() => done(true), by_hand); else by_hand();
  });
}
function live() {
  if (!D.live) return;
  let timer = 0;
  const set = on => { clearInterval(timer); if (on) timer = setInterval(() => location.reload(), 1000 * D.live); };
  tick_box($('live'), 'load this page again every ' + D.live + ' s', kept.get('live') !== '0', on => { keep('live', on ? '1' : '0'); set(on); });
  set(kept.get('live') !== '0');
}
for (const draw of [fronts, volume, parallel, importance, slices, outcomes, workers, copying, live]) draw();
)js";

} // namespace verdant::detail
