import { DIALECT_NAMES } from '../../src/protocol/dialects.ts';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bundledFiles, probeFiles, readFileAs } from '../../src/scenario/catalog.ts';
import { CLIENT_VERBS } from '../../src/scenario/schema/client.ts';
import { SERVER_VERBS } from '../../src/scenario/schema/server-steps.ts';
import { titled } from '../support/titled.ts';

/** The bundled scenarios as a library: their names and summaries, and that nothing is missing. */
const SCENARIOS = new URL('../../scenarios/', import.meta.url);
const scenarios = await Promise.all((await bundledFiles()).map(({ path }) => readFileAs(path)));
const probes = await Promise.all((await probeFiles()).map(({ path }) => readFileAs(path)));
const names = new Set(scenarios.map(({ name, file }) => `${file.dialect}/${name}`));

it('the library has scenarios for every dialect, and nothing else in its folders', () => {
  const found = DIALECT_NAMES.flatMap((dialect) =>
    readdirSync(new URL(`${dialect}/`, SCENARIOS)).map((file) => `${dialect}/${file}`),
  );

  // A file with another kind of name would never be listed or played.
  expect(found.sort()).toEqual([...names].map((name) => `${name}.yaml`).sort());
  expect(found.length).toBeGreaterThanOrEqual(60);

  for (const dialect of DIALECT_NAMES) {
    expect(found.filter((name) => name.startsWith(`${dialect}/`)).length).toBeGreaterThanOrEqual(15);
  }
});

const described = scenarios.map((scenario) => {
  const { dialect, summary, source } = scenario.file;
  const text = readFileSync(scenario.path, 'utf8');
  return { id: `${dialect}/${scenario.name}`, name: scenario.name, summary, source, text };
});
const byId = titled(described, ({ id }) => id);

describe('every scenario', () => {
  it.each(byId)('%s has a name that is easy to say and to type', (_title, { name }) => {
    expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(name.length).toBeLessThanOrEqual(32);
  });

  it.each(byId)('%s says what it is for in one line', (_title, { summary }) => {
    expect(summary).toMatch(/^[A-Z]/);
    expect(summary).not.toMatch(/[.!?\s]$|\n/);
    expect(summary.length).toBeGreaterThanOrEqual(20);
    expect(summary.length).toBeLessThanOrEqual(100);
  });

  it.each(byId)('%s names its source and begins with its schema', (_title, { source, text }) => {
    expect(source).toMatch(
      /^(S[0-4]:\d+(-\d+)?|protocol-notes \d(\.\d)?)(; (S[0-4]:\d+(-\d+)?|protocol-notes \d(\.\d)?))*$/,
    );
    expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=../schema.json');

    // In the order in which people read them.
    const keys = text.split('\n').flatMap((line) => /^([a-z]+):/.exec(line)?.[1] ?? []);
    const order = ['dialect', 'summary', 'source', 'seed', 'server', 'client', 'expect'];
    expect(keys).toEqual(order.filter((key) => keys.includes(key)));
    expect(keys).toEqual(expect.arrayContaining(['dialect', 'summary', 'source', 'expect']));
  });
});

it('no two scenarios of a dialect have the same summary', () => {
  const lines = described.map(({ id, summary }) => `${id.split('/')[0] ?? ''}: ${summary}`);
  expect(new Set(lines).size).toBe(lines.length);
});

/** All keys and words anywhere below a value. */
function* wordsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (Array.isArray(value)) for (const one of value) yield* wordsIn(one);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, one] of Object.entries(value)) {
      yield key;
      if (typeof one === 'string' || typeof one === 'number') yield `${key}: ${one}`;
      yield* wordsIn(one);
    }
  }
}

const serverWords = new Set(scenarios.flatMap(({ file }) => [...wordsIn(file.server)]));
const clientWords = new Set([...scenarios, ...probes].flatMap(({ file }) => [...wordsIn(file.client)]));

it('the library shows every step of a server, and every way to distort a result', () => {
  expect(SERVER_VERBS.filter((verb) => !serverWords.has(verb))).toEqual([]);

  const distortions = {
    partials: [
      'none',
      'twice',
      'distinct',
      'regress',
      'rewrite',
      'reorder',
      'empty',
      'late',
      'append',
      'bare',
      'first-segment',
    ],
    finals: ['none', 'twice', 'change', 'empty'],
    offsets: ['advance'],
    spaces: ['none'],
    'hold-finals': ['2s', 'next-segment'],
    times: ['late', 'negative', 'overlap', 'absolute'],
    confidence: ['1', 'logprob'],
    speaker: ['Speaker 1'],
    candidates: ['none', 'twice', 'empty', 'append'],
    turns: ['at-end'],
    flush: ['none', 'twice', 'without-id', 'without-null', 'wrong-id', 'before-final', 'empty-final'],
  };
  const all = Object.entries(distortions).flatMap(([key, values]) =>
    values.map((value) => `${key}: ${value}`),
  );
  expect([...all, 'partial-extra', 'final-extra'].filter((word) => !serverWords.has(word))).toEqual([]);
});

it('the library shows every step of a client', () => {
  expect(CLIENT_VERBS.filter((verb) => !clientWords.has(verb))).toEqual([]);
});

/** What the library must cover, and the scenarios that do. Names without a dialect are of the microphone. */
const COVERED: Readonly<Record<string, readonly string[]>> = {
  // The documented life of a session.
  'S0:38 partials, then finals': ['warm-model', 'several-finals', 'reson8/interims', 'reson8/finals-only'],
  'S0:52 no results in silence': ['silence-gives-nothing', 'reson8/silence-gives-nothing'],
  'S2:97 loading, then listening': ['cold-model', 'scriptix-stream/slow-to-listen'],
  'S2:132 MP3 and M3U8 streams': ['scriptix-stream/signed-url', 'scriptix-stream/hls-playlist'],
  'S3:104-129 ready, scaled down, starting': [
    'scriptix-rest/already-ready',
    'scriptix-rest/scaled-down',
    'scriptix-rest/starting',
  ],
  'S3:72 status starts nothing': ['scriptix-rest/status-never-starts'],
  'S3:168 initialise before connecting': ['scriptix-rest/connect-too-early'],
  'S4:69 flush': ['reson8/speech-after-flush', 'reson8/flush-without-id', 'reson8/silence-gives-nothing'],

  // The errors of the documents.
  'S2:27 the 15 seconds': [
    'start-never-sent',
    'connection-timeout',
    'slow-handshake',
    'handshake-too-late',
    'handshake-hangs',
    'loading-never-ends',
  ],
  'S2:85 error messages': ['error-mid-session', 'error-stays-open', 'results-after-error'],
  'S2:106 close code 1006': ['drop-mid-word', 'reset-mid-word', 'handshake-dropped', 'close-frame-1006'],
  'S2:112 missing token': ['scriptix-stream/missing-token', 'scriptix-stream/token-refused', 'refused-401'],
  'S2:113 missing stream URL': ['scriptix-stream/missing-url'],
  'S2:114 connection timeout': [
    'scriptix-stream/connection-timeout',
    'scriptix-stream/listening-never-comes',
  ],
  'S2:115 invalid stream': [
    'scriptix-stream/invalid-stream',
    'scriptix-stream/unreachable-source',
    'scriptix-stream/source-not-found',
    'scriptix-stream/expired-stream',
  ],
  'S2:116 CORS restrictions': ['scriptix-stream/cors-restricted'],
  'S2:117 unsupported format': ['scriptix-stream/unsupported-format'],
  'S2:118 authentication required': ['scriptix-stream/authentication-required'],
  'S2:135 Icecast': ['scriptix-stream/icecast-cuts-out'],
  'S3:136 401': ['scriptix-rest/unauthorized'],
  'S3:143 403': ['scriptix-rest/forbidden'],
  'S3:150 500': ['scriptix-rest/initialize-breaks'],
  'S3:157 503': ['scriptix-rest/fails-to-start', 'scriptix-rest/starts-at-second-attempt'],
  'S4:132 400': ['reson8/refused-400', 'reson8/unknown-request'],
  'S4:133 401': ['reson8/refused-401', 'reson8/session-expires'],
  'S4:134 500': ['reson8/refused-500', 'reson8/error-mid-session'],

  // protocol-notes 1.3, observed on the real service.
  'slow first partial': ['slow-results', 'first-partial-late'],
  'listening as a pulse': ['listening-pulse'],
  'final missing on stop': ['final-never-comes'],
  'stopped after 17 seconds': ['stopped-late'],
  'deaf after 15 seconds idle': ['deaf-after-pause'],
  'confidence always 1.0': ['confidence-always-one'],
  'static speaker': ['static-speaker'],
  'partials that rewrite': ['partials-rewrite'],
  'identical partials suppressed': ['partials-distinct'],
  'three rejected connects block the token': ['token-blocked'],
  'killed on SIGTERM': ['shutting-down', 'scriptix-stream/shutting-down'],
  'pings as keep-alive': ['ping-keep-alive', 'reson8/server-pings'],

  // protocol-notes 2.1 and 2.5.
  'language empty on interims': ['reson8/language-empty-on-interims'],
  'empty or repeated interims': ['reson8/interims-empty', 'reson8/interims-repeated'],
  'confirmation before its final': ['reson8/confirmation-before-final'],
  'confirmation without an id': ['reson8/confirmation-without-id'],
  'confidence as a logarithm': ['reson8/confidence-logprob'],
  'tokens left in the text': ['reson8/tokens-left-in-text'],
  'fragmented messages': ['reson8/fragmented-transcript', 'fragmented-final'],
  'unknown message types': ['reson8/unknown-message', 'unknown-message'],
  'two flushes in flight': ['reson8/two-flushes-in-flight'],
  'reason in X-Error-Message, 402, 413, 429': [
    'reson8/refused-in-header',
    'reson8/no-credits',
    'reson8/too-large',
    'reson8/too-many-connections',
  ],
  'wrong or missing subprotocol': [
    'reson8/bearer-subprotocol',
    'reson8/no-subprotocol',
    'reson8/token-as-subprotocol',
  ],

  // protocol-notes 5.2, turns.
  'a turn goes on after its candidate': [
    'reson8-turns/turn-continues',
    'reson8-turns/turn-continues-silently',
  ],
  'candidates that repeat, are empty, or are missing': [
    'reson8-turns/candidate-repeated',
    'reson8-turns/candidate-empty',
    'reson8-turns/turn-end-without-candidate',
  ],
  'flushes of turns': [
    'reson8-turns/flush-unanswered',
    'reson8-turns/all-after-flush',
    'reson8-turns/silence-gives-nothing',
    'reson8-turns/nothing-heard',
    'reson8-turns/flush-ends-turn',
  ],
  'a close before or after the end of a turn': [
    'reson8-turns/closed-before-turn-end',
    'reson8-turns/closed-after-turn-end',
  ],
  'the two probabilities': ['reson8-turns/eager-equals-final', 'reson8-turns/probability-refused'],

  // protocol-notes 4, duties of clients: a client that neglects one shows it here.
  'stops at the first final': ['several-finals', 'reson8/finals-only'],
  'loses a second yes': ['yes-twice', 'reson8/yes-twice'],
  'keeps partial text across a reconnect': ['reconnect-after-drop', 'scriptix-stream/reconnect-after-drop'],
  'counts a final twice': ['final-sent-twice', 'scriptix-stream/final-sent-twice', 'reson8/final-sent-twice'],
  'appends partials': ['partials-rewrite', 'partials-shrink', 'partials-append'],
  'closes before the last results': ['late-last-result', 'reson8/confirmation-late'],
  'sends audio before start': ['audio-before-start'],
  'hangs on a half-open socket': ['half-open', 'scriptix-stream/half-open', 'reson8/half-open'],
  'retries a 401': ['token-blocked'],
  'takes 1006 for a normal end': ['drop-mid-word', 'reson8/drop-mid-word'],
  'does not send an option': ['reson8/interims', 'reson8/finals-only'],
  'drops or races audio while reconnecting': ['reconnect-slowly', 'flaky-restart', 'stalled-reading'],

  // Faults of TCP, frames and messages.
  'close with code and reason': [
    'closed-with-1011',
    'closed-with-4000',
    'closed-without-code',
    'closed-mid-sentence',
  ],
  FIN: ['drop-mid-word', 'scriptix-stream/drop-mid-stream', 'reson8/drop-after-flush'],
  RST: ['reset-mid-word', 'scriptix-stream/reset-mid-stream', 'reson8/reset-mid-word'],
  'Close frame not answered': ['reson8/close-not-answered', 'close-never-comes', 'stopped-never-comes'],
  'stalled reading': ['stalled-reading', 'reading-never-resumes'],
  'cut frame': ['cut-frame', 'cut-frame-reset'],
  'malformed frames': ['bad-opcode', 'bad-opcode-stays-open', 'masked-frame', 'bad-utf8', 'close-frame-1006'],
  'malformed messages': ['json-cut-short', 'two-objects-in-one-frame', 'json-not-an-object', 'binary-result'],
  'ping flood': ['ping-flood'],
  'slow drip': ['slow-drip'],
  latency: ['jitter', 'slow-server', 'slow-results'],
  'duplicate, late, reordered, regressing partials': [
    'partials-twice',
    'partial-after-final',
    'partials-out-of-order',
    'partials-shrink',
    'partials-empty',
    'no-partials',
    'result-before-audio',
  ],
  'changed, missing, empty finals': ['final-changes', 'final-never-comes', 'final-empty'],
  'wrong times': [
    'word-times-beyond-audio',
    'word-times-negative',
    'word-times-overlap',
    'word-times-absolute',
    'reson8/word-times-beyond-audio',
  ],
  'chance steps': ['seldom-drops'],
  'handshakes: hang, drop, reset': ['handshake-hangs', 'handshake-dropped', 'handshake-reset'],
  'handshakes: answers and delays': [
    'refused-503',
    'refused-500',
    'answered-200',
    'redirected',
    'slow-handshake',
  ],
  'unknown states and fields': ['unknown-state', 'all-six-states', 'loading-again', 'extra-fields'],
  'confirmations that are wrong': [
    'reson8/confirmation-of-another',
    'reson8/confirmation-twice',
    'reson8/confirmation-never-comes',
    'reson8/confirmation-unasked',
  ],
  'REST: slow and never': [
    'scriptix-rest/slow-answers',
    'scriptix-rest/never-ready',
    'scriptix-rest/status-hangs',
  ],
  // protocol-notes 5.3 and 5.4.
  'access tokens: refused, late, broken, expired': [
    'reson8-rest/token-refused',
    'reson8-rest/token-slow',
    'reson8-rest/token-hangs',
    'reson8-rest/token-breaks',
    'reson8-rest/token-cut-short',
    'reson8-rest/token-rate-limited',
    'reson8-rest/token-expires-early',
    'reson8-rest/token-expires-mid-session',
  ],
  'recordings: 401, 402, 413, 429, 500': [
    'reson8-rest/recording-refused',
    'reson8-rest/no-credits',
    'reson8-rest/too-large',
    'reson8-rest/rate-limited',
    'reson8-rest/recording-breaks',
  ],
  'recordings: slow, never, cut': [
    'reson8-rest/recording-slow',
    'reson8-rest/recording-hangs',
    'reson8-rest/transcript-cut-short',
    'reson8-rest/calls-cut-off',
  ],
  'REST: not what was asked for': [
    'scriptix-rest/calls-cut-off',
    'scriptix-rest/gateway-page',
    'scriptix-rest/json-cut-short',
    'scriptix-rest/other-wording',
    'scriptix-rest/contradicting-answer',
    'scriptix-rest/fields-missing',
  ],
};

it.each(Object.entries(COVERED))('the library covers: %s', (_what, covering) => {
  const ids = covering.map((name) => (name.includes('/') ? name : `scriptix/${name}`));
  expect(ids.filter((id) => !names.has(id))).toEqual([]);
  expect(ids.length).toBeGreaterThan(0);
});
