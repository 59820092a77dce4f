import type { RequirementId } from './requirements.ts';

/**
 * Questions that the documents leave open or answer twice (A1 to A26 of the dossiers), and how each may be read. A peer
 * may follow any reading of a question, but only one: two readings of a question from the same peer are a mixture.
 */
export interface Question {
  readonly id: string;
  /** Which question this is, if an ambiguity consists of several questions with separate answers. */
  readonly aspect?: string;
  readonly question: string;
  /** The requirements whose occasions show the reading. The first of them that is judged reports a mixture. */
  readonly rows: readonly RequirementId[];
  /**
   * The readings that can be distinguished on the wire, by the names that reports use. If there is only one, a peer may
   * follow it some of the time.
   */
  readonly readings: Readonly<Record<string, string>>;
  /** Why there are no readings, or none that exclude each other. */
  readonly note?: string;
}

const refusal = <Aspect extends string>(aspect: Aspect) =>
  ({
    http: `A11 (${aspect}): a bad token is refused in HTTP`,
    error: `A11 (${aspect}): a bad token is refused with an error message`,
    closed: `A11 (${aspect}): a bad token is refused with a close`,
  }) as const;

const detail = <Aspect extends string>(aspect: Aspect) =>
  ({
    there: `A18 (${aspect}): interims have ${aspect}`,
    lacking: `A18 (${aspect}): interims lack ${aspect}`,
  }) as const;

/** All ambiguities. Readings are named only here, so two requirements cannot spell one differently. */
export const AMBIGUITIES = {
  A1: {
    id: 'A1',
    question: 'Is `type` required?',
    rows: ['SX-CONN-016', 'SX-CONN-015'],
    readings: { optional: 'A1: type may be left out', required: 'A1: type is required' },
  },
  A2: {
    id: 'A2',
    question: 'Is `listening` for stream mode only, and does a client wait for it?',
    rows: [],
    readings: {},
    note: 'either is accepted everywhere; SX-I02 and SX-I03 show what was seen',
  },
  A3: {
    id: 'A3',
    question: 'Which states go over the wire?',
    rows: ['SX-STATE-002'],
    readings: { more: 'A3: more states than loading and listening are sent' },
    note: 'a session need not come to a third state',
  },
  A4: {
    id: 'A4',
    question: 'What is `offset_ms`?',
    rows: ['SX-PART-009', 'SX-FIN-013'],
    readings: {
      start: 'A4: offset_ms is the start of the segment',
      advances: 'A4: offset_ms advances within a segment',
    },
  },
  A5: {
    id: 'A5',
    question: 'Does a partial grow, or may it change?',
    rows: ['SX-PART-011'],
    readings: { change: 'A5: a partial may change what the one before said' },
    note: 'a partial that may change need not',
  },
  A6: {
    id: 'A6',
    question: 'Do words carry spaces, and do they add up to the text?',
    rows: ['SX-FIN-010'],
    readings: { spaces: 'A6: words carry their spaces', bare: 'A6: words are bare' },
  },
  numbers: {
    id: 'A6',
    aspect: 'numbers',
    question: 'Are numbers written alike in the text and in its words?',
    rows: ['R8-W-009'],
    readings: { differ: 'A6 (numbers): numbers are written differently in the text and in its words' },
    note: 'not every text has a number',
  },
  A7: {
    id: 'A7',
    question: 'What do word times count from?',
    rows: ['SX-FIN-011'],
    readings: {
      relative: 'A7: word times are relative to offset_ms',
      absolute: 'A7: word times count from the beginning of the audio',
    },
  },
  A8: {
    id: 'A8',
    question: 'How exact are 15 words and 30 seconds?',
    rows: [],
    readings: {},
    note: 'only a segment that is far too long is noticed',
  },
  A9: {
    id: 'A9',
    question: 'Who watches the 15 seconds, and from what to what?',
    rows: [],
    readings: {},
    note: 'both sides are held to it, each where it can be',
  },
  A10: {
    id: 'A10',
    question: 'How does a session end?',
    rows: ['SX-MIC-006'],
    readings: { stop: 'A10: stop ends a session' },
    note: 'a client may end one session with stop and another with a close',
  },
  microphoneRefusal: {
    id: 'A11',
    aspect: 'microphone',
    question: 'How is a bad token reported in microphone mode?',
    rows: ['SX-CONN-011', 'SX-CONN-010'],
    readings: refusal('microphone'),
  },
  streamRefusal: {
    id: 'A11',
    aspect: 'stream',
    question: 'How is a bad token reported in stream mode?',
    rows: ['SX-CONN-011', 'SX-CONN-010'],
    readings: refusal('stream'),
  },
  A12: {
    id: 'A12',
    question: 'Is `ready` true when auto-scaling is off?',
    rows: ['SX-REST-005', 'SX-REST-006', 'SX-REST-019'],
    readings: {
      atOnce: 'A12: initialize answers at once, ready or not',
      saysReady: 'A12: initialize says ready at once, whatever the service is',
    },
    note: 'it may also be ready',
  },
  A13: {
    id: 'A13',
    question: 'Is `id` absent or null when the request had none?',
    rows: ['R8-FL-004'],
    readings: {
      null: 'A13: the confirmation has id null when the request had none',
      absent: 'A13: the confirmation has no id when the request had none',
    },
  },
  A14: {
    id: 'A14',
    question: 'Are 400 and 401 HTTP answers or messages?',
    rows: ['R8-AUTH-007', 'R8-AUTH-008', 'R8-QRY-005'],
    readings: {
      http: 'A14: errors are HTTP answers to the upgrade',
      inBand: 'A14: errors are messages after the upgrade',
    },
  },
  A15: {
    id: 'A15',
    question: 'Are missing credentials a 401 or a 400?',
    rows: ['R8-AUTH-008'],
    readings: {
      unauthorized: 'A15: missing credentials are UNAUTHORIZED, 401',
      invalid: 'A15: missing credentials are INVALID_REQUEST, 400',
      forbidden: 'A15: missing credentials are 403',
    },
  },
  A16: {
    id: 'A16',
    question: 'Is confidence really 0 to 1?',
    rows: ['R8-W-006'],
    readings: { logarithm: 'A16: confidence is a natural log-probability' },
    note: 'the other reading is what R8-W-006 requires',
  },
  A17: {
    id: 'A17',
    question: 'Does a flush with nothing buffered return a transcript?',
    rows: ['R8-TR-012'],
    readings: { empty: 'A17: a flush with nothing buffered returns an empty transcript' },
    note: 'only the server knows what is buffered',
  },
  times: {
    id: 'A18',
    aspect: 'times',
    question: 'Do interims have times?',
    rows: ['R8-TR-005'],
    readings: detail('times'),
  },
  words: {
    id: 'A18',
    aspect: 'words',
    question: 'Do interims have words?',
    rows: ['R8-TR-007'],
    readings: detail('words'),
  },
  wordTimes: {
    id: 'A18',
    aspect: 'word times',
    question: 'Do the words of interims have times?',
    rows: ['R8-W-002'],
    readings: detail('word times'),
  },
  confidences: {
    id: 'A18',
    aspect: 'confidences',
    question: 'Do the words of interims have confidences?',
    rows: ['R8-W-004'],
    readings: detail('confidences'),
  },
  A19: {
    id: 'A19',
    question: "Is the query's `token` required when a header carries it?",
    rows: ['SX-CONN-004'],
    readings: { twice: 'A19: the same token in two forms' },
    note: 'one form at a time is always right',
  },
  A20: {
    id: 'A20',
    question: 'Does the REST API accept the key headers of the WebSocket?',
    rows: [],
    readings: {},
    note: 'a key in another place breaks SX-REST-003',
  },
  A21: {
    id: 'A21',
    question: 'Is `language` a code of ISO 639-1, or may it be a locale?',
    rows: ['SX-CONN-012'],
    readings: { locale: 'A21: language may be a locale' },
    note: 'a plain code is always right',
  },
  A22: {
    id: 'A22',
    question: 'Does a 500 of status mention initialize?',
    rows: [],
    readings: {},
    note: 'its text is checked only where initialize was called',
  },
  A23: {
    id: 'A23',
    question: 'Does `speaker` belong to a final or to a word?',
    rows: [],
    readings: {},
    note: 'it is checked where the documents have it; elsewhere it is an undocumented field',
  },
  A24: {
    id: 'A24',
    question: 'What audio does Scriptix accept?',
    rows: [],
    readings: {},
    note: 'its format has to be declared; otherwise checks that need its clock are not exercised',
  },
  A25: {
    id: 'A25',
    question: 'May a segment have a final without a partial?',
    rows: [],
    readings: {},
    note: 'it is required only for the first result of a connection',
  },
  A26: {
    id: 'A26',
    question: 'Are there no results during silence?',
    rows: [],
    readings: {},
    note: 'only silence from the beginning is judged',
  },
} as const satisfies Readonly<Record<string, Question>>;

type Values<Of> = Of[keyof Of];
type Entry = Values<typeof AMBIGUITIES>;

/** The name of a reading in reports. */
export type Reading = Entry extends infer Each
  ? Each extends { readonly readings: infer Readings }
    ? Values<Readings>
    : never
  : never;

/** All questions, in order. */
export const QUESTIONS: readonly Question[] = Object.values(AMBIGUITIES);
