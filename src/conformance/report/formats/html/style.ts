/** The style of the page. Colours are never the only sign: words, symbols and patterns say the same. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: #ffffff; --raised: #f5f6f8; --text: #1b1f26; --quiet: #59616e; --line: #d4d8df; --link: #0a57c2;
  --pass: #17703a; --fail: #b3191f; --warn: #8a5300; --other: #4d5666; --excused: #6a3aa3;
  --proof: #fff3c4; --proof-line: #b07d00; --client: #0a57c2; --server: #17703a;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14171c; --raised: #1d2128; --text: #e6e9ee; --quiet: #a3acba; --line: #39404b; --link: #8ab8ff;
    --pass: #6bd08e; --fail: #ff8b86; --warn: #f2bb5c; --other: #b1bac8; --excused: #c9a6f5;
    --proof: #3d3313; --proof-line: #e0b341; --client: #8ab8ff; --server: #6bd08e;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html { scroll-padding-top: 1rem; }
body {
  margin: 0; background: var(--ground); color: var(--text);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; overflow-wrap: anywhere;
}
header, main, footer { max-width: 76rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 1.75rem; }
h1 { font-size: 1.55rem; line-height: 1.25; margin: 0 0 .5rem; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .75rem; }
h3 { font-size: 1.1rem; margin: 1.75rem 0 .5rem; }
h4 { font-size: .95rem; margin: 1rem 0 .4rem; color: var(--quiet); }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 2px; }
code, pre, .time, .id { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .85em; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: -100vw; background: var(--ground); padding: .5rem 1rem; z-index: 2; }
.skip:focus { left: 1rem; top: 1rem; }
.number, .facts, .note, figcaption, .time, .level, .side { color: var(--quiet); font-weight: 400; }
.number { font-size: .85em; }

.outcome { border-left: 6px solid var(--fail); background: var(--raised); padding: .75rem 1rem; margin: 1rem 0; font-size: 1.1rem; font-weight: 600; }
.outcome a { color: inherit; text-decoration: none; } .outcome a:hover, .counts a:hover { text-decoration: underline; }
.outcome.conforming { border-color: var(--pass); }
.outcome.incomplete { border-color: var(--warn); border-left-style: double; }
.cause { border-left: 6px solid var(--line); padding-left: 1rem; margin: .5rem 0; font-weight: 600; }
.about { display: flex; flex-wrap: wrap; gap: .25rem 1.75rem; margin: 0; }
.about div { display: flex; gap: .5rem; }
.about dt, dl dt { color: var(--quiet); }
.about dd, dl dd { margin: 0; }
.bar { display: block; width: 100%; height: 12px; margin: 1.25rem 0 .75rem; border-radius: 3px; }
.bar rect.pass { fill: var(--pass); } .bar rect.fail { fill: var(--fail); } .bar rect.warn { fill: var(--warn); }
.bar rect.excused, .bar rect.inconclusive { fill: var(--excused); } .bar rect.not-exercised { fill: var(--other); } .bar rect.not-applicable { fill: var(--line); }
.counts { list-style: none; display: flex; flex-wrap: wrap; gap: .5rem; padding: 0; margin: 0; }
.counts li { border: 1px solid var(--line); border-radius: 6px; padding: .35rem .75rem; min-width: 6rem; }
.counts a { display: block; color: inherit; text-decoration: none; }
.place { display: block; }
.counts strong { display: block; font-size: 1.4rem; line-height: 1.2; font-variant-numeric: tabular-nums; }

form { background: var(--raised); border: 1px solid var(--line); border-radius: 8px; padding: .75rem 1rem; display: flex; flex-wrap: wrap; gap: .75rem 1.5rem; align-items: end; }
fieldset { border: 0; padding: 0; margin: 0; display: flex; flex-wrap: wrap; gap: .1rem .9rem; }
legend { padding: 0; color: var(--quiet); font-size: .85rem; }
label { display: inline-flex; gap: .35rem; align-items: center; white-space: nowrap; min-height: 1.75rem; }
.search { display: block; flex: 1 1 16rem; color: var(--quiet); font-size: .85rem; }
input[type="search"] { display: block; width: 100%; font: inherit; font-size: 1rem; padding: .35rem .6rem; border: 1px solid var(--quiet); border-radius: 6px; background: var(--ground); color: var(--text); }
button { font: inherit; padding: .3rem .8rem; border: 1px solid var(--quiet); border-radius: 6px; background: var(--ground); color: var(--text); cursor: pointer; }
output { flex-basis: 100%; color: var(--quiet); font-size: .9rem; }

details.requirement, details.session { border: 1px solid var(--line); border-left: 4px solid var(--other); border-radius: 6px; margin: .4rem 0; background: var(--ground); }
details.requirement.pass { border-left-color: var(--pass); } details.requirement.fail { border-left-color: var(--fail); }
details.requirement.warn { border-left-color: var(--warn); } details.requirement.excused, details.requirement.inconclusive { border-left-color: var(--excused); }
details.requirement:target { outline: 3px solid var(--link); }
details.session { border-left-color: var(--line); }
summary { padding: .5rem .75rem; cursor: pointer; }
.requirement > summary { display: grid; grid-template-columns: .8rem 9.5rem 7.5rem 4.5rem 4.5rem 1fr; gap: .15rem .75rem; align-items: baseline; }
.requirement > summary::marker { content: none; }
.requirement > summary::-webkit-details-marker { display: none; }
.requirement > summary::before { content: "\u25b8"; color: var(--quiet); font-size: .9rem; }
.requirement[open] > summary::before { content: "\u25be"; }
.requirement > summary .statement { grid-column: 6; }
.id { font-weight: 600; }
.level, .side { font-size: .85rem; }
.badge { display: inline-flex; gap: .4rem; align-items: baseline; font-weight: 600; font-size: .9rem; white-space: nowrap; }
.badge > span { display: inline-block; width: 1.3em; text-align: center; border: 1px solid currentcolor; border-radius: 3px; line-height: 1.25; }
.badge.pass { color: var(--pass); } .badge.fail { color: var(--fail); } .badge.warn { color: var(--warn); }
.badge.excused, .badge.inconclusive { color: var(--excused); } .badge.not-exercised, .badge.not-applicable { color: var(--other); }
.requirement > dl, .requirement > ol, .requirement > figure { margin: .25rem .75rem .75rem; }
.requirement dl div, .plain dl div { display: grid; grid-template-columns: 6rem 1fr; gap: .75rem; padding: .1rem 0; }
.excerpt { list-style: none; padding: .4rem 0; background: var(--raised); border-radius: 6px; font-size: .9rem; }
.excerpt li { display: grid; grid-template-columns: 3rem 1fr auto; gap: .6rem; padding: .05rem .6rem; align-items: baseline; font-variant-numeric: tabular-nums; border-left: 4px solid transparent; }
.excerpt li > a, .excerpt li { text-align: left; }
.excerpt .proof { background: var(--proof); border-left-color: var(--proof-line); }
.excerpt .gap { display: block; padding-left: 4.2rem; color: var(--quiet); }
.excerpt code { white-space: pre-wrap; }
.here { color: var(--text); font-weight: 600; white-space: nowrap; font-size: .85rem; }
figure { margin: 0; }
pre { overflow-x: auto; background: var(--raised); border-radius: 6px; padding: .6rem .75rem; margin: .25rem 0; line-height: 1.35; }

.session > summary .here { white-space: normal; border: 1px solid var(--proof-line); background: var(--proof); border-radius: 4px; padding: 0 .4rem; }
.scroll { overflow-x: auto; position: relative; } table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th, td.level, td.figure { overflow-wrap: normal; white-space: nowrap; } td.statement { min-width: 13rem; }
.scroll + .scroll { margin-top: 1.5rem; }
.session > .note { margin: .25rem .75rem; }
.timeline { margin: .25rem .75rem 1rem; padding-inline: .4rem; }
.timeline > svg { display: block; width: 100%; overflow: visible; margin-top: .4rem; }
.timeline text { font-size: 11px; fill: var(--quiet); }
.axis { stroke: var(--quiet); }
rect.speech { fill: var(--client); stroke: var(--client); } rect.silence { fill: var(--ground); stroke: var(--client); }
rect.noise { fill: url(#hatched); stroke: var(--client); } rect.unknown { fill: url(#dotted); stroke: var(--client); }
.ground { fill: var(--ground); } .ink { fill: var(--client); }
path.partial { stroke: var(--server); stroke-width: 2; } .final { fill: var(--server); stroke: var(--server); stroke-width: 1.5; }
path.error { fill: none; stroke: var(--fail); stroke-width: 2.5; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; padding: 0; margin: .5rem 0 0; font-size: .85rem; color: var(--quiet); }
.legend li { display: flex; gap: .4rem; align-items: center; }

.sequence { margin: 0 .75rem .75rem; max-width: 58rem; }
.sequence ol { list-style: none; padding: 0; margin: 0; }
.heads { display: flex; justify-content: space-between; margin-left: 5.5rem; font-weight: 600; font-size: .9rem; }
.heads span { color: var(--client); } .heads span + span { color: var(--server); }
.sequence li { display: grid; grid-template-columns: 4.75rem 1fr; gap: .75rem; }
.time { text-align: right; padding-top: .3rem; font-size: .78rem; font-variant-numeric: tabular-nums; white-space: nowrap; }
.lane { position: relative; border: 0 solid var(--line); border-width: 0 2px; padding: .3rem .9rem .45rem; min-width: 0; }
.label { display: block; font-size: .92rem; }
.client > .lane .label, .server > .lane .label { border-bottom: 2px solid; padding-bottom: .1rem; }
.client > .lane .label { border-color: var(--client); margin-inline: -.9rem; padding-inline: .9rem; }
.server > .lane .label { border-color: var(--server); margin-inline: -.9rem; padding-inline: .9rem; text-align: right; }
.sequence .partial .label { border-bottom-style: dashed; }
.client > .lane .label::after, .server > .lane .label::after {
  content: ""; position: absolute; border: 5px solid transparent; bottom: -6px;
}
.sequence li .label { position: relative; }
.client > .lane .label::after { border-left: 9px solid var(--client); border-right: 0; right: 0; }
.server > .lane .label::after { border-right: 9px solid var(--server); border-left: 0; left: 0; }
.note > .lane, .sequence .gap > .lane { color: var(--quiet); font-style: italic; text-align: center; }
.end > .lane .label { text-align: center; border-top: 2px solid var(--quiet); border-bottom: 2px solid var(--quiet); }
.sequence .proof > .lane { background: var(--proof); border-color: var(--proof-line); border-style: solid; }
.proves { display: block; margin-top: .6rem; font-size: .88rem; font-weight: 600; }
.proves code { display: block; font-weight: 400; margin-top: .2rem; }
.proves:target { outline: 3px solid var(--link); outline-offset: 4px; }
footer { color: var(--quiet); padding-block: 2rem; font-size: .85rem; }

@media (max-width: 52rem) {
  .requirement > summary { display: flex; flex-wrap: wrap; }
  .requirement > summary .statement { flex-basis: 100%; }
}
@media (max-width: 36rem) {
  header, main, footer { padding-inline: .75rem; }
  .requirement dl div, .plain dl div { grid-template-columns: 1fr; gap: 0; padding: .25rem 0; }
  .counts li { flex: 1 1 40%; }
  .sequence li { grid-template-columns: 1fr; gap: 0; }
  .time { text-align: left; padding-left: .9rem; border-left: 2px solid var(--line); border-right: 2px solid var(--line); }
  .heads { margin-left: 0; }
  .excerpt li { grid-template-columns: 2.2rem 1fr; }
  .excerpt li .here { grid-column: 2; }
}
@media print { form, .skip { display: none; } details.requirement { break-inside: avoid; } }
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
`;
