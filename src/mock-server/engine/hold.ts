import type { Effect } from './messages.ts';

/** Finals that a step holds back, in order. */
export type Held = readonly HeldFinal[];

interface HeldFinal {
  readonly effect: Effect;
  /** Where its segment begins in the audio. */
  readonly startMs: number;
  /** Infinity: until the next segment has begun. */
  readonly dueMs: number;
}

/** Nothing is held back. */
export const NONE_HELD: Held = [];

/** Beyond this number the oldest final is sent. */
const MOST_HELD = 1000;

/** When the first of them is due. */
export function heldDueMs(held: Held): number | undefined {
  const dueMs = Math.min(...held.map((one) => one.dueMs));
  return Number.isFinite(dueMs) ? dueMs : undefined;
}

/**
 * Takes the effects of a session at `nowMs`, holds back finals that must wait, and releases those that are due. A
 * confirmation, an error, the answer to stop and a close release all of them first; an end without a Close frame loses
 * them.
 */
export function hold(
  before: Held,
  effects: readonly Effect[],
  nowMs: number,
): { readonly held: Held; readonly effects: readonly Effect[] } {
  if (before.length === 0 && !effects.some(isHeldBack)) return { held: before, effects };
  let held = before;
  const out: Effect[] = [];
  const release = (isDue: (final: HeldFinal) => boolean) => {
    out.push(...held.filter(isDue).map(({ effect }) => effect));
    held = held.filter((final) => !isDue(final));
  };
  release(({ dueMs }) => dueMs <= nowMs);
  for (const effect of effects) {
    if (bringsAll(effect)) release(() => true);
    if (effect.kind === 'abort') held = NONE_HELD;
    if (effect.kind !== 'say' || (effect.say.kind !== 'partial' && effect.say.kind !== 'final')) {
      out.push(effect);
      continue;
    }
    const { startMs } = effect.say;
    const isFollowed = (final: HeldFinal) => final.dueMs === Infinity && final.startMs < startMs;
    if (!isHeldBack(effect)) {
      out.push(effect);
      release(isFollowed);
      continue;
    }
    release(isFollowed);
    const { hold: until, ...say } = effect.say;
    const dueMs = until === 'next-segment' ? Infinity : nowMs + until;
    held = [...held, { effect: { kind: 'say', say }, startMs, dueMs }];
    if (held.length > MOST_HELD) release((final) => final === held[0]);
  }
  return { held, effects: out };
}

type HeldBack = Extract<Effect, { kind: 'say' }> & {
  readonly say: { readonly kind: 'final'; readonly hold: number | 'next-segment' };
};

function isHeldBack(effect: Effect): effect is HeldBack {
  return effect.kind === 'say' && effect.say.kind === 'final' && effect.say.hold !== undefined;
}

function bringsAll(effect: Effect): boolean {
  if (effect.kind === 'close' || effect.kind === 'close-with') return true;
  if (effect.kind !== 'say') return false;
  const { say } = effect;
  return say.kind === 'flushed' || say.kind === 'error' || (say.kind === 'state' && say.state === 'stopped');
}
