import { describe, expect, it } from 'vitest';
import type { TraceFact } from '../../../../src/wire/trace.ts';
import { at, events, outcomes, play } from '../../play.ts';
import { end, INTERIM, session, switched, transcript, upgrade } from '../reson8/cases/building.ts';
import { final, mic, partial, report } from '../scriptix/cases/case.ts';

/** What a server sends and a client shows: `~` begins a partial, `=` a final, `>` a display. */
type Line = `${'~' | '=' | '>'}${string}`;

const isShown = (line: Line) => line.startsWith('>');
const shows = (text: string): TraceFact => report({ event: 'display', text });

/** Every final ends a segment of one second. */
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
  // A client with `line += text` passed, because only words with a space between them were searched for.
  it.each<readonly [what: string, lines: readonly Line[]]>([
    ['with a space', ['~the', '~the cat', '>the the cat']],
    ['without a space', ['~the', '~the cat', '>thethe cat']],
    ['on a line of its own', ['~the', '~the cat', '>the\nthe cat']],
    ['with a mark', ['~the', '~the cat', '>the | the cat']],
    ['before the line', ['~the', '~the cat', '>the cat the']],
    ['before the line, without a space', ['~the', '~the cat', '>the catthe']],
    ['before, on a line of its own', ['~the', '~the cat', '>the cat\nthe']],
    ['twice, unchanged', ['~the', '~the', '>the the']],
    ['each of several', ['~the', '~the cat', '~the cat sat', '>thethe catthe cat sat']],
    ['each of several, before the line', ['~the', '~the cat', '~the cat sat', '>the cat satthe catthe']],
    ['short words', ['~a', '~an', '~and', '>aanand']],
    ['after a final', ['=yes', '~the', '~the cat', '>yesthethe cat']],
    ['before a final', ['=yes', '~the', '~the cat', '>the catthe\nyes']],
    ['a final after its partial', ['~the', '=the cat', '>thethe cat']],
    ['after a label', ['~the', '~the cat', '>Live: the the cat']],
    ['late', ['~the', '~the cat', '~the cat sat', '>the the cat']],
  ])('that appends partials is found: %s', (_what, lines) => {
    expect(judged(lines)).toEqual(['broken']);
  });

  it.each<readonly [what: string, lines: readonly Line[]]>([
    ['the latest partial', ['~a', '~an', '>an']],
    ['the partial before, since it is late', ['~a', '~an', '>a']],
    ['a final and the latest', ['=banana', '~a', '~an', '>Banana an']],
    ['a final and the latest, without a space', ['=banana', '~a', '~an', '>bananaan']],
    ['newest first', ['=a', '~a', '~an', '>an\na']],
    ['several finals, newest first', ['=no', '=no no', '~no', '~no no', '>no no\nno no\nno']],
    ['a word that is said twice', ['~no', '~no no', '~no no no', '>no no no']],
    ['a word that was final before', ['=no', '~no', '~no no', '>no no no']],
    ['a word that was final before, late', ['=no', '~no', '~no no', '=nope', '>no no no']],
    ['finals alone', ['~no', '=no', '~no', '=no', '>no no']],
  ])('may show %s', (_what, lines) => {
    expect(judged(lines)).toEqual(['held']);
  });

  it.each<readonly [what: string, lines: readonly Line[]]>([
    ['a label that ends like the partial', ['~a', '~an', '>Data: an']],
    ['a label of one letter', ['~a', '~an', '>A: an']],
    ['finals that it has labelled', ['=no', '~no', '~no no', '>You: no no no']],
    ['words of its own', ['~a', '~an', '>Listening']],
    ['text that it has corrected', ['~the cad', '~the cat sat', '>the cats at']],
    ['a partial and a sign that there is more', ['~an', '~an a', '>an a…']],
  ])('is not accused of appending for %s', (_what, lines) => {
    expect(judged(lines)).not.toContain('broken');
  });
});

it('the results of one Reson8 connection need not replace those of another', () => {
  const first = [upgrade(INTERIM), switched(), transcript('the', { is_final: false }), end('server')];
  const second = [at(100, upgrade(INTERIM)), switched(), transcript('the cat', { is_final: false })];
  const given = play(events(first, [...second, shows('the'), shows('the the cat')]));

  expect(outcomes('R8-TR-016', given)).not.toContain('broken');
});

// A client that takes a connection for dead and connects again is sent the same words again: its only report of them was
// taken for one of the first connection, where they may have been lost.
describe('a final that is sent on two connections', () => {
  const again = (...reports: readonly TraceFact[]) => {
    const first = [upgrade(INTERIM), switched(), transcript('the cat'), at(20, end('client'))];
    const second = [at(15, upgrade(INTERIM)), switched(), transcript('the cat'), ...reports];
    return outcomes('R8-TR-016', play(events(first, second)));
  };
  const kept = report({ event: 'final', text: 'the cat' });

  it('may be kept once, if the first connection broke', () => {
    expect(again(kept)).toEqual(['held']);
    expect(again(kept, kept)).toEqual(['held', 'held']);
  });

  it('may not be kept three times, or as something else', () => {
    expect(again(kept, kept, kept)).toEqual(['held', 'held', 'broken']);
    expect(again(report({ event: 'final', text: 'the cap' }))).toEqual(['broken']);
  });
});
