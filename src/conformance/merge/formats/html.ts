import { pageOf } from '../../report/formats/html/page.ts';
import { badge, SIGNS } from '../../report/formats/html/requirements.ts';
import { STYLE } from '../../report/formats/html/style.ts';
import { html, type Markup } from '../../report/formats/html/template.ts';
import { dialectText, subjectText } from '../../report/subject.ts';
import { factsOf, outcomeSentence, wordOf } from '../../report/verdicts.ts';
import type { RequirementResult } from '../../judge/result.ts';
import { anchorOf, EXPLAINED, explainedIn, type Column, type Matrix, type MatrixRow } from '../matrix.ts';

const OWN = `
.matrix th, .matrix td { padding: .25rem .6rem .25rem 0; }
.matrix td.cell, .matrix th.subject { text-align: center; }
.cell a { text-decoration: none; } .cell a:hover { text-decoration: underline; }
.finding { border-left: 4px solid var(--other); padding: .25rem .75rem; margin: .6rem 0; }
.finding.fail { border-left-color: var(--fail); } .finding.warn { border-left-color: var(--warn); }
.finding:target { outline: 3px solid var(--link); }
.finding dl { margin: .25rem 0; }
.finding dl div { display: grid; grid-template-columns: 7rem 1fr; gap: .75rem; padding: .1rem 0; }
`;
const SHEET = STYLE + OWN;
const same = (text: string) => text;

/** The matrix as one page without scripts: each verdict that needs a reason is a link to its finding. */
export function matrixHtml(matrix: Matrix): string {
  const { columns, sections } = matrix;
  return pageOf({
    title: `Conformance of ${columns.length} subjects`,
    style: SHEET,
    body: html`<a class="skip" href="#requirements">Skip to the requirements</a>
      <header><h1>Conformance of ${columns.length} subjects</h1></header>
      <main>
        <h2 id="subjects">Subjects</h2>
        ${subjects(columns)}
        <h2 id="requirements">Requirements</h2>
        <div class="scroll" tabindex="0" role="region" aria-labelledby="requirements">
          <table class="matrix">
            <thead>
              <tr>
                <th scope="col">id</th>
                <th scope="col">level</th>
                ${columns.map(({ name }) => html`<th scope="col" class="subject">${name}</th>`)}
                <th scope="col">requirement</th>
              </tr>
            </thead>
            ${sections.map(
              ({ title, rows }) =>
                html`<tbody>
                  <tr>
                    <th scope="rowgroup" colspan="${columns.length + 3}">${title}</th>
                  </tr>
                  ${rows.map((row) => rowOf(row, columns))}
                </tbody> `,
            )}
          </table>
        </div>
        <h2 id="findings">Findings</h2>
        ${columns.map(findings)}
      </main>
      <footer>${toolOf(columns)}</footer> `,
  });
}

function subjects(columns: readonly Column[]): Markup {
  const rows = columns.map(({ name, report }) => {
    const { fail, warn, notExercised, inconclusive, pass } = report.summary;
    return html`<tr>
      <th scope="row">${name}</th>
      <td class="statement">${subjectText(report.subject, same)} (${dialectText(report.subject)})</td>
      <td class="statement">${outcomeSentence(report)}</td>
      <td>${fail}</td>
      <td>${warn}</td>
      <td>${inconclusive + notExercised}</td>
      <td>${pass}</td>
    </tr> `;
  });
  return html`<div class="scroll" tabindex="0" role="region" aria-labelledby="subjects">
    <table>
      <thead>
        <tr>
          <th scope="col">column</th>
          <th scope="col">subject</th>
          <th scope="col">outcome</th>
          <th scope="col">fail</th>
          <th scope="col">warn</th>
          <th scope="col">open</th>
          <th scope="col">pass</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div> `;
}

function rowOf({ id, level, statement, cells }: MatrixRow, columns: readonly Column[]): Markup {
  return html`<tr>
    <th scope="row"><code class="id">${id}</code></th>
    <td class="level">${level}</td>
    ${columns.map((column, i) => html`<td class="cell">${cellOf(cells[i], column)}</td>`)}
    <td class="statement">${statement}</td>
  </tr> `;
}

function cellOf(result: RequirementResult | undefined, column: Column): Markup {
  if (result === undefined)
    return html`<span class="number"
      ><span aria-hidden="true">–</span><span class="unseen">not asked</span></span
    >`;
  const { id, verdict } = result;
  const sign = html`<span class="badge ${verdict}" title="${wordOf(verdict)}"
    ><span aria-hidden="true">${SIGNS[verdict]}</span><span class="unseen">${wordOf(verdict)}</span></span
  >`;
  return EXPLAINED.includes(verdict) ? html`<a href="#${anchorOf(column, id)}">${sign}</a>` : sign;
}

function findings(column: Column): Markup {
  const { name, report } = column;
  const all = explainedIn(column);
  return html`<section>
    <h3>${name}: ${subjectText(report.subject, same)} <span class="number">${all.length}</span></h3>
    ${all.map(
      (result) =>
        html`<article class="finding ${result.verdict}" id="${anchorOf(column, result.id)}">
          ${badge(result.verdict)} <code class="id">${result.id}</code> ${result.level}: ${result.statement}
          <dl>
            ${factsOf(result).map(
              ([fact, text]) =>
                html`<div>
                  <dt>${fact}</dt>
                  <dd>${text}</dd>
                </div>`,
            )}
          </dl>
        </article> `,
    )}
  </section> `;
}

function toolOf(columns: readonly Column[]): string {
  return [...new Set(columns.map(({ report: { tool } }) => `${tool.name} ${tool.version}`))].join(', ');
}
