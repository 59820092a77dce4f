import { factList, pageOf } from '../../conformance/report/formats/html/page.ts';
import { STYLE } from '../../conformance/report/formats/html/style.ts';
import { html, type Markup } from '../../conformance/report/formats/html/template.ts';
import { keysOf } from '../../runtime/json/fields.ts';
import { histogramOf } from '../histogram.ts';
import { TIMES, type LoadReport, type TimeName } from '../result.ts';
import {
  countsOf,
  dialectOf,
  msText,
  parametersOf,
  otherSentences,
  outcomeSentence,
  talliesOf,
  valueText,
} from './words.ts';

const OWN = `
.outcome.kept { border-color: var(--pass); }
.outcome.late, .outcome.not-opened { border-color: var(--warn); border-left-style: double; }
td.figure, th.figure { text-align: right; font-variant-numeric: tabular-nums; }
.chart { display: block; width: 100%; height: 9rem; overflow: visible; border-bottom: 1px solid var(--line); }
.chart path { fill: none; stroke-width: 2; vector-effect: non-scaling-stroke; }
.scale { display: flex; justify-content: space-between; gap: 1rem; margin: 0; font-size: .8rem; color: var(--quiet); }
.key { border-bottom: 2px solid; margin-left: .6rem; color: var(--text); }
.p50 { stroke: var(--pass); border-color: var(--pass); }
.p95 { stroke: var(--link); stroke-dasharray: 6 3; border-color: var(--link); border-bottom-style: dashed; }
.p99 { stroke: var(--fail); stroke-dasharray: 2 3; border-color: var(--fail); border-bottom-style: dotted; }
.open { stroke: var(--other); border-color: var(--other); }
`;
const SHEET = STYLE + OWN;
const HEADS = ['p50', 'p90', 'p95', 'p99', 'p99.9', 'max'] as const;

/** The load as one page without scripts: objectives, percentiles, and their course over time. */
export function loadHtml(report: LoadReport): string {
  const { subject, terms, outcome, slos, startedAt, durationMs, tool } = report;
  const facts = [
    ['dialect', dialectOf(subject)],
    ['rate', `${terms.perSecond} a second`],
    ['session', `${(terms.holdMs / 1000).toFixed(1)} s`],
    ['begun for', `${terms.forMs / 1000} s`],
    ['from', terms.from ?? 'a bundled recording'],
    ...parametersOf(terms).map((text) => ['parameters', text] as const),
    ['started', startedAt],
    ['took', `${(durationMs / 1000).toFixed(1)} s`],
  ] as const;
  return pageOf({
    title: `${outcome}: load on ${subject.target}`,
    style: SHEET,
    body: html`<header>
        <h1>Load on ${subject.target}</h1>
        <p class="outcome ${outcome}">${outcomeSentence(report)}</p>
        ${otherSentences(report).map((each) => html`<p class="cause">${each}</p>`)} ${factList(facts)}
      </header>
      <main>
        ${
          slos.length === 0
            ? undefined
            : html`<h2>Objectives</h2>
                ${table(
                  ['objective', 'measured', 'verdict'],
                  slos.map((each) => [each.slo, valueText(each), each.verdict]),
                )}`
        }
        <h2>Times</h2>
        ${times(report)}
        <h2>Over time</h2>
        ${chart('Open sessions', report, [{ name: 'open', values: report.timeline.map(({ open }) => open) }], '')}
        ${keysOf(TIMES).map((name) => timeChart(name, report))}
        <h2>Counts</h2>
        ${table(
          ['name', 'count', 'meaning'],
          countsOf(report).map(([name, count, meaning]) => [name, String(count), meaning]),
        )}
        ${table(['kind', 'how many'], talliesOf(report))}
      </main>
      <footer>${tool.name} ${tool.version}</footer> `,
  });
}

function times({ times: measured }: LoadReport): Markup {
  const rows = keysOf(TIMES).flatMap((name) => {
    const { count, percentiles } = measured[name];
    if (percentiles === undefined) return [];
    return [[name, String(count), ...HEADS.map((head) => msText(percentiles[head])), TIMES[name]]];
  });
  return table(['time', 'count', ...HEADS, 'meaning'], rows);
}

/** The first cell of a row is its name. */
function table(heads: readonly string[], rows: readonly (readonly string[])[]): Markup {
  const classOf = (text: string) => (/^[\d.]+(?: ms| %)?$/.test(text) ? 'figure' : 'statement');
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${heads.join(', ')}">
    <table>
      <thead>
        <tr>
          ${heads.map((head, i) => html`<th scope="col" class="${classOf(rows[0]?.[i] ?? '')}">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([name = '', ...cells]) =>
            html`<tr>
              <th scope="row">${name}</th>
              ${cells.map((cell) => html`<td class="${classOf(cell)}">${cell}</td>`)}
            </tr> `,
        )}
      </tbody>
    </table>
  </div> `;
}

interface Line {
  readonly name: string;
  readonly values: readonly (number | undefined)[];
}

function timeChart(name: TimeName, report: LoadReport): Markup {
  const shares = { p50: 0.5, p95: 0.95, p99: 0.99 };
  const histograms = report.timeline.map((stretch) => histogramOf(stretch.times[name]));
  const lines = Object.entries(shares).map(([head, share]) => ({
    name: head,
    values: histograms.map((each) => each.at(share)),
  }));
  return chart(`${name}: ${TIMES[name]}`, report, lines, ' ms');
}

const WIDTH = 1000;
const HEIGHT = 100;

/** Lines over the time of the run; a stretch without a value interrupts its line. */
function chart(
  title: string,
  { timeline, stretchMs }: LoadReport,
  lines: readonly Line[],
  unit: string,
): Markup {
  const most = Math.max(0, ...lines.flatMap(({ values }) => values.flatMap((value) => value ?? [])));
  if (most === 0) return html``;
  const step = WIDTH / Math.max(1, timeline.length - 1);
  const y = (value: number) => HEIGHT - (value / most) * HEIGHT;
  const paths = lines.map(({ name, values }) => {
    let isDown = false;
    const points = values.flatMap((value, i) => {
      const command = isDown ? 'L' : 'M';
      isDown = value !== undefined;
      if (value === undefined) return [];
      const x = i * step;
      // A single value is a short stroke.
      return [
        `${command}${x.toFixed(1)} ${y(value).toFixed(1)}`,
        ...(values.length === 1 ? [`h${WIDTH}`] : []),
      ];
    });
    return html`<path class="${name}" d="${points.join(' ')}" />`;
  });
  const seconds = ((timeline.length * stretchMs) / 1000).toFixed(0);
  return html`<h3>${title}</h3>
    <p class="scale">
      <span>${most.toFixed(most < 10 ? 1 : 0)}${unit}</span>
      <span>${lines.map(({ name }) => html`<span class="key ${name}">${name}</span> `)}</span>
    </p>
    <svg
      class="chart"
      viewBox="0 0 ${WIDTH} ${HEIGHT}"
      preserveAspectRatio="none"
      role="img"
      aria-label="${title}, at most ${most.toFixed(0)}${unit}"
    >
      ${paths}
    </svg>
    <p class="scale"><span>0 s</span><span>${seconds} s</span></p> `;
}
