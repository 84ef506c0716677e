#pragma once

#include <string_view>

/// What draws in a report: scales, axes, charts, what is said of a point.
namespace verdant::detail {

/// The first part of a report's script. Nothing in it comes from a study.
inline constexpr std::string_view page_charts = R"js(
'use strict';
const D = JSON.parse(document.getElementById('data').textContent);
const $ = id => document.getElementById(id);
const NS = 'http://www.w3.org/2000/svg';
function el(name, attributes, text) {
  const e = document.createElement(name);
  for (const a in attributes || {}) e.setAttribute(a, attributes[a]);
  if (text !== undefined) e.textContent = text;
  return e;
}
function mark(parent, name, attributes, text) {
  const e = document.createElementNS(NS, name);
  for (const a in attributes) e.setAttribute(a, attributes[a]);
  if (text !== undefined) e.textContent = text;
  return parent.appendChild(e);
}
function column(text, type) {
  if (Array.isArray(text)) { const [first, step, n] = text, all = new type(n); for (let i = 0; i < n; i++) all[i] = first + step * i; return all; }
  if (Uint8Array.fromBase64) return new type(Uint8Array.fromBase64(text).buffer);
  const s = atob(text), u = new Uint8Array(s.length);
  for (let i = 0; i < s.length; i++) u[i] = s.charCodeAt(i);
  return new type(u.buffer);
}
const types = {u1: Uint8Array, u2: Uint16Array, u4: Uint32Array, f4: Float32Array, f8: Float64Array};
const read = c => column(c[1], types[c[0]]);
const T = {number: read(D.number), state: read(D.state), start: read(D.start), end: read(D.end), lane: read(D.lane),
  p: D.parameters.map(p => read(p.codes)), m: D.metrics.map(m => read(m.values))};
const count = T.number.length, states = ['feasible', 'infeasible', 'failed'];
const on_front = new Uint8Array(count);
for (const i of D.front) on_front[i] = 1;

function fmt(v) {
  if (v === null || v === undefined || Number.isNaN(v)) return '-';
  if (!Number.isFinite(v)) return v > 0 ? 'inf' : '-inf';
  const a = Math.abs(v);
  if (a !== 0 && (a >= 1e7 || a < 1e-4)) return v.toExponential(4).replace(/\.?0+e/, 'e').replace('e+', 'e');
  return String(Number(v.toPrecision(7)));
}
function duration(s) {
  if (!Number.isFinite(s)) return '-';
  return s < 120 ? fmt(Number(s.toPrecision(4))) + ' s' : s < 7200 ? fmt(Number((s / 60).toPrecision(4))) + ' min' : fmt(Number((s / 3600).toPrecision(4))) + ' h';
}
const with_unit = (name, unit) => unit ? name + ' [' + unit + ']' : name;
const css = name => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();

/* What can be an axis: metrics, parameters, the number of the trial. */
const axes = [];
D.metrics.forEach((m, k) => axes.push({id: 'm' + k, label: with_unit(m.name, m.unit), at: i => T.m[k][i], text: fmt}));
D.parameters.forEach((p, k) => {
  const numbers = p.values.map(Number), numeric = p.number && numbers.every(Number.isFinite);
  axes.push({id: 'p' + k, label: p.name, at: i => { const c = T.p[k][i]; return c >= p.values.length ? NaN : numeric ? numbers[c] : c; },
    text: v => numeric ? fmt(v) : p.values[Math.round(v)] === undefined ? '' : p.values[Math.round(v)], names: numeric ? null : p.values});
});
axes.push({id: 'n', label: 'trial', at: i => T.number[i], text: fmt});
const axis_of = id => axes.find(a => a.id === id);

function describe(i) {
  const box = el('div');
  box.append(el('strong', {}, 'trial ' + T.number[i]), ' ' + (on_front[i] ? 'on the front' : states[T.state[i]]));
  const table = box.appendChild(el('table'));
  const row = (name, value) => { const r = table.insertRow(); r.insertCell().textContent = name; r.insertCell().textContent = value; };
  if (T.state[i] < 2) D.metrics.forEach((m, k) => row(m.name, fmt(T.m[k][i]) + (m.unit ? ' ' + m.unit : '')));
  D.parameters.forEach((p, k) => { const c = T.p[k][i]; if (c < p.values.length) row(p.name, p.values[c]); });
  if (Number.isFinite(T.end[i] - T.start[i])) row('took', duration(T.end[i] - T.start[i]));
  return box;
}
const tip = document.body.appendChild(el('div', {class: 'tip', role: 'status', hidden: ''}));
function show_tip(content, x, y) {
  tip.replaceChildren(content);
  tip.hidden = false;
  const w = tip.offsetWidth, h = tip.offsetHeight;
  tip.style.left = Math.max(4, Math.min(x + 14, innerWidth - w - 4)) + 'px';
  tip.style.top = Math.max(4, y + 14 + h > innerHeight ? y - h - 14 : y + 14) + 'px';
}
const hide_tip = () => { tip.hidden = true; };
addEventListener('keydown', e => { if (e.key === 'Escape') hide_tip(); });
addEventListener('scroll', hide_tip, {passive: true});

function ticks_of(s, most) {
  if (s.names) {
    const step = Math.max(1, Math.ceil((s.max - s.min) / most)), out = [];
    for (let i = Math.max(0, Math.ceil(s.min)); i <= s.max && i < s.names.length; i += step) out.push([i, s.names[i]]);
    return out;
  }
  const out = [];
  if (s.log) {
    const from = Math.floor(Math.log10(s.min)), to = Math.ceil(Math.log10(s.max)), step = Math.max(1, Math.ceil((to - from) / most));
    for (let e = from; e <= to; e += step) for (const f of to - from < 3 ? [1, 2, 5] : [1]) {
      const v = f * 10 ** e;
      if (v >= s.min * 0.999 && v <= s.max * 1.001) out.push([v, fmt(v)]);
    }
    return out;
  }
  const raw = (s.max - s.min) / most, unit = 10 ** Math.floor(Math.log10(raw)), step = [1, 2, 5, 10].map(f => f * unit).find(v => v >= raw * 0.999);
  for (let k = Math.ceil(s.min / step - 1e-9); k * step <= s.max + step * 1e-6; k++) out.push([k * step, fmt(Number((k * step).toPrecision(12)))]);
  return out;
}
/* A scale of what is there; equal ends are moved apart. */
function scale(values, options) {
  let min = Infinity, max = -Infinity;
  const log = options && options.log;
  for (const v of values) if (Number.isFinite(v) && (!log || v > 0)) { if (v < min) min = v; if (v > max) max = v; }
  if (min > max) { min = log ? 1 : 0; max = log ? 10 : 1; }
  if (options && options.zero) min = Math.min(0, min);
  const pad = options && options.pad !== undefined ? options.pad : 0.04;
  if (options && options.names) return {min: -0.5, max: options.names.length - 0.5, names: options.names};
  if (log) { const r = max / min; const f = r > 1 ? r ** pad : 1.5; return {min: min / f, max: max * f, log: true}; }
  const gap = max > min ? (max - min) * pad : Math.abs(max) * 0.05 || 0.5;
  return {min: options && options.zero && min === 0 ? 0 : min - gap, max: max + gap};
}
const place = (s, low, high) => {
  const f = s.log ? Math.log : v => v, a = f(s.min), b = f(s.max);
  return v => low + (f(v) - a) / (b - a) * (high - low);
};

/* Charts draw themselves when they come into view, and again when sizes or colours change. */
const charts = [];
function chart(holder, height, label, draw) {
  const c = {holder, height, label, drawn: false};
  holder.classList.add('chart');
  holder.style.height = height + 'px';
  c.redraw = () => {
    c.drawn = true;
    holder.replaceChildren();
    const w = c.width || holder.clientWidth || 600, h = c.height, ratio = document.documentElement.classList.contains('print') ? 2 : devicePixelRatio || 1;
    const canvas = holder.appendChild(el('canvas', {'aria-hidden': 'true', width: w * ratio, height: h * ratio, style: 'width:' + w + 'px;height:' + h + 'px'}));
    const svg = mark(holder, 'svg', {width: w, height: h, role: 'img', 'aria-label': c.label});
    const ctx = canvas.getContext('2d');
    ctx.scale(ratio, ratio);
    draw(c, ctx, svg, w, h);
  };
  charts.push(c);
  watcher.observe(holder);
  return c;
}
const watcher = new IntersectionObserver(found => {
  for (const f of found) { const c = charts.find(x => x.holder === f.target); if (c && f.isIntersecting && !c.drawn) c.redraw(); }
}, {rootMargin: '300px'});
function redraw_all(now) { for (const c of charts) { if (c.drawn || now) c.redraw(); } }
let pending = 0, last_width = innerWidth;
addEventListener('resize', () => { if (innerWidth === last_width) return; last_width = innerWidth; clearTimeout(pending); pending = setTimeout(() => redraw_all(false), 120); });
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => redraw_all(false));
addEventListener('beforeprint', () => { document.documentElement.classList.add('print'); for (const c of charts) c.width = Math.min(c.holder.clientWidth || 660, 660); redraw_all(true); });
addEventListener('afterprint', () => { document.documentElement.classList.remove('print'); for (const c of charts) c.width = 0; redraw_all(true); });

const short = (text, most) => text.length > most ? text.slice(0, most - 1) + '\u2026' : text;
/* Axes with grid; gives what turns values into places. */
function draw_axes(svg, w, h, x, y, names, margin) {
  const m = Object.assign({left: 62, right: 12, top: 10, bottom: 40}, margin);
  const X = place(x, m.left, w - m.right), Y = place(y, h - m.bottom, m.top), g = mark(svg, 'g', {});
  for (const [v, text] of ticks_of(x, Math.max(3, Math.floor((w - m.left) / (x.names ? 60 : 80))))) {
    mark(g, 'line', {class: 'grid', x1: X(v), x2: X(v), y1: m.top, y2: h - m.bottom});
    mark(g, 'text', {x: X(v), y: h - m.bottom + 15, 'text-anchor': 'middle'}, short(text, 10));
  }
  for (const [v, text] of ticks_of(y, Math.max(3, Math.floor(h / (y.names ? 18 : 45))))) {
    mark(g, 'line', {class: 'grid', x1: m.left, x2: w - m.right, y1: Y(v), y2: Y(v)});
    mark(g, 'text', {x: m.left - 6, y: Y(v) + 4, 'text-anchor': 'end'}, short(text, Math.floor((m.left - 8) / 6.5)));
  }
  mark(g, 'path', {class: 'axis', fill: 'none', d: 'M' + m.left + ' ' + m.top + 'V' + (h - m.bottom) + 'H' + (w - m.right)});
  if (names[0]) mark(g, 'text', {class: 'label', x: (m.left + w - m.right) / 2, y: h - 6, 'text-anchor': 'middle'}, short(names[0], Math.floor((w - m.left) / 6.5)));
  if (names[1]) mark(g, 'text', {class: 'label', transform: 'translate(13 ' + (m.top + h - m.bottom) / 2 + ') rotate(-90)', 'text-anchor': 'middle'}, short(names[1], Math.floor((h - m.bottom) / 6.5)));
  return {X, Y, m};
}
/* The marks of trials: they differ in shape and colour. */
function dot(ctx, kind, x, y, r) {
  if (kind === 'front') { ctx.beginPath(); ctx.moveTo(x, y - r); ctx.lineTo(x + r, y); ctx.lineTo(x, y + r); ctx.lineTo(x - r, y); ctx.closePath(); ctx.fill(); ctx.stroke(); }
  else if (kind === 'infeasible') ctx.strokeRect(x - r * 0.8, y - r * 0.8, r * 1.6, r * 1.6);
  else { ctx.beginPath(); ctx.arc(x, y, r, 0, 7); ctx.fill(); }
}
function paint_points(ctx, X, Y, x, y, options) {
  const many = count > 4000, r = many ? 1.6 : 3, colour = {feasible: css('feasible'), infeasible: css('infeasible')};
  const shown = [], step = options && options.most && count > options.most ? Math.ceil(count / options.most) : 1;
  for (const kind of ['infeasible', 'feasible']) {
    ctx.globalAlpha = many ? 0.45 : 0.75;
    ctx.fillStyle = ctx.strokeStyle = colour[kind];
    /* Where many marks lie on one pixel, further ones change nothing that could be seen. */
    const wide = Math.ceil(ctx.canvas.width), layers = many ? new Uint8Array(wide * Math.ceil(ctx.canvas.height)) : null, state = states.indexOf(kind);
    for (let i = 0; i < count; i += step) {
      if (T.state[i] !== state) continue;
      const px = X(x(i)), py = Y(y(i));
      if (!Number.isFinite(px) || !Number.isFinite(py)) continue;
      shown.push([px, py, i]);
      if (many && ++layers[Math.round(py) * wide + Math.round(px)] > 8) { layers[Math.round(py) * wide + Math.round(px)] = 8; continue; }
      if (many && kind === 'feasible') ctx.fillRect(px - 1.2, py - 1.2, 2.4, 2.4);
      else dot(ctx, kind, px, py, r);
    }
  }
  ctx.globalAlpha = 1;
  return shown;
}
/* The nearest of some places to a place, within reach. */
function finder(places, reach) {
  let cells = null;
  const key = (x, y) => Math.floor(x / reach) * 100003 + Math.floor(y / reach);
  return (x, y) => {
    if (!cells) { cells = new Map(); for (const p of places) { const k = key(p[0], p[1]); const c = cells.get(k); if (c) c.push(p); else cells.set(k, [p]); } }
    let best = null, distance = reach * reach;
    for (let dx = -1; dx < 2; dx++) for (let dy = -1; dy < 2; dy++)
      for (const p of cells.get(key(x + dx * reach, y + dy * reach)) || []) {
        const d = (p[0] - x) ** 2 + (p[1] - y) ** 2 - (on_front[p[2]] ? 9 : 0);
        if (d < distance) { best = p; distance = d; }
      }
    return best;
  };
}
/* Details where the pointer is, and along `steps` with the arrow keys. */
function hover(c, svg, places, steps) {
  const find = finder(places, 16), ring = mark(svg, 'circle', {r: 8, fill: 'none', stroke: css('focus'), 'stroke-width': 2.5, visibility: 'hidden'});
  const show = p => {
    ring.setAttribute('visibility', p ? 'visible' : 'hidden');
    if (!p) return hide_tip();
    ring.setAttribute('cx', p[0]); ring.setAttribute('cy', p[1]);
    const box = svg.getBoundingClientRect();
    show_tip(describe(p[2]), box.left + p[0], box.top + p[1]);
  };
  svg.addEventListener('pointermove', e => { const box = svg.getBoundingClientRect(); show(find(e.clientX - box.left, e.clientY - box.top)); });
  svg.addEventListener('pointerleave', () => show(null));
  if (!steps || !steps.length) return;
  svg.setAttribute('tabindex', '0');
  let at = -1;
  svg.addEventListener('keydown', e => {
    const by = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1}[e.key];
    if (!by) return;
    e.preventDefault();
    at = (at + by + steps.length) % steps.length;
    show(steps[at]);
  });
  svg.addEventListener('blur', () => show(null));
}
function choice(holder, label, options, value, changed) {
  const select = el('select');
  for (const [id, text] of options) select.appendChild(el('option', {value: id}, text));
  select.value = value;
  select.addEventListener('change', () => changed(select.value));
  const l = holder.appendChild(el('label', {}, label + ' '));
  l.appendChild(select);
  return select;
}
function tick_box(holder, label, value, changed) {
  const l = holder.appendChild(el('label')), box = l.appendChild(el('input', {type: 'checkbox'}));
  box.checked = value;
  l.append(label);
  box.addEventListener('change', () => changed(box.checked));
  return box;
}
)js";

} // namespace verdant::detail
