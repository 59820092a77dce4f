/** Mistakes of a server that break several requirements at once. */
export const MISTAKES = {
  /** `is_final` on a text that changes afterwards. */
  goesOn: 'a final that goes on',
  twice: 'messages that come twice',
  noFinal: 'nothing final before the confirmation',
  strangeId: 'confirmations with an id that no request has',
} as const;
