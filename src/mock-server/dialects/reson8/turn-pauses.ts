import type { TurnPauses } from '../../../scenario/script.ts';

/** Two points of the curve from silence to the probability that a turn is over. The vendor publishes none; these are our choice. */
const EAGER = { probability: 0.5, ms: 250 };
const FINAL = { probability: 0.92, ms: 700 };

/** After this much silence a turn is certainly over. */
const LONGEST_MS = 10_000;
/** One window of the audio clock. */
const SHORTEST_MS = 20;

/** Grows with the probability; it is 1 at the first point. */
const doubt = (probability: number) => Math.log(1 - probability) / Math.log(1 - EAGER.probability);
const EXPONENT = Math.log(FINAL.ms / EAGER.ms) / Math.log(doubt(FINAL.probability));

/** The silence after which a turn is over with this probability, from 0 to 1. */
function silenceMs(probability: number): number {
  const ms = EAGER.ms * doubt(probability) ** EXPONENT;
  return Math.round(Math.min(LONGEST_MS, Math.max(SHORTEST_MS, ms)));
}

/** The pauses of a connection, from its two parameters; the first is at most the second. */
export function pausesOf(eager: number, final: number): TurnPauses {
  return { candidateMs: silenceMs(eager), endMs: silenceMs(final) };
}
