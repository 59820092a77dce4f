import { describe, expect, it } from 'vitest';
import type { Play } from '../../../src/conformance/judge/invariant.ts';
import { judgePlays, requirementsOf } from '../../../src/conformance/judging/plays.ts';
import type { Terms } from '../../../src/conformance/judge/terms.ts';
import { connection, initialize, inTurn, READY, SCALED_DOWN, STARTING, status } from '../rest-play.ts';

const TERMS: Terms = { side: 'server', strict: false, deviations: new Set() };

/** The outcome of a requirement in plays that follow each other, a second apart. */
function resultIn(id: string, plays: readonly Play[], areOfOneRun = true) {
  const all = plays.map((play, i) => ({
    ...play,
    name: `p${i + 1}`,
    ...(areOfOneRun ? { beganMs: i * 1000 } : {}),
  }));
  return judgePlays(all, requirementsOf('server', ['scriptix-rest'], { only: [id] }), TERMS)[0];
}

const [asleep, starting, ready] = [SCALED_DOWN, STARTING, READY].map((body) => inTurn(status(body)));
const started = inTurn(initialize(READY));
const connected = inTurn(connection());
if (asleep === undefined || starting === undefined || ready === undefined) throw new Error('no plays');

describe('the state of a service lasts from one play to the next,', () => {
  // A call of status that started the service was the last of its play, and what showed it the first of the next one:
  // plays were judged separately, so nothing was found.
  it.each(['SX-REST-018', 'SX-REST-021'])('and %s is broken between two plays', (id) => {
    expect(resultIn(id, [asleep, starting])).toMatchObject({
      play: 'p2',
      evidence: [0, 1],
      also: [{ play: 'p1', evidence: [1] }],
      actual: expect.stringContaining('starting') as string,
    });
  });

  it('in the order of time, whatever the order of the plays', () => {
    const [first, second] = [
      { ...asleep, name: 'z', beganMs: 0 },
      { ...starting, name: 'a', beganMs: 1000 },
    ];
    const requirements = requirementsOf('server', ['scriptix-rest'], { only: ['SX-REST-018'] });

    expect(judgePlays([second, first], requirements, TERMS)[0]).toMatchObject({ verdict: 'fail', play: 'a' });
  });

  it.each<[what: string, plays: readonly Play[]]>([
    ['initialize was called in a play between', [asleep, started, ready]],
    ['a connection was made in a play between', [asleep, connected, starting]],
  ])('but SX-REST-018 is not broken where %s', (_what, plays) => {
    expect(resultIn('SX-REST-018', plays)?.verdict).toBe('not-applicable');
  });

  it('and SX-REST-019 is judged by the next status, in whichever play', () => {
    expect(resultIn('SX-REST-019', [started, ready])).toMatchObject({ verdict: 'pass' });
    expect(resultIn('SX-REST-019', [started, starting])).toMatchObject({ verdict: 'warn', play: 'p2' });
  });

  it('but not from one service to another', () => {
    expect(resultIn('SX-REST-018', [asleep, starting], false)?.verdict).toBe('not-applicable');
  });
});
