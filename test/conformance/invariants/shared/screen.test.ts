import { describe, expect, it } from 'vitest';
import type { TraceFact } from '../../../../src/wire/trace.ts';
import { at, events, outcomes, play } from '../../play.ts';
import { end, INTERIM, session, switched, transcript, upgrade } from '../reson8/cases/building.ts';
import { final, mic, partial, report } from '../scriptix/cases/case.ts';

/** What a server says and a client shows: `~` begins a partial, `=` a final, `>` a display. */
type Line = `${'~' | '=' | '>'}${string}`;

const isShown = (line: Line) => line.startsWith('>');
const shows = (text: string): TraceFact => report({ event: 'display', text });

/** Every final ends a segment of a second. */
function scriptix(lines: readonly Line[]): readonly string[] {
  let offsetMs = 100;
  const facts = lines.map((line) => {
    const text = line.slice(1);
    if (isShown(line)) return shows(text);
    if (line.startsWith('~')) return partial(text, offsetMs);
    const fact = final(text, offsetMs);
    offsetMs += 1000;
    return fact;
  });
  return outcomes('SX-PART-012', mic(...facts));
}

function reson8(lines: readonly Line[]): readonly string[] {
  const facts = lines.map((line) => {
    const text = line.slice(1);
    return isShown(line) ? shows(text) : transcript(text, { is_final: line.startsWith('=') });
  });
  return outcomes('R8-TR-016', session(INTERIM, ...facts));
}

describe.each([
  ['scriptix', scriptix],
  ['reson8', reson8],
])('a client of %s', (_dialect, judged) => {
  // A client with `line += text` passed, because only words with a space between them were looked for.
  it.each<readonly [what: string, lines: readonly Line[]]>([
    ['with a space', ['~the', '~the cat', '>the the cat']],
    ['without a space', ['~the', '~the cat', '>thethe cat']],
    ['on a line of its own', ['~the', '~the cat', '>the\nthe cat']],
    ['with a mark', ['~the', '~the cat', '>the | the cat']],
    ['in front', ['~the', '~the cat', '>the cat the']],
    ['in front, without a space', ['~the', '~the cat', '>the catthe']],
    ['in front, on a line of its own', ['~the', '~the cat', '>the cat\nthe']],
    ['twice, as it is', ['~the', '~the', '>the the']],
    ['again and again', ['~the', '~the cat', '~the cat sat', '>thethe catthe cat sat']],
    ['again and again, in front', ['~the', '~the cat', '~the cat sat', '>the cat satthe catthe']],
    ['short ones', ['~a', '~an', '~and', '>aanand']],
    ['behind a final', ['=yes', '~the', '~the cat', '>yesthethe cat']],
    ['before a final', ['=yes', '~the', '~the cat', '>the catthe\nyes']],
    ['a final behind its partial', ['~the', '=the cat', '>thethe cat']],
    ['behind a label', ['~the', '~the cat', '>Live: the the cat']],
    ['late', ['~the', '~the cat', '~the cat sat', '>the the cat']],
  ])('that appends is seen: %s', (_what, lines) => {
    expect(judged(lines)).toEqual(['broken']);
  });

  it.each<readonly [what: string, lines: readonly Line[]]>([
    ['the latest', ['~a', '~an', '>an']],
    ['the one before, since it is late', ['~a', '~an', '>a']],
    ['a final and the latest', ['=banana', '~a', '~an', '>Banana an']],
    ['a final and the latest, without a space', ['=banana', '~a', '~an', '>bananaan']],
    ['newest first', ['=a', '~a', '~an', '>an\na']],
    ['several, newest first', ['=no', '=no no', '~no', '~no no', '>no no\nno no\nno']],
    ['a word that is said twice', ['~no', '~no no', '~no no no', '>no no no']],
    ['a word that was final before', ['=no', '~no', '~no no', '>no no no']],
    ['the same, late', ['=no', '~no', '~no no', '=nope', '>no no no']],
    ['finals alone', ['~no', '=no', '~no', '=no', '>no no']],
  ])('is right to show %s', (_what, lines) => {
    expect(judged(lines)).toEqual(['held']);
  });

  it.each<readonly [what: string, lines: readonly Line[]]>([
    ['a label that ends alike', ['~a', '~an', '>Data: an']],
    ['a label of one letter', ['~a', '~an', '>A: an']],
    ['finals that it has labelled', ['=no', '~no', '~no no', '>You: no no no']],
    ['words of its own', ['~a', '~an', '>Listening']],
    ['what it has corrected', ['~the cad', '~the cat sat', '>the cats at']],
    ['a partial and a sign that there is more', ['~an', '~an a', '>an a…']],
  ])('is not accused for %s', (_what, lines) => {
    expect(judged(lines)).not.toContain('broken');
  });
});

it('does not expect that the results of one Reson8 connection replace those of another', () => {
  const first = [upgrade(INTERIM), switched(), transcript('the', { is_final: false }), end('server')];
  const second = [at(100, upgrade(INTERIM)), switched(), transcript('the cat', { is_final: false })];
  const given = play(events(first, [...second, shows('the'), shows('the the cat')]));

  expect(outcomes('R8-TR-016', given)).not.toContain('broken');
});
