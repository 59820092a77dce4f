import { expect, it } from 'vitest';
import { settledAcross, type SettledPlay } from '../../../src/conformance/blame/across.ts';
import { basesOf } from '../../../src/conformance/blame/rests-on.ts';
import type { Occasion } from '../../../src/conformance/judge/invariant.ts';
import { events, MICROPHONE, play } from '../play.ts';

const cause = 'SX-MSG-001';
const above = 'SX-FIN-016';
const given = play(events(MICROPHONE));

/** How many times the occasions of a cause are looked at when it explains this many occasions in each of some plays. */
function looksFor(plays: number, count: number): number {
  let looks = 0;
  const isExplained: Occasion = { outcome: 'unclear', events: [0], cause };
  const explaining: Occasion = {
    events: [0],
    get outcome() {
      looks++;
      return 'unclear' as const;
    },
  };
  const settled = (id: string) => new Array<Occasion>(count).fill(id === above ? isExplained : explaining);
  settledAcross(new Array<SettledPlay>(plays).fill({ play: given, settled }))(above);
  return looks;
}

// A server that sent 60,000 wrong messages in one session kept the judge busy for six minutes: for each message that had
// a cause, it looked through everything that the cause had found.
it.each([
  { plays: 'one play', few: looksFor(1, 100), many: looksFor(1, 1000) },
  { plays: 'many plays', few: looksFor(10, 10), many: looksFor(100, 10) },
])('a cause is looked at once, however many occasions of $plays it explains', ({ few, many }) => {
  expect(basesOf(above)).toContain(cause);
  expect(few).toBeGreaterThanOrEqual(100);
  expect(many).toBeLessThanOrEqual(few * 11);
});
