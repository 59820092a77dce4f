import type { MockServerOptions } from '../../src/mock-server/options.ts';

export type ProgramName = 'scriptix' | 'scriptix-stream' | 'reson8' | 'reson8-turns';

/** A scenario that a client is run with, and what must have happened. Fields that are absent are not checked. */
export interface Case {
  readonly program: ProgramName;
  /** The name of a bundled scenario; without one, the documented behaviour. */
  readonly scenario?: string;
  /** The `server` of a scenario file instead. */
  readonly server?: unknown;
  readonly why?: string;
  readonly audio?: 'short' | 'en-appointment' | 'en-long';
  readonly fake?: MockServerOptions;
  /** Whether it gets the address of the REST API. */
  readonly api?: boolean;
  readonly token?: string;
  readonly streamPath?: string;
  readonly args?: readonly string[];
  readonly exit: 0 | 1;
  readonly finals?: readonly string[] | number;
  /** Kinds of the errors that were reported. */
  readonly errors?: readonly string[];
  /** Close codes that were reported. */
  readonly codes?: readonly number[];
  /** Upgrades that the fake saw; a list is a range. */
  readonly attempts?: number | readonly [number, number];
  readonly states?: readonly string[];
  /** Codes of the client's Close frames; undefined for a connection that it did not close. */
  readonly closedWith?: readonly (number | undefined)[];
}

/** The text of the first three seconds of en-appointment.wav, and of the rest. */
const FIRST = 'good morning you have an appointment with doctor Jansen tomorrow';
const SECOND = 'please bring your passport and be here at nine';
const LONG = [
  'the ship left port at dawn and went north by the coast while the crew,',
  'drank tea and sang till the sun came up and the old man told us,',
  'how he once met a whale',
].map((text) => text.replace(',', ''));

/** The client succeeds without errors. */
const WELL = {
  exit: 0,
  finals: [FIRST],
  errors: [],
  codes: [1000],
  attempts: 1,
  closedWith: [1000],
} as const;
/** The client is refused, and does not try again. */
const REFUSED = { exit: 1, finals: 0, codes: [1006], attempts: 1 } as const;
/** The same without an answer to the upgrade, which the fake does not count. */
const UNANSWERED = { exit: 1, finals: 0, codes: [1006] } as const;
/** The client gets an error message, closes the connection, and does not reconnect. */
const TOLD = { exit: 1, errors: ['server'], attempts: 1 } as const;

const MICROPHONE: readonly Omit<Case, 'program'>[] = [
  { ...WELL, states: ['loading', 'listening'] },
  { scenario: 'several-finals', audio: 'en-long', ...WELL, finals: LONG },
  { scenario: 'warm-model', ...WELL, states: ['listening'] },
  { scenario: 'cold-model', ...WELL },
  { scenario: 'unknown-state', ...WELL, states: ['warming_up', 'listening', 'overloaded'] },
  { scenario: 'listening-pulse', ...WELL },
  { scenario: 'unknown-message', ...WELL },
  { scenario: 'extra-fields', ...WELL },
  { scenario: 'json-cut-short', ...WELL },
  { scenario: 'json-not-an-object', ...WELL },
  { scenario: 'two-objects-in-one-frame', ...WELL },
  { scenario: 'binary-result', ...WELL },
  { scenario: 'static-speaker', ...WELL },
  { scenario: 'slow-results', ...WELL },
  { scenario: 'slow-server', ...WELL },
  { scenario: 'partials-rewrite', ...WELL, finals: ['one two three four'] },
  { scenario: 'partial-after-final', ...WELL, finals: ['one two three four'] },
  { scenario: 'yes-twice', ...WELL, finals: ['yes', 'yes'] },
  { scenario: 'final-sent-twice', ...WELL, finals: ['good morning'] },
  { scenario: 'final-changes', ...WELL, finals: ['good morning doctor'] },
  { scenario: 'unicode-text', ...WELL, finals: ['naïve café 日本語 مرحبا 👩‍🚀'] },
  // Like stalled-reading, which stalls for 10 s. The clients wait for 12 s, which may be over before a busy machine continues.
  {
    why: 'a server that reads nothing for five seconds, and then catches up',
    server: ['open', { transcribe: { until: { partials: 2 } } }, { stall: { for: '5s' } }, 'transcribe'],
    ...WELL,
  },
  { scenario: 'slow-handshake', ...WELL },
  { scenario: 'handshake-hangs', ...UNANSWERED, errors: ['timeout'] },
  { scenario: 'handshake-reset', ...UNANSWERED, errors: ['closed'] },
  { scenario: 'refused-401', ...REFUSED, errors: ['auth'] },
  { scenario: 'token-blocked', ...REFUSED, errors: ['auth'] },
  { scenario: 'refused-400', ...REFUSED, errors: ['server'] },
  { scenario: 'refused-500', ...REFUSED, errors: ['server'] },
  { scenario: 'answered-200', ...REFUSED, errors: ['server'] },
  { scenario: 'error-mid-session', ...TOLD, finals: 0, codes: [1000] },
  { scenario: 'error-stays-open', ...TOLD, finals: 0, codes: [1000], closedWith: [1000] },
  { scenario: 'results-after-error', ...TOLD, finals: 0, closedWith: [1000] },
  { scenario: 'loading-never-ends', exit: 1, errors: ['timeout'], codes: [1000], attempts: 1 },
  { scenario: 'final-never-comes', exit: 1, finals: 0, errors: ['other'], codes: [1000], attempts: 1 },
  { scenario: 'closed-mid-sentence', exit: 1, finals: 0, errors: ['closed'], codes: [1000], attempts: 1 },
  { scenario: 'closed-with-4000', exit: 1, finals: 0, errors: ['closed'], codes: [4000], attempts: 1 },
  { scenario: 'drop-mid-word', exit: 1, finals: 0, attempts: [3, 6] },
  { scenario: 'bad-opcode-stays-open', exit: 1, finals: 0, attempts: [3, 6] },
  {
    scenario: 'reconnect-after-drop',
    ...WELL,
    errors: ['closed'],
    codes: [1006, 1000],
    attempts: 2,
    closedWith: [undefined, 1000],
  },
  {
    scenario: 'flaky-restart',
    ...WELL,
    errors: ['closed', 'server', 'server'],
    attempts: 4,
    codes: [1006, 1006, 1006, 1000],
    closedWith: [undefined, undefined, undefined, 1000],
  },
  {
    why: 'a key that is refused after a drop is not tried again',
    server: {
      attempts: [
        ['open', { transcribe: { until: { partials: 2 } } }, { abort: 'fin' }],
        { handshake: { status: 403, body: { detail: 'Token is blocked' } } },
      ],
    },
    exit: 1,
    finals: 0,
    errors: ['closed', 'auth'],
    codes: [1006, 1006],
    attempts: 2,
  },
  {
    why: 'a connection that goes silent is noticed, and the audio of that time is not lost',
    audio: 'en-long',
    server: {
      attempts: [
        ['open', { transcribe: { until: { partials: 4 } } }, { abort: 'silence' }],
        ['open', 'transcribe'],
      ],
    },
    ...WELL,
    finals: LONG,
    errors: ['closed'],
    codes: [1006, 1000],
    attempts: 2,
    closedWith: [undefined, 1000],
  },
  // If the recording ended before the silence was noticed, the client used to give up as if the service sent no final.
  {
    why: 'a connection that goes silent is noticed at the end of the recording, too',
    server: {
      attempts: [
        ['open', { transcribe: { until: { partials: 4 } } }, { abort: 'silence' }],
        ['open', 'transcribe'],
      ],
    },
    ...WELL,
    errors: ['closed'],
    codes: [1006, 1000],
    attempts: 2,
    closedWith: [undefined, 1000],
  },
  {
    why: 'a final from before a drop is kept, and its audio is not sent again',
    audio: 'en-appointment',
    server: {
      attempts: [
        // A reset discards what has arrived but was not read yet.
        ['open', { transcribe: { until: { finals: 1 } } }, { wait: '500ms' }, { abort: 'reset' }],
        ['open', { speak: { text: SECOND, pace: '100ms' } }, { wait: '30s' }],
      ],
    },
    exit: 0,
    finals: [FIRST, SECOND],
    errors: ['closed'],
    codes: [1006, 1000],
    attempts: 2,
  },
  {
    why: 'initialized first',
    api: true,
    fake: { service: { status: 'scaled_down', startMs: 300 } },
    ...WELL,
  },
  { why: 'REST', api: true, token: 'invalid-key', ...REFUSED, codes: [], attempts: 0, errors: ['auth'] },
  { why: 'REST', api: true, token: 'user-key', ...REFUSED, codes: [], attempts: 0, errors: ['auth'] },
  { why: 'REST', api: true, token: 'fails-to-start', ...REFUSED, codes: [], attempts: 0, errors: ['server'] },
  {
    why: 'REST',
    api: true,
    token: 'initialize-breaks',
    ...REFUSED,
    codes: [],
    attempts: 0,
    errors: ['server'],
  },
  { why: 'REST', api: true, token: 'fields-missing', ...REFUSED, codes: [], attempts: 0, errors: ['server'] },
  { why: 'REST', api: true, token: 'json-cut-short', ...REFUSED, codes: [], attempts: 0, errors: ['server'] },
];

const STREAM: readonly Omit<Case, 'program'>[] = [
  {
    exit: 0,
    finals: [FIRST, SECOND],
    errors: [],
    codes: [1000],
    attempts: 1,
    states: ['loading', 'listening'],
  },
  {
    scenario: 'signed-url',
    streamPath: '/en-appointment.mp3?sv=1&sig=a%2Bb%3D',
    exit: 0,
    finals: 2,
    attempts: 1,
  },
  { scenario: 'final-sent-twice', exit: 0, finals: 2, codes: [1000], attempts: 1 },
  {
    scenario: 'reconnect-after-drop',
    exit: 0,
    finals: 2,
    errors: ['closed'],
    codes: [1006, 1000],
    attempts: 2,
  },
  { scenario: 'drop-mid-stream', exit: 1, finals: [FIRST], attempts: [3, 6] },
  { scenario: 'invalid-stream', ...TOLD, finals: 0 },
  { scenario: 'expired-stream', ...TOLD, finals: 1 },
  { scenario: 'token-refused', ...TOLD, finals: 0 },
  { scenario: 'connection-timeout', ...TOLD, finals: 0 },
  { scenario: 'refused-401', ...REFUSED, errors: ['auth'] },
  { streamPath: '/no-such-recording.mp3', ...TOLD, finals: 0 },
];

const RESON8: readonly Omit<Case, 'program'>[] = [
  { audio: 'en-appointment', ...WELL, finals: [FIRST, SECOND] },
  { args: ['--auth', 'bearer'], ...WELL },
  { args: ['--auth', 'subprotocol'], ...WELL },
  { scenario: 'unknown-message', ...WELL },
  { scenario: 'server-pings', ...WELL },
  { scenario: 'language-empty-on-interims', ...WELL },
  { scenario: 'confirmation-late', ...WELL },
  { scenario: 'confirmation-twice', ...WELL },
  { scenario: 'confirmation-unasked', ...WELL },
  { scenario: 'confirmation-without-id', ...WELL },
  { scenario: 'confirmation-before-final', ...WELL },
  { scenario: 'final-sent-twice', ...WELL },
  { scenario: 'fragmented-transcript', ...WELL, finals: ['the patient presented with chest pain', FIRST] },
  {
    why: 'the same words are said twice, and both finals count',
    server: [
      { final: { text: 'yes', offset: '300ms' } },
      { final: { text: 'yes', offset: '2100ms' } },
      { transcribe: { partials: 'none', finals: 'none' } },
    ],
    ...WELL,
    finals: ['yes', 'yes'],
  },
  {
    why: 'a confirmation with the id null',
    server: [
      { transcribe: { flush: 'none', until: { speech: '2s' } } },
      { await: { for: 'flush' } },
      'finish',
      { confirm: null },
      { wait: '30s' },
    ],
    exit: 0,
    errors: [],
    attempts: 1,
  },
  { scenario: 'confirmation-of-another', exit: 1, finals: [FIRST], errors: ['timeout'], codes: [1000] },
  { scenario: 'confirmation-never-comes', exit: 1, finals: [FIRST], errors: ['timeout'], codes: [1000] },
  { scenario: 'final-lost-in-flush', exit: 1, finals: 0, errors: ['other'], codes: [1000] },
  {
    scenario: 'close-not-answered',
    exit: 1,
    finals: [FIRST],
    errors: ['closed'],
    codes: [1006],
    attempts: 1,
  },
  { scenario: 'refused-400', ...REFUSED, errors: ['server'] },
  { scenario: 'refused-401', ...REFUSED, errors: ['auth'] },
  { scenario: 'refused-500', ...REFUSED, errors: ['server'] },
  { scenario: 'refused-in-header', ...REFUSED, errors: ['auth'] },
  { scenario: 'no-credits', ...REFUSED, errors: ['server'] },
  { scenario: 'handshake-hangs', ...UNANSWERED, errors: ['timeout'] },
  { scenario: 'error-mid-session', ...TOLD, finals: 0 },
  { scenario: 'session-expires', ...TOLD, finals: 0 },
  { scenario: 'drop-mid-word', exit: 1, finals: 0, attempts: [3, 6] },
  {
    scenario: 'reconnect-after-drop',
    ...WELL,
    errors: ['closed'],
    codes: [1006, 1000],
    attempts: 2,
    closedWith: [undefined, 1000],
  },
];

const TURNS: readonly Omit<Case, 'program'>[] = [
  { audio: 'en-appointment', ...WELL, finals: [FIRST, SECOND] },
  { args: ['--auth', 'subprotocol'], ...WELL },
  { scenario: 'unknown-message', ...WELL },
  { scenario: 'all-after-flush', ...WELL },
  { scenario: 'confirmation-besides', ...WELL },
  {
    scenario: 'turns-with-same-text',
    exit: 1,
    finals: ['yes', 'yes'],
    errors: ['timeout'],
    codes: [1000],
    attempts: 1,
  },
  { scenario: 'closed-before-turn-end', exit: 1, finals: 0, errors: ['closed'], codes: [1000], attempts: 1 },
  { scenario: 'no-credits', ...REFUSED, errors: ['server'] },
  { scenario: 'error-mid-session', ...TOLD, finals: 0 },
  {
    scenario: 'reconnect-after-drop',
    ...WELL,
    errors: ['closed'],
    codes: [1006, 1000],
    attempts: 2,
    closedWith: [undefined, 1000],
  },
];

export const CASES: readonly Case[] = [
  ...MICROPHONE.map((rest) => ({ program: 'scriptix' as const, ...rest })),
  ...STREAM.map((rest) => ({ program: 'scriptix-stream' as const, ...rest })),
  ...RESON8.map((rest) => ({ program: 'reson8' as const, ...rest })),
  ...TURNS.map((rest) => ({ program: 'reson8-turns' as const, ...rest })),
];

export function titleOf({ scenario, server, why, api, token, args, streamPath }: Case): string {
  const what =
    scenario ??
    (server === undefined ? undefined : why) ??
    (api === true ? `${why ?? ''} ${token ?? ''}` : undefined);
  return what?.trim() ?? args?.join(' ') ?? streamPath ?? 'as documented';
}
