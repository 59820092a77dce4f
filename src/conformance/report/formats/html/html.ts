import { anchorsOf } from './anchors.ts';
import { factList, pageOf } from './page.ts';
import { badge, requirementSections, verdictAnchor } from './requirements.ts';
import { SCRIPT } from './script.ts';
import { PATTERNS, sessionSections, type Drawn } from './sessions.ts';
import { STYLE } from './style.ts';
import { html, type Markup } from './template.ts';
import { audioAmount } from '../../audio-amount.ts';
import { programsOf } from '../../html/programs.ts';
import type { Report } from '../../report.ts';
import { subjectText } from '../../subject.ts';
import type { RecordedPlay } from '../../../conversation/recorded-play.ts';
import type { Verdict } from '../../../judge/result.ts';
import { otherCauses, outcomeSentence, VERDICTS, withVerdict } from '../../verdicts.ts';

/** The report as one page, which needs no script to show its content. */
export function htmlReport(report: Report, plays: readonly RecordedPlay[]): string {
  const { subject, outcome } = report;
  const anchors = anchorsOf(report, plays);
  const sessions = sessionSections(report, plays, anchors);
  const observed = report.observations.map(
    ({ id, text }) => html`<li><code class="id">${id}</code> ${text}</li>`,
  );
  const observations = told('observations', 'Observations', observed);
  const noted = report.notes.map((note) => html`<li>${note}</li>`);
  const notes = told('notes', 'Notes', noted);
  return pageOf({
    title: `${outcome}: ${subjectText(subject, (target) => target)}`,
    style: STYLE,
    script: SCRIPT,
    body: html`<a class="skip" href="#requirements">Skip to the requirements</a>
      ${PATTERNS}
      <header>
        <h1>Conformance of ${subjectText(subject, (target) => target)}</h1>
        <p class="outcome ${outcome}">
          <a href="#${worthReading(report)}">${outcomeSentence(report)}</a>
        </p>
        ${otherCauses(report).map((cause) => html`<p class="cause">${cause}</p>`)} ${about(report)}
      </header>
      <main>
        <h2 id="summary">Summary</h2>
        ${summaryOf(report)}
        <h2 id="requirements">Requirements <span class="number">${report.requirements.length}</span></h2>
        ${filters(report)}${requirementSections(report, plays, anchors, sessions.anchors)}
        <h2 id="sessions">Connections and calls <span class="number">${sessions.all}</span></h2>
        <p class="note">${howToRead(sessions)}</p>
        ${sessions.markup} ${observations} ${programsOf(report)} ${notes} ${tolerancesOf(report)}
        ${sessionTable(report)}
      </main>
      <footer>${report.tool.name} ${report.tool.version}</footer> `,
  });
}

function howToRead({ shown, all }: Drawn): string {
  const order =
    'Time goes down, the client is on the left and the server on the right; highlighted events prove the finding above.';
  return shown < all
    ? `${order} Only ${shown} of ${all} are drawn: those that prove something first.`
    : order;
}

function about({ subject, profile, seed, startedAt, durationMs }: Report): Markup {
  const facts = [
    ['dialect', subject.dialect],
    ...(subject.edition === undefined ? [] : [['edition', subject.edition] as const]),
    ['profile', profile],
    ['seed', `${seed}`],
    ['started', startedAt],
    ['took', `${(durationMs / 1000).toFixed(1)} s`],
  ] as const;
  return factList(facts);
}

function summaryOf({ summary }: Report): Markup {
  const all = VERDICTS.reduce((sum, { count }) => sum + summary[count], 0);
  let before = 0;
  const pieces = VERDICTS.map(({ verdict, count }) => {
    const share = all === 0 ? 0 : (100 * summary[count]) / all;
    const x = before;
    before += share;
    return html`<rect class="${verdict}" x="${x.toFixed(3)}%" width="${share.toFixed(3)}%" height="12" />`;
  });
  return html`<svg class="bar" aria-hidden="true">${pieces}</svg>
    <ul class="counts">
      ${VERDICTS.map(({ verdict, count }) => html`<li>${tile(summary[count], verdict)}</li> `)}
    </ul> `;
}

/** A number with its verdict, linked to its results if there are any. */
function tile(count: number, verdict: Verdict): Markup {
  const text = html`<strong>${count}</strong> ${badge(verdict)}`;
  return count === 0 ? text : html`<a href="#${verdictAnchor(verdict)}">${text}</a>`;
}

/** The anchor of what explains the outcome: the first of the results worse than a pass. */
function worthReading(report: Report): string {
  const found = WORST_FIRST.find((verdict) => withVerdict(report, verdict).length > 0);
  return found === undefined ? 'requirements' : verdictAnchor(found);
}

/** Requirements that were not exercised explain an outcome only if there is nothing worse. */
const WORST_FIRST: readonly Verdict[] = ['fail', 'warn', 'inconclusive', 'not-exercised'];

/** Shown by the script that makes them work. */
function filters({ requirements }: Report): Markup {
  const box = (name: string, value: string, label: Markup) =>
    html`<label><input type="checkbox" name="${name}" value="${value}" checked /> ${label}</label>`;
  const verdicts = VERDICTS.filter(({ verdict }) => requirements.some((each) => each.verdict === verdict));
  return html`<form id="filters" hidden>
    <label class="search"
      >Search in everything about a requirement<input type="search" name="search" autocomplete="off"
    /></label>
    <fieldset>
      <legend>Verdict</legend>
      ${verdicts.map(({ verdict }) => box('verdict', verdict, badge(verdict)))}
    </fieldset>
    <fieldset>
      <legend>Level</legend>
      ${['MUST', 'SHOULD', 'INFO'].map((level) => box('level', level, html`${level}`))}
    </fieldset>
    <fieldset>
      <legend>Side</legend>
      ${['server', 'client', 'both'].map((side) => box('side', side, html`${side}`))}
    </fieldset>
    <div>
      <button type="reset">Show all</button> <button type="button" id="open">Unfold</button>
      <button type="button" id="close">Fold</button>
    </div>
    <output id="shown" aria-live="polite"></output>
  </form> `;
}

function told(id: string, title: string, items: readonly Markup[]): Markup | undefined {
  if (items.length === 0) return undefined;
  return html`<h2 id="${id}">${title} <span class="number">${items.length}</span></h2>
    <ul>
      ${items}
    </ul> `;
}

function tolerancesOf({ tolerances }: Report): Markup {
  const entries = Object.entries(tolerances).map(
    ([name, value]) =>
      html`<div>
        <dt>${name}</dt>
        <dd>${Array.isArray(value) ? value.join(' to ') : String(value)}</dd>
      </div>`,
  );
  return html`<h2 id="tolerances">Tolerances</h2>
    <dl class="about">${entries}</dl> `;
}

/** All sessions, including those that are not drawn. */
function sessionTable({ sessions }: Report): Markup | undefined {
  if (sessions.length === 0) return undefined;
  return html`<h2 id="all-sessions">
      All connections and calls <span class="number">${sessions.length}</span>
    </h2>
    <div class="scroll" tabindex="0" role="region" aria-labelledby="all-sessions">
      <table>
        <thead>
          <tr>
            <th scope="col">name</th>
            <th scope="col">close code</th>
            <th scope="col">audio</th>
            <th scope="col">trace</th>
          </tr>
        </thead>
        <tbody>
          ${sessions.map(
            (session) =>
              html`<tr>
                <td>${session.name}</td>
                <td>${session.closeCode}</td>
                <td>${audioAmount(session)}</td>
                <td>${session.trace}</td>
              </tr> `,
          )}
        </tbody>
      </table>
    </div> `;
}
