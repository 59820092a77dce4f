import { describe, expect, it } from 'vitest';
import { hold, heldDueMs, NONE_HELD, type Held } from '../../../src/mock-server/engine/hold.ts';
import type { Effect } from '../../../src/mock-server/engine/messages.ts';

const final = (startMs: number, until?: number | 'next-segment'): Effect => ({
  kind: 'say',
  say: { kind: 'final', words: [], startMs, ...(until === undefined ? {} : { hold: until }) },
});
const partial = (startMs: number): Effect => ({
  kind: 'say',
  say: { kind: 'partial', words: [], startMs, stability: 0.5 },
});
const close: Effect = { kind: 'close', problem: undefined };
const stopped: Effect = { kind: 'say', say: { kind: 'state', state: 'stopped' } };
const confirmation: Effect = { kind: 'say', say: { kind: 'flushed', id: 'a' } };

/** What comes out when these things happen, each at its time, with ticks when held finals are due. */
function play(happening: readonly (readonly [atMs: number, ...effects: readonly Effect[]])[]): string[] {
  let held: Held = NONE_HELD;
  const out: string[] = [];
  const feed = (atMs: number, effects: readonly Effect[]) => {
    const result = hold(held, effects, atMs);
    held = result.held;
    out.push(...result.effects.map((effect) => `${atMs} ${nameOf(effect)}`));
  };
  for (const [atMs, ...effects] of happening) {
    for (let dueMs = heldDueMs(held); dueMs !== undefined && dueMs < atMs; dueMs = heldDueMs(held)) {
      feed(dueMs, []);
    }
    feed(atMs, effects);
  }
  return out;
}

function nameOf(effect: Effect): string {
  if (effect.kind !== 'say') return effect.kind;
  const { say } = effect;
  if (say.kind !== 'final' && say.kind !== 'partial') return say.kind === 'state' ? say.state : say.kind;
  expect(say).not.toHaveProperty('hold');
  return `${say.kind}@${say.startMs}`;
}

describe('a final that is held back', () => {
  it('comes when its time has passed, after what was sent in the meantime', () => {
    expect(
      play([
        [0, partial(1), final(1, 500)],
        [100, partial(2), final(2)],
        [900, stopped],
      ]),
    ).toEqual(['0 partial@1', '100 partial@2', '100 final@2', '500 final@1', '900 stopped']);
  });

  it('comes after the first result of the next segment, not after one of its own', () => {
    expect(
      play([
        [0, final(1, 'next-segment'), partial(1)],
        [5, partial(2)],
        [6, partial(2)],
      ]),
    ).toEqual(['0 partial@1', '5 partial@2', '5 final@1', '6 partial@2']);
  });

  it('comes with the next held final if there are no partials', () => {
    expect(
      play([
        [0, final(1, 'next-segment')],
        [5, final(2, 'next-segment'), close],
      ]),
    ).toEqual(['5 final@1', '5 final@2', '5 close']);
  });

  it.each([stopped, confirmation, close, { kind: 'close-with', code: 1011, reason: '' } as const])(
    'comes no later than $kind',
    (effect) => {
      const [first, ...rest] = play([
        [0, final(1, 60_000), final(2, 'next-segment')],
        [1, effect],
      ]);

      expect([first, rest.length]).toEqual(['1 final@1', 2]);
      expect(rest[0]).toBe('1 final@2');
    },
  );

  it('is lost when the connection ends without a Close frame', () => {
    expect(
      play([
        [0, final(1, 10)],
        [1, { kind: 'abort', how: 'reset' }],
        [20, close],
      ]),
    ).toEqual(['1 abort', '20 close']);
  });
});
