import type { TurnPauses } from '../../../scenario/script.ts';

/** Two points of the curve: how much silence makes it so probable that a turn is over. Ours; no page says. */
const EAGER = { probability: 0.5, ms: 250 };
const FINAL = { probability: 0.92, ms: 700 };

/** What is certain is so after this much silence. */
const LONGEST_MS = 10_000;
/** A window of the audio. */
const SHORTEST_MS = 20;

/** 1 for the probability of the first point. */
const doubt = (probability: number) => Math.log(1 - probability) / Math.log(1 - EAGER.probability);
const EXPONENT = Math.log(FINAL.ms / EAGER.ms) / Math.log(doubt(FINAL.probability));

/** The silence after which it is so probable, 0 to 1, that a turn is over; it grows with the probability. */
function silenceMs(probability: number): number {
  const ms = EAGER.ms * doubt(probability) ** EXPONENT;
  return Math.round(Math.min(LONGEST_MS, Math.max(SHORTEST_MS, ms)));
}

/** The pauses of a connection, by its two parameters; the first is at most the second. */
export function pausesOf(eager: number, final: number): TurnPauses {
  return { candidateMs: silenceMs(eager), endMs: silenceMs(final) };
}
