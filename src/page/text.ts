/** Times and texts in the form in which the page shows them. */

/** Such as `0.4 s`, `12.0 s` or `3:05 min`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')} min`;
}

const LIVES: Readonly<Record<string, string>> = {
  'scriptix-microphone': 'Scriptix microphone',
  'scriptix-stream': 'Scriptix stream',
  'reson8-realtime': 'Reson8 realtime',
  'reson8-turns': 'Reson8 turns',
};

/** The name of an endpoint, for people. */
export function nameOfLife(life: string): string {
  return LIVES[life] ?? life;
}

const CODES: Readonly<Record<number, string>> = {
  1000: 'normal end',
  1001: 'going away',
  1005: 'no code',
  1006: 'cut off',
  1009: 'message too long',
  1011: 'internal error',
  1012: 'restart',
};

/** The meaning of a close code, in a few words. */
export function meaningOf(code: number): string {
  return CODES[code] ?? 'closed';
}
