import type { Report } from './report.ts';

/** `scriptix`, with its edition if that is not the default one: `scriptix, edition examples`. */
export function dialectText({ dialect, edition }: Report['subject']): string {
  return edition === undefined ? dialect : `${dialect}, edition ${edition}`;
}
