/** The page's style sheet. Colours are Okabe and Ito's, darkened or lightened until they stand out from each ground by 3:1, text by 4.5:1. */
export const PAGE_STYLE = `:root{--bg:#f7f7f5;--card:#fff;--ink:#1b2026;--soft:#59626d;--line:#e2e4e7;--link:#005a94;--explained:#00795a;--attested:#0072b2;--aws-service:#59626d;--ambiguous:#a64d83;--coincident:#a86a00;--unexplained:#c64600;--deploy:#0072b2;--tint:#0072b21c;--hot:#c646000f;--mark:#fff3c4;--mono:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
@media screen and (prefers-color-scheme:dark){:root{--bg:#12161a;--card:#191e24;--ink:#e7eaed;--soft:#a0aab4;--line:#2c333b;--link:#7cc0f0;--explained:#2bbd94;--attested:#56b4e9;--aws-service:#a0aab4;--ambiguous:#e093bf;--coincident:#f0b429;--unexplained:#ff7a3d;--deploy:#56b4e9;--tint:#56b4e926;--hot:#ff7a3d14;--mark:#4a3f14}}
*{box-sizing:border-box}
html{color-scheme:light dark;-webkit-text-size-adjust:100%}
body{margin:0 auto;padding:48px 32px 64px;max-width:1240px;background:var(--bg);color:var(--ink);font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
h1{margin:4px 0 8px;font-size:clamp(26px,4vw,38px);line-height:1.15;letter-spacing:-.02em;font-weight:650;text-wrap:balance}
h2{margin:48px 0 6px;font-size:19px;letter-spacing:-.01em}
h2 small,h3 small{color:var(--soft);font-weight:400}
h2 small{margin-left:4px;font-size:15px}
a{color:var(--link);text-underline-offset:3px;text-decoration-thickness:1px}
:focus-visible{outline:2px solid var(--link);outline-offset:2px;border-radius:4px}
small{font-size:12.5px}
.k,.brand,.lane h3{font-family:var(--mono);font-size:13px}
.brand{margin:0;color:var(--soft)}
.sub{margin:0 0 14px;color:var(--soft)}
ul,ol{margin:0;padding:0;list-style:none}
.asked{display:flex;flex-wrap:wrap;gap:8px}
.asked li{padding:3px 12px;border:1px solid var(--line);border-radius:99px;background:var(--card);font:13px/1.5 var(--mono)}
.asked span{color:var(--soft)}
.gaps{margin-top:24px;padding:14px 18px;border:1px solid var(--unexplained);border-left-width:6px;border-radius:10px;background:var(--card)}
.gaps li{margin-top:4px;font-size:14px;color:var(--soft)}
.gaps.quiet{border-color:var(--line);border-left-width:1px;font-size:14px}
.gaps.quiet strong{font-weight:600}
.gaps.quiet details{margin:0}
.tiles{display:grid;grid-template-columns:repeat(7,1fr);gap:12px;margin-top:28px}
.tiles li{display:flex;flex-direction:column;padding:14px 16px;border:1px solid var(--line);border-radius:12px;background:var(--card)}
.tiles b{display:flex;align-items:center;gap:8px;font-size:24px;line-height:1.2;font-weight:600}
.tiles small{margin-top:2px;line-height:1.35;color:var(--soft)}
.tiles .unexplained{border-color:var(--unexplained);box-shadow:inset 0 3px var(--unexplained)}
.tiles .none b{color:var(--soft)}
.i{flex:none;overflow:visible;vertical-align:-4px}
.m{stroke:var(--card);stroke-width:1.5;paint-order:stroke}
.explained .m,.m.explained{fill:var(--explained)}.m.attested{fill:var(--attested)}.m.aws-service{fill:var(--aws-service)}.m.ambiguous{fill:var(--ambiguous)}.m.coincident{fill:var(--coincident)}.m.unexplained{fill:var(--unexplained)}
.board,table,.findings{border:1px solid var(--line);border-radius:12px;background:var(--card)}
.board{overflow:clip}
.lanes{padding:4px 24px 8px}
.lane{padding:14px 0 2px}
.lane+.lane{border-top:1px solid var(--line)}
.lane h3{display:flex;flex-wrap:wrap;gap:2px 16px;align-items:baseline;margin:0 0 4px;font-weight:600;font-size:14px}
.lane h3 small{font:12.5px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif}
.lane h3 b{color:var(--unexplained)}
.lanes svg{display:block;overflow:visible}
.lanes text{font-size:11.5px;fill:var(--soft)}
.axis{position:sticky;top:0;background:var(--card)}
.axis text{text-anchor:middle}
.grid line{stroke:var(--line);stroke-dasharray:2 3}
.grid .track{stroke-dasharray:none}
.d .w{fill:var(--tint);stroke:var(--deploy);stroke-opacity:.45}
.d .r{fill:var(--deploy)}
.d.bad .w{stroke:var(--unexplained);stroke-dasharray:3 2;stroke-opacity:1}
.d.bad .r{fill:var(--unexplained)}
.lanes .l{font-family:var(--mono);font-size:11px}
.e{text-anchor:end}
.h{fill:transparent}
.lanes .n{fill:var(--ink);font-size:10.5px;font-weight:600;paint-order:stroke;stroke:var(--card);stroke-width:3}
.lanes .t{display:none;fill:var(--ink);font-size:12px;paint-order:stroke;stroke:var(--card);stroke-width:4;pointer-events:none}
.lanes a{outline:none;text-decoration:none}
.lanes a:hover .t,.lanes a:focus-visible .t{display:inline}
.lanes a:hover .h,.lanes a:focus-visible .h{fill:var(--tint);stroke:var(--link);stroke-width:2}
.lanes a:hover .w,.lanes a:focus-visible .w{stroke:var(--link);stroke-width:2;stroke-opacity:1}
.lanes a:hover .l,.lanes a:focus-visible .l{fill:var(--ink);font-weight:600}
.skip{white-space:nowrap}
#tables:focus{outline:none}
.board+.sub{margin-top:12px}
table,tbody,thead{display:block}
table{overflow:clip}
tr{display:grid;gap:4px 20px;padding:10px 20px;align-items:start}
.changes tr{grid-template-columns:126px 166px minmax(0,1.65fr) minmax(0,1.4fr) minmax(0,1.2fr) minmax(0,1.1fr)}
.deploys tr{grid-template-columns:190px 76px minmax(0,1.3fr) 92px minmax(0,1.7fr) minmax(0,1fr)}
th{padding:0;text-align:left;font-size:12.5px;font-weight:600;color:var(--soft)}
td{padding:0;min-width:0;font-size:14px}
td.k{font-size:13px;line-height:1.7}
td:nth-child(5){font-size:13px;line-height:1.6}
td small{display:block;color:var(--soft);font-family:system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif;line-height:1.45}
time{white-space:nowrap}
tr{scroll-margin-block:25vh}
tbody tr{border-top:1px solid var(--line)}
.many tbody tr,.many li{content-visibility:auto;contain-intrinsic-size:auto 64px}
tbody tr.unexplained{background:var(--hot);box-shadow:inset 4px 0 var(--unexplained)}
.unexplained .st{font-weight:650}
.st .i{margin-right:6px}
.tag{display:inline-block;padding:1px 8px;border:1px solid var(--line);border-radius:6px;font-size:12.5px;line-height:1.5}
.failed .tag:first-child,.fail .tag:first-child,.tag.new{border-color:var(--unexplained);color:var(--unexplained);font-weight:600}
.missing td:last-child,.unfinished td:last-child{color:var(--unexplained)}
tr:target,tr:focus{background:var(--mark)!important;outline:2px solid var(--link);outline-offset:-2px}
.findings li{padding:12px 20px}
.subject{display:flex;flex-wrap:wrap;gap:2px 14px;align-items:baseline}
.findings li+li{border-top:1px solid var(--line)}
.findings.fail{border-color:var(--unexplained)}
.findings p{margin:4px 0 0}
.subject .k{font-weight:600;font-size:14px}
.findings small{color:var(--soft)}
details{margin-top:12px}
summary{padding:6px 2px;cursor:pointer;color:var(--soft)}
details[open] summary{margin-bottom:6px}
.summary{margin:28px 0 0;padding:6px 20px;border:1px solid var(--line);border-radius:12px;background:var(--card)}
.summary div,.fields div{display:grid;grid-template-columns:76px minmax(0,1fr);gap:2px 16px;padding:8px 0}
.summary div+div{border-top:1px solid var(--line)}
dt{color:var(--soft)}
dd{margin:0}
.one{margin-top:14px;padding:4px 20px 14px;border:1px solid var(--line);border-radius:12px;background:var(--card)}
.one.unexplained{box-shadow:inset 4px 0 var(--unexplained)}
.one h3{margin:12px 0 4px;font-size:16px}
.one h3 .k{font-size:15px}
.one h4{margin:14px 0 2px;font-size:13px;color:var(--soft)}
.one p{margin:4px 0}
.fields{margin:0}
.fields div{grid-template-columns:minmax(0,2fr) minmax(0,3fr);padding:1px 0}
.judged div{grid-template-columns:170px minmax(0,1fr);padding:3px 0}
.judged small{color:var(--soft)}
.asks{margin-top:2px}
.asks summary{padding:2px 0;font:12.5px/1.5 system-ui,sans-serif}
.pairs{margin-top:8px}
.pairs tr{grid-template-columns:minmax(0,1.2fr) minmax(0,1fr) minmax(0,1fr);padding:8px 14px}
.pairs tbody th{font-weight:400;color:var(--ink)}
.pairs th small{display:block;font-family:system-ui,sans-serif;color:var(--soft)}
.pairs .label{display:none}
footer{margin-top:56px;padding-top:8px;border-top:1px solid var(--line);font-size:13px;color:var(--soft)}
footer h2{margin:12px 0 6px;font-size:14px;color:var(--ink)}
footer p{margin:14px 0 0}
@media screen and (max-width:1000px){.tiles{grid-template-columns:repeat(4,1fr)}.changes tr,.deploys tr{grid-template-columns:1fr 1fr}td:nth-child(5):not(:empty)::before{content:'by ';font-family:system-ui,sans-serif;color:var(--soft)}thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}}
@media screen and (max-width:800px){body{padding:28px 16px 48px}.board{overflow-x:auto}.lanes{min-width:728px}.lane h3{position:sticky;left:24px;width:calc(100vw - 84px)}}
@media screen and (max-width:560px){.tiles{grid-template-columns:1fr 1fr;gap:8px}.tiles li{padding:12px}.changes tr,.deploys tr{grid-template-columns:1fr auto;padding:12px 16px;gap:2px 12px}td:nth-child(n+3){grid-column:1/-1}td:empty{display:none}.changes td:nth-child(-n+4) small{display:inline;margin-left:8px}h2{margin-top:36px}.summary div{grid-template-columns:1fr}.one{padding:2px 14px 12px}.fields div{grid-template-columns:1fr}.fields dd{padding-left:12px}.pairs tr{grid-template-columns:1fr 1fr}.pairs tbody th{grid-column:1/-1;font-weight:600}.pairs td:nth-child(n){grid-column:auto}.pairs .label{display:block}}
@media print{:root{--bg:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#bbb}body{padding:0;max-width:none;font-size:11px}.board{overflow:visible;border:0}.lanes{min-width:0;padding:0}.lane,tr,.tiles li,.findings li{break-inside:avoid}h2{break-after:avoid;margin-top:20px}.many tbody tr,.many li{content-visibility:visible}tbody tr,.findings li{padding:4px 8px}td,td.k{font-size:10px}.skip{display:none}details::details-content{content-visibility:visible}td small{font-size:9.5px}thead tr{padding:4px 8px}.changes tr{grid-template-columns:100px 110px 1.6fr 1.4fr 1.2fr 1.1fr}.deploys tr{grid-template-columns:130px 56px 1.4fr 70px 1.7fr 1fr}tr{gap:2px 10px}.tiles{grid-template-columns:repeat(7,1fr)}}
@media (forced-colors:active){.m,.d .r{forced-color-adjust:none}}
`;
