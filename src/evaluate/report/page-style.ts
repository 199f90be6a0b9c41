/** The style sheet of the report: one column on a phone, dark where the reader's system is. */
export const pageStyle = `
:root{--ink:#1c2024;--soft:#60646c;--line:#d9d9e0;--back:#fcfcfd;--card:#fff;
--synthetic:#8b8d98;--refined:#0d74ce;--real:#218358;--good:#218358;--mixed:#ab6400;--bad:#ce2c31}
@media(prefers-color-scheme:dark){:root{--ink:#edeef0;--soft:#b0b4ba;--line:#363a3f;--back:#111113;
--card:#18191b;--synthetic:#8b8d98;--refined:#70b8ff;--real:#71d083;--good:#71d083;--mixed:#ffca16;--bad:#ff9592}}
*{box-sizing:border-box}
body{margin:0;background:var(--back);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:1080px;margin:0 auto;padding:24px 16px 64px}
h1{font-size:clamp(1.3rem,4vw,1.9rem);line-height:1.25;margin:8px 0 12px;text-wrap:balance}
h2{font-size:1.2rem;margin:40px 0 8px}
p{margin:6px 0;max-width:72ch}
.kicker,.soft,figcaption,th{color:var(--soft)}
.kicker{margin-top:14px}
.verdict{border-left:6px solid var(--tone);padding:4px 0 4px 16px}
.good{--tone:var(--good)}.mixed{--tone:var(--mixed)}.bad{--tone:var(--bad)}
.card{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:14px;margin:12px 0}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;font-size:.93rem}
th,td{text-align:left;padding:7px 12px 7px 0;border-bottom:1px solid var(--line);vertical-align:top}
th{font-weight:500}th[scope=row]{min-width:12.5em}tbody tr:last-child>*{border-bottom:0}td.number{white-space:nowrap}td small{color:var(--soft);display:block}
td.about{font-size:.82rem;color:var(--soft)}
@media(max-width:720px){thead{display:none}tr{display:grid;grid-template-columns:1fr 1fr;border-bottom:1px solid var(--line);padding:8px 0}
tbody tr:last-child{border-bottom:0}th,td{border:0;padding:2px 8px 2px 0}th,td.about{grid-column:1/-1}th{color:var(--ink);font-weight:600}td.empty{display:none}
td[data-name]::before{content:attr(data-name);color:var(--soft);font-size:.8rem;display:block}}
.plots{display:grid;gap:12px;grid-template-columns:repeat(auto-fit,minmax(min(100%,400px),1fr))}.plots .card{margin:0}
.plot{width:100%;max-width:560px;height:auto;display:block;font-size:13px;overflow:visible}
@media(max-width:720px){.plot{font-size:15px}}
.plot text{fill:var(--soft)}.plot .title{fill:var(--ink);font-weight:600}
.plot rect{fill:var(--refined);opacity:.75}.plot .axis{stroke:var(--line)}
.plot .mark{stroke:var(--bad);stroke-dasharray:4 3;stroke-width:1.5}
.plot .bar{stroke-width:4;stroke-linecap:round;opacity:.5}
.synthetic{fill:var(--synthetic);stroke:var(--synthetic)}.refined{fill:var(--refined);stroke:var(--refined)}
.real{fill:var(--real);stroke:var(--real)}.plot g text{stroke:none;fill:var(--ink)}
.grid{display:grid;gap:14px;grid-template-columns:repeat(auto-fill,minmax(210px,1fr))}
@media(max-width:720px){.grid{gap:12px;grid-template-columns:repeat(auto-fill,minmax(140px,1fr))}}
figure{margin:0}figcaption{font-size:.82rem;line-height:1.35;overflow-wrap:anywhere;margin-top:4px}
.slider{position:relative;display:block;overflow:hidden;border-radius:8px;background:#000;touch-action:pan-y}
.slider img,.slider svg{display:block;width:100%;height:auto}
.slider img{image-rendering:pixelated}
.slider .after{position:absolute;inset:0;clip-path:inset(0 0 0 var(--at,50%))}
.slider svg{position:absolute;inset:0;height:100%}
body:has(#landmarks:not(:checked)) .slider svg{display:none}
.slider circle{stroke:none}.slider .found-before{fill:#ffca16}.slider .found-after{fill:#00e5ff}
.dot{display:inline-block;width:.7em;height:.7em;border-radius:50%;border:1px solid #0006}
.dot.found-before{background:#ffca16}.dot.found-after{background:#00e5ff}
.slider::after{content:"";position:absolute;top:0;bottom:0;left:var(--at,50%);width:2px;background:#fff;
box-shadow:0 0 4px #000;transform:translateX(-1px);pointer-events:none}
.slider::before{content:"";position:absolute;z-index:1;bottom:6px;left:var(--at,50%);width:18px;height:18px;border-radius:50%;
background:#fff;box-shadow:0 0 4px #000;transform:translateX(-9px);pointer-events:none}
.slider input{position:absolute;z-index:2;inset:0;width:100%;height:100%;margin:0;opacity:0;cursor:ew-resize}
.slider:focus-within{outline:3px solid var(--refined)}
.tag{display:inline-block;border-radius:99px;padding:0 8px;font-size:.78rem;border:1px solid var(--line)}
.tag.rejected{color:var(--bad);border-color:var(--bad)}
.controls{display:flex;gap:16px;flex-wrap:wrap;align-items:center;margin:8px 0 14px}
pre{overflow-x:auto;background:var(--card);border:1px solid var(--line);border-radius:8px;padding:12px;font-size:.85rem}
pre.command{white-space:pre-wrap;overflow-wrap:anywhere;user-select:all}
.path{overflow-wrap:anywhere}
ul{padding-left:1.2em;max-width:72ch}
`;

/** Moves the sliders; without it the page still shows everything, half before and half after. */
export const pageScript = `
document.addEventListener('input',e=>{const t=e.target;
if(t.matches('.slider input'))t.parentElement.style.setProperty('--at',t.value+'%');
if(t.id==='all')for(const s of document.querySelectorAll('.slider input')){s.value=t.value;s.parentElement.style.setProperty('--at',t.value+'%')}});
`;
