# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The style and the script of the page. Both are part of it, so that one file is enough, without a network."""

from __future__ import annotations

STYLE = """
:root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--text:#1c2330;--faint:#5b6575;--line:#d9dee6;--accent:#2b5fc7;
--error:#c22f2f;--warning:#9a6200;--info:#2b5fc7;--good:#1f7a4a;--running:#58b184;--failed:#d64545;--unassigned:#e0a12f;
--restarting:#f0cf78;--paused:#7f9cc9;--stopped:#a9b1bd;--unknown:#e4e8ee}
@media (prefers-color-scheme:dark){:root{--page:#11151c;--card:#1a2029;--text:#e6eaf0;--faint:#9aa5b5;--line:#303947;
--accent:#8ab4ff;--error:#ff8a80;--warning:#f0b95a;--info:#8ab4ff;--good:#6fd19c;--running:#3f8f66;--failed:#e05a5a;
--unassigned:#c98c22;--restarting:#b39a4a;--paused:#5f7cab;--stopped:#6a7382;--unknown:#2a323e}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:15px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
main,header,footer{max-width:76rem;margin:0 auto;padding:0 1rem}
header{padding-top:1.5rem}
h1{margin:0;font-size:1.5rem;line-height:1.25}
h2{margin:2rem 0 .75rem;font-size:1.1rem}
a{color:var(--accent)}
.verdict{display:inline-block;margin-right:.5rem;padding:.1rem .6rem;border-radius:1rem;border:2px solid currentColor}
.healthy{color:var(--good)}.warnings{color:var(--warning)}.not_healthy{color:var(--error)}.unknown{color:var(--faint)}
.faint,time{color:var(--faint)}
.summary{margin:.5rem 0 0;font-size:1.05rem}
ol.causes{margin:0;padding:0;list-style:none;display:grid;gap:.75rem}
.cause{background:var(--card);border:1px solid var(--line);border-left:.35rem solid var(--faint);border-radius:.4rem;
padding:.75rem 1rem}
.cause.error{border-left-color:var(--error)}.cause.warning{border-left-color:var(--warning)}
.cause h3{margin:0;font-size:1rem;font-weight:600}
.cause p{margin:.35rem 0 0}
.severity{font-size:.8rem;font-weight:600;text-transform:uppercase;letter-spacing:.04em}
.error .severity{color:var(--error)}.warning .severity{color:var(--warning)}.info .severity{color:var(--info)}
.fix{padding-left:.75rem;border-left:2px solid var(--accent)}
.card{background:var(--card);border:1px solid var(--line);border-radius:.4rem;padding:.75rem 1rem}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%}
caption{text-align:left;color:var(--faint);padding-bottom:.5rem}
th,td{text-align:left;vertical-align:top;padding:.3rem .6rem .3rem 0;border-top:1px solid var(--line);font-weight:400}
thead th{border-top:0;color:var(--faint);font-size:.85rem}
td.number,th.number{text-align:right;font-variant-numeric:tabular-nums}
.bar{display:inline-block;height:.6rem;background:var(--running);border-radius:.2rem;vertical-align:middle;margin-right:.4rem}
.tools{display:flex;flex-wrap:wrap;gap:.5rem 1.25rem;align-items:center;margin-bottom:.5rem}
input[type=search]{font:inherit;color:inherit;background:var(--page);border:1px solid var(--line);border-radius:.3rem;
padding:.25rem .5rem;min-width:14rem}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.legend{display:flex;flex-wrap:wrap;gap:.25rem 1rem;margin:0 0 .5rem;padding:0;list-style:none;font-size:.85rem;color:var(--faint)}
.legend i{display:inline-block;width:1rem;height:.7rem;border-radius:.15rem;margin-right:.3rem;vertical-align:baseline}
.lanes th[scope=row]{width:16rem}
.lanes td.state{width:8rem;white-space:nowrap}
.lanes tbody tr{content-visibility:auto;contain-intrinsic-size:auto 2.2rem}
.axis{position:relative;height:1.2rem}
.axis span{position:absolute;transform:translateX(-50%);font-size:.75rem;white-space:nowrap}
.lane{position:relative;height:1.1rem;margin-top:.2rem;background:var(--unknown);border-radius:.2rem}
.lane i{position:absolute;top:0;bottom:0;min-width:2px}
.lane u{position:absolute;inset:0;background-size:100% 100%}
.lane b{position:absolute;top:.15rem;width:.8rem;height:.8rem;margin-left:-.4rem;border-radius:50%;background:var(--card);
border:2px solid var(--text)}
.lane b.failure{border-radius:0;transform:rotate(45deg) scale(.8);border-color:var(--failed)}
.RUNNING{background:var(--running)}.UNASSIGNED{background:var(--unassigned)}.RESTARTING{background:var(--restarting)}
.PAUSED{background:var(--paused)}.STOPPED{background:var(--stopped)}.UNKNOWN{background:var(--unknown)}
.FAILED{background:repeating-linear-gradient(135deg,var(--failed) 0 6px,transparent 6px 8px),var(--failed);
background-blend-mode:multiply}
details summary{cursor:pointer}
details ul{margin:.25rem 0;padding-left:1.1rem;font-size:.9rem}
footer{padding-top:2rem;padding-bottom:2rem;color:var(--faint);font-size:.9rem}
[hidden]{display:none!important}
@media (max-width:44rem){.lanes thead{display:none}.lanes tr,.lanes th,.lanes td{display:block;width:auto!important}
.lanes th,.lanes td{border-top:0;padding:.1rem 0}.lanes tr{border-top:1px solid var(--line);padding:.4rem 0}}
@media print{.tools{display:none}body{background:#fff}}
"""

SCRIPT = """
const box=document.querySelector('#filter'),only=document.querySelector('#failed'),shown=document.querySelector('#shown');
const rows=[...document.querySelectorAll('.lanes tbody tr')];
function update(){const words=box.value.toLowerCase();let count=0;
for(const row of rows){const hide=!row.dataset.name.includes(words)||(only.checked&&row.dataset.failures==='0');
row.hidden=hide;if(!hide)count++}shown.textContent=count+' of '+rows.length+' connectors'}
if(box){box.addEventListener('input',update);only.addEventListener('change',update)}
"""
