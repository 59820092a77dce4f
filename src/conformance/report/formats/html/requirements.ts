import { DOCUMENTS } from '../../../../protocol/documents.ts';
import { excerptOf, type ExcerptLine } from '../../drawing/excerpt.ts';
import { escapeMarkup } from '../markup.ts';
import { visibleLines } from '../../../../runtime/text/plain.ts';
import type { Report } from '../../report.ts';
import type { RecordedPlay } from '../../../conversation/recorded-play.ts';
import type { RequirementResult, Verdict } from '../../../judge/result.ts';
import { sectionsOf } from '../../sections.ts';
import { factsOf, sourceText, VERDICTS, withVerdict, wordOf } from '../../verdicts.ts';
import type { Anchors } from './anchors.ts';
import { html, raw, type Markup } from './template.ts';

/** Shown beside the word, so that colour is not needed to tell verdicts apart. */
export const SIGNS: Readonly<Record<Verdict, string>> = {
  pass: '✓',
  fail: '✕',
  warn: '!',
  'not-exercised': '○',
  'not-applicable': '–',
  inconclusive: '?',
  excused: '~',
};

/** A verdict as a coloured label. */
export function badge(verdict: Verdict): Markup {
  return html`<span class="badge ${verdict}"
    ><span aria-hidden="true">${SIGNS[verdict]}</span> ${wordOf(verdict)}</span
  >`;
}

/** The anchor of the results with a verdict. */
export function verdictAnchor(verdict: Verdict): string {
  return `verdict-${verdict}`;
}

/** All requirements, by verdict with failures first, then by section; results other than a plain pass are opened. */
export function requirementSections(
  report: Report,
  plays: readonly RecordedPlay[],
  anchors: Anchors,
  drawn: ReadonlySet<string>,
): readonly Markup[] {
  return VERDICTS.flatMap(({ verdict, heading }) => {
    const all = withVerdict(report, verdict);
    if (all.length === 0) return [];
    const groups = sectionsOf(all).map(
      ({ title, results }) =>
        html`<section class="group">
          <h4>${title} <span class="number">${results.length}</span></h4>
          ${results.map((result) => requirement(result, plays, anchors, drawn))}
        </section> `,
    );
    return html`<section class="verdict">
      <h3 id="${verdictAnchor(verdict)}">${heading} <span class="number">${all.length}</span></h3>
      ${groups}
    </section> `;
  });
}

function requirement(
  result: RequirementResult,
  plays: readonly RecordedPlay[],
  anchors: Anchors,
  drawn: ReadonlySet<string>,
): Markup {
  const { id, verdict, level, side, statement, diagram } = result;
  const isOpen = verdict === 'fail' || verdict === 'inconclusive';
  const open = isOpen ? html` open` : undefined;
  return html`<details
    class="requirement ${verdict}"
    id="${anchors.requirement(id)}"
    data-verdict="${verdict}"
    data-level="${level}"
    data-side="${side}"
    ${open}
  >
    <summary>
      ${badge(verdict)} <code class="id">${id}</code> <span class="level">${level}</span>
      <span class="side">${side}</span> <span class="statement">${statement}</span>
    </summary>
    <dl>
      ${factsOf(result).map(([name, text]) => (name === 'source' ? sources(result) : fact(name, text)))}
    </dl>
    ${excerpt(excerptOf(result, plays), result, anchors, drawn)}${drawing(diagram)}
  </details> `;
}

function fact(name: string, text: string): Markup {
  const isCode = ['actual', 'expected', 'again', 'trace', 'scenario'].includes(name);
  return html`<div>
    <dt>${name}</dt>
    <dd>${isCode ? html`<code>${text}</code>` : text}</dd>
  </div> `;
}

/** Title and line of each place, linked to the page. */
function sources({ source }: RequirementResult): Markup {
  const places = source.map((place) => {
    const { line, lastLine, section } = place;
    const lines = `${line ?? ''}${lastLine === undefined ? '' : `-${lastLine}`}`;
    const where = line === undefined ? `section ${section ?? ''}` : `line ${lines}`;
    const known = DOCUMENTS.get(place.document);
    if (known === undefined) return html`<span class="place">${sourceText(place)}</span> `;
    const url = section === undefined ? known.url : `${known.url}#section-${section}`;
    return html`<span class="place"
      ><a href="${url}" rel="noreferrer">${known.title}</a>, ${where} (${sourceText(place)})</span
    > `;
  });
  return html`<div>
    <dt>source</dt>
    <dd>${places}</dd>
  </div> `;
}

function excerpt(
  lines: readonly ExcerptLine[],
  { play = '' }: RequirementResult,
  anchors: Anchors,
  drawn: ReadonlySet<string>,
): Markup | undefined {
  if (lines.length === 0) return undefined;
  return html`<ol class="excerpt" aria-label="Excerpt of the trace">
    ${lines.map((line) => {
      if (line.kind === 'gap') return html`<li class="gap">… ${line.count} more</li> `;
      const anchor = anchors.event(play, line.index);
      const number = drawn.has(anchor)
        ? html`<a href="#${anchor}" aria-label="event ${line.index} in the diagram">${line.index}</a>`
        : html`${line.index}`;
      return html`<li${line.isProof ? html` class="proof"` : undefined}>${number} <code>${line.text}</code>${line.isProof ? html` <span class="here">← here</span>` : undefined}</li>
`;
    })}
  </ol> `;
}

function drawing(diagram: string | undefined): Markup | undefined {
  if (diagram === undefined) return undefined;
  const text = raw(
    visibleLines(diagram)
      .map((line) => escapeMarkup(line))
      .join('\n'),
  );
  return html`<figure>
    <figcaption>The counterexample</figcaption>
    <pre tabindex="0">${text}</pre>
  </figure>`;
}
