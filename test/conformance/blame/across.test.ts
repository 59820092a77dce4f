import { expect, it } from 'vitest';
import { settledAcross } from '../../../src/conformance/blame/across.ts';
import { basesOf } from '../../../src/conformance/blame/rests-on.ts';
import type { Occasion } from '../../../src/conformance/judge/invariant.ts';
import { events, MICROPHONE, play } from '../play.ts';

const cause = 'SX-MSG-001';
const above = 'SX-FIN-016';
const given = play(events(MICROPHONE));

/** How often the occasions of the cause are looked at when as many occasions are explained by it. */
function looksFor(count: number): number {
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
  settledAcross([{ play: given, settled }])(above);
  return looks;
}

// A server that sent 60,000 wrong messages in one session kept the judge busy for six minutes: for each message that had
// a cause, it looked through everything that the cause had found.
it('looks at a cause once, however many occasions it explains', () => {
  expect(basesOf(above)).toContain(cause);

  const [one, ten] = [looksFor(100), looksFor(1000)];

  expect(one).toBeGreaterThanOrEqual(100);
  expect(ten).toBeLessThanOrEqual(one * 11);
});
