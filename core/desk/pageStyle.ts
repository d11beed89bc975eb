/** The look of the desk's pages: one column, large type, plain contrast in light and dark. */
export const pageStyle = `
:root{color-scheme:light dark;--ink:#0b0c0c;--soft:#50575a;--paper:#fff;--tint:#f3f4f5;--line:#b1b4b6;--go:#00703c;--stop:#b3261e;--note:#1d70b8;--bubble:#e7f6e9;--bubble-ink:#0b0c0c;--focus:#fd0}
@media (prefers-color-scheme:dark){:root{--ink:#f3f2f1;--soft:#b6bbbe;--paper:#121414;--tint:#1e2122;--line:#4c5356;--go:#0f8a4f;--stop:#d64a41;--note:#6cb2f2;--bubble:#16402b;--bubble-ink:#f3f2f1}}
*{box-sizing:border-box}
html{font:1.125rem/1.45 system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif;color:var(--ink);background:var(--paper);-webkit-text-size-adjust:100%}
body{margin:0}
header{background:#0b0c0c;color:#fff;padding:.6rem 1rem;border-bottom:.5rem solid var(--note)}
header p{margin:0 auto;max-width:40rem;font-weight:700}
main{max-width:42rem;margin:0 auto;padding:1rem 1rem 3rem;overflow-wrap:anywhere}
h1{font-size:1.7rem;line-height:1.2;margin:.6rem 0 1rem}
h2{font-size:1.2rem;margin:1.8rem 0 .5rem}
p{margin:.5rem 0}
.soft{color:var(--soft);font-size:1rem}
.big{font-size:1.35rem;font-weight:700}
.bubble{background:var(--bubble);color:var(--bubble-ink);border-radius:.2rem .9rem .9rem .9rem;padding:.8rem 1rem;max-width:30rem;border:1px solid var(--line)}
.bubble .head{font-weight:700;margin-top:0}
.bubble .text{white-space:pre-wrap;margin:0}
.bubble .foot{color:var(--soft);font-size:.9rem;margin-bottom:0}
.bubble ul{list-style:none;margin:.7rem 0 0;padding:.6rem 0 0;border-top:1px solid var(--line)}
.bubble li{text-align:center;color:var(--note);font-weight:600;padding:.2rem 0}
dl{margin:0}
dl div{display:grid;grid-template-columns:9rem 1fr;gap:.2rem 1rem;padding:.5rem 0;border-bottom:1px solid var(--line)}
dt{font-weight:700}
dd{margin:0}
@media (max-width:30rem){dl div{grid-template-columns:1fr}}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.35rem .3rem;border-bottom:1px solid var(--line);vertical-align:top}
td.number,th.number{text-align:right;font-variant-numeric:tabular-nums}
form{margin:1.2rem 0;padding:1rem;background:var(--tint);border:1px solid var(--line)}
label{display:block;font-weight:600}
.tick{display:flex;gap:.8rem;align-items:flex-start;margin-bottom:1rem}
.tick input{width:1.9rem;height:1.9rem;flex:none;margin:0}
textarea{font:inherit;width:100%;min-height:5rem;padding:.5rem;margin:.4rem 0 .9rem;border:2px solid var(--ink);background:var(--paper);color:var(--ink)}
input[type=text]{font:inherit;width:10rem;padding:.5rem;margin:.4rem 0 .9rem;border:2px solid var(--ink);background:var(--paper);color:var(--ink)}
button{font:inherit;font-weight:700;color:#fff;border:0;padding:.8rem 1.2rem;min-height:3rem;width:100%;cursor:pointer;box-shadow:0 3px 0 rgba(0,0,0,.45)}
.go{background:var(--go)}
.stop{background:var(--stop)}
:focus-visible{outline:4px solid var(--focus);outline-offset:0;box-shadow:0 0 0 6px #0b0c0c}
.panel{padding:1rem;border:.3rem solid var(--note);margin:1rem 0}
.panel.good{border-color:var(--go)}
.panel.bad{border-color:var(--stop)}
.panel h1,.panel h2{margin-top:0}
.warn{border-left:.4rem solid var(--stop);padding:.2rem .8rem;margin:1rem 0}
code{font-size:.85rem}
progress{width:100%;height:1.2rem}
`;
