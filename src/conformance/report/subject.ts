import type { Report } from './report.ts';

/** `scriptix`, with its edition if that is not the default one: `scriptix, edition examples`. */
export function dialectText({ dialect, edition }: Report['subject']): string {
  return edition === undefined ? dialect : `${dialect}, edition ${edition}`;
}

/** The target of a run whose client was started by someone else. */
export const ATTACHED = 'an externally started client';

/**
 * What was judged, as part of a sentence: `the server at wss://api.example.com`, `the client node client.mjs`.
 * @param show escapes the address, command or path for the format
 */
export function subjectText({ kind, target }: Report['subject'], show: (target: string) => string): string {
  if (kind === 'server') return `the server at ${show(target)}`;
  return target === ATTACHED ? ATTACHED : `the ${kind} ${show(target)}`;
}
