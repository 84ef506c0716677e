#pragma once

#include <string_view>

/// How a report looks.
namespace verdant::detail {

/// The style sheet of reports. The colours of marks are told apart by people of all kinds of colour vision (Okabe and Ito, "Color universal design",
/// 2008), and marks differ in shape, too.
inline constexpr std::string_view page_style = R"css(
:root{--bg:#f6f7f8;--card:#fff;--ink:#1c2128;--soft:#545d68;--line:#d5dae0;--grid:#e8ebee;--link:#00539b;--focus:#b34700;
--feasible:#0072b2;--infeasible:#7a828c;--failed:#b0347f;--front:#d55e00;--bar:#0072b2;--band:#e69f00;color-scheme:light}
@media (prefers-color-scheme:dark){:root:not(.print){--bg:#14171b;--card:#1d2126;--ink:#e4e8ec;--soft:#a5aeb8;--line:#3a424b;--grid:#2a3037;--link:#7fc1f2;--focus:#ffb066;
--feasible:#56b4e9;--infeasible:#8d96a1;--failed:#e88cc0;--front:#ff9a3d;--bar:#56b4e9;--band:#e6b04d;color-scheme:dark}}
*{box-sizing:border-box}
html{scroll-padding-top:3.5rem}
body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.5 system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
header,main,footer{max-width:74rem;margin:0 auto;padding:0 1rem}
header{padding-top:1.5rem}
h1{font-size:1.7rem;line-height:1.2;margin:0 0 .25rem;overflow-wrap:anywhere}
h2{font-size:1.2rem;margin:0 0 .5rem}
h3{font-size:1rem;margin:1rem 0 .25rem}
p{margin:.4rem 0;max-width:60rem}
.soft,figcaption,caption{color:var(--soft);font-size:.875rem}
nav{position:sticky;top:0;z-index:2;background:var(--bg);border-bottom:1px solid var(--line)}
nav ul{max-width:74rem;margin:0 auto;padding:.5rem 1rem;list-style:none;display:flex;gap:.25rem 1rem;overflow-x:auto;white-space:nowrap;font-size:.9rem}
a{color:var(--link)}
a:focus-visible,button:focus-visible,select:focus-visible,summary:focus-visible,input:focus-visible,[tabindex]:focus-visible{outline:3px solid var(--focus);outline-offset:2px}
section{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:1rem;margin:1rem 0}
dl.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(11rem,1fr));gap:.75rem;margin:0}
dl.facts div{border-left:3px solid var(--line);padding-left:.6rem;min-width:0}
dl.facts dt{color:var(--soft);font-size:.8rem}
dl.facts dd{margin:0;font-weight:600;overflow-wrap:anywhere}
.controls{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:center;margin:.5rem 0;font-size:.9rem}
.controls label{display:inline-flex;gap:.35rem;align-items:center}
select,button,input{font:inherit;color:inherit}
select,button{background:var(--card);border:1px solid var(--line);border-radius:.3rem;padding:.2rem .5rem;max-width:100%}
button{cursor:pointer}
button:hover,select:hover{border-color:var(--soft)}
figure{margin:.5rem 0}
.chart{position:relative;width:100%}
.chart canvas,.chart svg{position:absolute;left:0;top:0}
.chart svg text{fill:var(--soft);font-size:12px;paint-order:stroke;stroke:var(--card);stroke-width:3px;stroke-linejoin:round}
.chart svg .label{fill:var(--ink)}
.grid{stroke:var(--grid)}.axis{stroke:var(--soft)}
.many{display:grid;grid-template-columns:repeat(auto-fill,minmax(15rem,1fr));gap:.75rem}
.scroll{overflow-x:auto}
.key{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;padding:0;margin:.25rem 0;font-size:.875rem}
.key svg{width:14px;height:14px;vertical-align:-2px;margin-right:.35rem}
.tip{position:fixed;z-index:3;pointer-events:none;background:var(--card);color:var(--ink);border:1px solid var(--soft);border-radius:.4rem;padding:.4rem .6rem;font-size:.8rem;
max-width:22rem;box-shadow:0 2px 10px rgba(0,0,0,.25);overflow-wrap:anywhere}
.tip[hidden]{display:none}
.tip table{font-size:.8rem}.tip td{border:0;padding:0 .5rem 0 0;white-space:normal}
.line{fill:none;stroke-width:1.5;stroke-opacity:.75}.line.on{stroke:var(--front)!important;stroke-width:4;stroke-opacity:1}
.hit{fill:none;stroke:transparent;stroke-width:10;pointer-events:stroke}
.wide{overflow-x:auto;max-height:30rem;overflow-y:auto;margin:.5rem 0}
table{border-collapse:collapse;font-size:.875rem;font-variant-numeric:tabular-nums}
caption{text-align:left;padding:.25rem 0}
th,td{text-align:left;padding:.25rem .75rem .25rem 0;border-bottom:1px solid var(--grid);white-space:nowrap;vertical-align:top}
td.text{white-space:normal;min-width:12rem;overflow-wrap:anywhere}
th{border-bottom-color:var(--soft);font-weight:600;position:sticky;top:0;background:var(--card)}
.n{text-align:right}
code{font:.85em ui-monospace,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
summary{cursor:pointer;color:var(--link);padding:.2rem 0}
.warn{border-left:4px solid var(--band);padding-left:.75rem}
footer{color:var(--soft);font-size:.8rem;padding-bottom:2rem}
@media print{body{background:#fff;font-size:11pt}nav,.controls,button,.tip{display:none!important}section{border:0;padding:0;break-inside:auto}
figure,h2,h3{break-inside:avoid}h2,h3{break-after:avoid}.wide{max-height:none;overflow:visible}th{position:static}header,main,footer{max-width:none;padding:0}
table{font-size:8pt}th,td{white-space:normal;padding-right:.4rem}}
)css";

} // namespace verdant::detail
