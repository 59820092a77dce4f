import type { Occasion } from '../../invariant.ts';

/** What the document leaves open, and how it may be read. Two readings of one question from one subject are noticed. */
export const READINGS = {
  numbersDiffer: 'A6: numbers are written differently in the text and in its words',
  idIsNull: 'A13: the confirmation has id null when the request had none',
  idIsAbsent: 'A13: the confirmation has no id when the request had none',
  errorOverHttp: 'A14: errors are HTTP answers to the upgrade',
  errorInBand: 'A14: errors are messages after the upgrade',
  missingIsUnauthorized: 'A15: missing credentials are UNAUTHORIZED, 401',
  missingIsInvalid: 'A15: missing credentials are INVALID_REQUEST, 400',
  missingIsForbidden: 'A15: missing credentials are 403',
  logProbability: 'A16: confidence is a natural log-probability',
  emptyTranscript: 'A17: a flush with nothing buffered returns an empty transcript',
  interimsHaveDetail: 'A18: interims have words and times',
  interimsLackDetail: 'A18: interims lack words or times',
} as const;

export function withReading(occasion: Occasion, reading: string): Occasion {
  return { ...occasion, reading };
}
