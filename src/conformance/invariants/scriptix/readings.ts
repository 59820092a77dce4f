/**
 * The readings of the documents that can be told apart on the wire. What stands before the colon is the ambiguity: two
 * readings of one are a mixture.
 */
export const READINGS = {
  typeIsOptional: 'A1: type may be left out',
  typeIsRequired: 'A1: type is required',
  moreStates: 'A3: more states than loading and listening are sent',
  offsetIsStart: 'A4: offset_ms is the start of the segment',
  offsetAdvances: 'A4: offset_ms advances within a segment',
  partialsChange: 'A5: a partial may change what the one before said',
  wordsWithSpaces: 'A6: words carry their spaces',
  bareWords: 'A6: words are bare',
  relativeTimes: 'A7: word times are relative to offset_ms',
  absoluteTimes: 'A7: word times count from the beginning of the audio',
  stop: 'A10: stop ends a session',
  oneTokenTwice: 'A19: the same token in two forms',
  locale: 'A21: language may be a locale',
} as const;
