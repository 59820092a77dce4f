import type { TraceContext, TraceEvent, TraceFact } from '../../src/wire/trace.ts';

/** A made-up trace of about this many events. */
export type Shape = (count: number) => readonly TraceEvent[];

const said = (from: 'client' | 'server', message: unknown): TraceFact => ({
  kind: 'text',
  from,
  text: typeof message === 'string' ? message : JSON.stringify(message),
});
const audio: TraceFact = { kind: 'binary', from: 'client', byteCount: 3200 };
const shows = (text: string): TraceFact => ({ kind: 'report', report: { event: 'display', text } });
const fails: TraceFact = { kind: 'report', report: { event: 'error', kind: 'other', message: 'x' } };

interface Sessions {
  readonly target: string;
  /** The number of events of each session; all of them if absent. */
  readonly each?: number;
  readonly about?: (session: number) => TraceContext;
  readonly facts: (place: number, count: number) => TraceFact;
}

/** Sessions that open, exchange some messages and are closed, one after another. */
function sessions({ target, each = Infinity, about, facts }: Sessions): Shape {
  return (count) => {
    const events: TraceEvent[] = [];
    for (let s = 1; events.length < count; s++) {
      const put = (fact: TraceFact) => events.push({ session: `s${s}`, atMs: events.length * 7, ...fact });
      if (about !== undefined) put({ kind: 'context', about: about(s) });
      put({ kind: 'request', method: 'GET', target, headers: { host: 'x' } });
      put({ kind: 'response', status: 101, headers: {} });
      for (let place = 0; place < Math.min(each, count) - 6; place++) put(facts(place, count));
      put({ kind: 'close', from: 'client', code: 1000, reason: '' });
      put({ kind: 'close', from: 'server', code: 1000, reason: '' });
      put({ kind: 'end', by: 'client', how: 'close', code: 1000 });
    }
    return events;
  };
}

const MICROPHONE = '/v2/realtime?token=redacted-1&type=fast&language=en';
const STREAM = '/v2/client/redacted-1?url=https://example.com/a.mp3&language=en';
const REALTIME =
  '/v1/speech-to-text/realtime?encoding=pcm_s16le&include_interim=true&include_words=true&include_timestamps=true';

const TURNS = '/v1/speech-to-text/turns?encoding=pcm_s16le&include_words=true&include_timestamps=true';

const words = (place: number) =>
  [0, 1, 2].map((i) => ({
    text: ` w${place}-${i}`,
    start: place / 10 + i / 100,
    end: place / 10 + (i + 1) / 100,
  }));
const final = (place: number, offset: number) =>
  said('server', { text: `word ${place}`, is_final: true, offset_ms: offset, words: words(place) });
const partial = (place: number, offset: number) =>
  said('server', { text: `word ${place}`, is_final: false, offset_ms: offset, stability: 0.5 });

/** A start, the state, a little audio, and then other events again and again. */
const begun =
  (rest: (place: number, count: number) => TraceFact) =>
  (place: number, count: number): TraceFact =>
    place === 0
      ? said('client', { action: 'start' })
      : place === 1
        ? said('server', { state: 'listening' })
        : place === 2
          ? audio
          : rest(place, count);

/** Several kinds of events in turn. */
const turns =
  (...those: readonly ((place: number) => TraceFact)[]) =>
  (place: number): TraceFact =>
    those[place % those.length]?.(place) ?? audio;

/** Events as they should be, next to wrong ones. */
const scriptix = begun(
  turns(
    () => audio,
    (place) => partial(place, place * 100),
    (place) => shows(`word ${place - 1}`),
    (place) => final(place, place * 100),
    () => audio,
    (place) => said('server', { state: `odd-${place % 5}` }),
    (place) => said('server', { text: 'w', is_final: true, offset_ms: 1, words: [], extra: place }),
    () => ({ kind: 'ping', from: 'server', base64: 'eA==' }),
    () => audio,
    () => said('client', 'no JSON'),
    (place) => said('server', { text: ' ', is_final: false, offset_ms: -place }),
  ),
);

const transcript = (place: number, isFinal: boolean) =>
  said('server', {
    type: 'transcript',
    text: `word ${place}`,
    is_final: isFinal,
    start_ms: place * 100,
    duration_ms: 30,
    words: [{ text: 'word', start_ms: place * 100, duration_ms: 10 }],
  });
const candidate = (place: number) =>
  said('server', {
    type: 'turn_end_candidate',
    text: `word ${place}`,
    start_ms: place * 100,
    duration_ms: 30,
    words: [{ text: 'word', start_ms: place * 100, duration_ms: 10 }],
  });
const asks = (id?: string) => said('client', { type: 'flush_request', ...(id === undefined ? {} : { id }) });
const confirms = (id?: string | null) =>
  said('server', { type: 'flush_confirmation', ...(id === undefined ? {} : { id }) });

const reson8 = turns(
  () => audio,
  (place) => transcript(place, false),
  (place) => shows(`word ${place - 1}`),
  (place) => transcript(place, true),
  () => audio,
  (place) => asks(`f${place}`),
  () => asks(),
  (place) => confirms(`f${place - 2}`),
  () => confirms(),
  () => audio,
  (place) => confirms(`foreign-${place}`),
  (place) => said('server', { type: `odd-${place % 5}` }),
  () => said('client', 'no JSON'),
);

const speech =
  (dialect: 'scriptix' | 'reson8') =>
  (session: number): TraceContext => ({
    dialect,
    credential: 'valid',
    scenario: `play-${Math.floor(session / 2)}`,
    group: `play-${Math.floor(session / 2)}`,
    role: session % 2 === 0 ? 'one' : 'other',
    audio: { content: 'speech', bytesPerMs: 32 },
  });

const STATUS = { method: 'GET', target: '/api/v4/realtime/status' };
const INITIALIZE = { method: 'POST', target: '/api/v4/realtime/initialize' };
const ANSWERS = [
  {
    ...STATUS,
    status: 200,
    body: '{"status":"scaled_down","ready":false,"message":"x","endpoint":"wss://x/y"}',
  },
  { ...INITIALIZE, status: 503, body: '{"detail":"x"}' },
  {
    ...INITIALIZE,
    status: 200,
    body: '{"status":"ready","ready":true,"message":"x","endpoint":"wss://x/y"}',
  },
  { ...STATUS, status: 401, body: '{"detail":"Not authenticated"}' },
  { ...STATUS, status: 500, body: '' },
];

/** Calls of the REST API, with answers of all kinds. */
function calls(count: number): readonly TraceEvent[] {
  const events: TraceEvent[] = [];
  for (let call = 0; events.length < count; call++) {
    const put = (fact: TraceFact) => events.push({ session: `h${call}`, atMs: events.length * 7, ...fact });
    const { method, target, status, body } = ANSWERS[call % ANSWERS.length] ?? {
      ...STATUS,
      status: 200,
      body: '',
    };
    put({ kind: 'context', about: { dialect: 'scriptix-rest', credential: 'valid' } });
    put({ kind: 'request', method, target, headers: { host: 'x', 'x-zoom-s2t-key': 'redacted-1' } });
    put({ kind: 'response', status, headers: { 'content-type': 'application/json' }, body });
    put({ kind: 'end', by: 'server', how: 'refused', code: 1006 });
  }
  return events;
}

/** Connections that all begin before any ends, and are taken or refused. */
function parallel(count: number): readonly TraceEvent[] {
  const many = Array.from({ length: Math.ceil(count / 4) }, (_, i) => i);
  const facts: readonly ((i: number) => TraceFact)[] = [
    () => ({ kind: 'context', about: { dialect: 'scriptix', credential: 'valid' } }),
    () => ({
      kind: 'request',
      method: 'GET',
      target: MICROPHONE,
      headers: { host: 'x', upgrade: 'websocket' },
    }),
    (i) => ({ kind: 'response', status: [101, 503, 401, 429][i % 4] ?? 101, headers: {} }),
    () => ({ kind: 'end', by: 'client', how: 'fin', code: 1006 }),
  ];
  return facts.flatMap((fact, place) =>
    many.map((i) => ({ session: `s${i}`, atMs: place * count + i, ...fact(i) })),
  );
}

const long = (target: string, facts: Sessions['facts']) => sessions({ target, facts });

/**
 * Files with many sessions and with one, of both services, with and without reports, in which everything is right or
 * everything is wrong.
 */
export const SHAPES: Readonly<Record<string, Shape>> = {
  'many sessions of Scriptix': sessions({ target: MICROPHONE, each: 40, facts: scriptix }),
  'many sessions of Scriptix in pairs': sessions({
    target: MICROPHONE,
    each: 40,
    facts: scriptix,
    about: speech('scriptix'),
  }),
  'one session of Scriptix': long(MICROPHONE, scriptix),
  'one session of stream mode': long(STREAM, scriptix),
  finals: long(
    MICROPHONE,
    begun((place) => final(place, place * 100)),
  ),
  'finals of one segment': long(
    MICROPHONE,
    begun((place) => final(place, 0)),
  ),
  'results whose offsets fall': long(
    MICROPHONE,
    begun((place, count) => (place % 2 === 0 ? final : partial)(place, (count - place) * 10)),
  ),
  'states that are unknown': long(
    MICROPHONE,
    begun((place) => said('server', { state: `s${place}` })),
  ),
  errors: long(
    MICROPHONE,
    begun((place) => said('server', { error: `e${place}` })),
  ),
  'messages of an unknown kind': long(
    MICROPHONE,
    begun((place) => said('server', { [`x${place}`]: 1 })),
  ),
  // Each breaks several requirements, one of which explains all the others.
  'results of another form': long(
    MICROPHONE,
    begun(() => said('server', { partial: [{ text: 'word' }], offset_ms: 0 })),
  ),
  'results without a final mark': long(
    MICROPHONE,
    begun((place) => said('server', { text: `word ${place}`, offset_ms: place * 100 })),
  ),
  'texts that are not JSON': long(
    MICROPHONE,
    begun(() => said('server', 'word {')),
  ),
  'a client of Scriptix that reports errors': long(
    MICROPHONE,
    begun(
      turns(
        () => fails,
        (place) => said('server', { state: `s${place}` }),
      ),
    ),
  ),
  'a client of Scriptix that shows what it gets': long(
    MICROPHONE,
    begun(
      turns(
        (place) => final(place, place * 100),
        (place) => shows(`word ${place - 1}`),
      ),
    ),
  ),
  'many sessions of Reson8': sessions({ target: REALTIME, each: 40, facts: reson8 }),
  'many sessions of Reson8 in pairs': sessions({
    target: REALTIME,
    each: 40,
    facts: reson8,
    about: speech('reson8'),
  }),
  'one session of Reson8': long(REALTIME, reson8),
  'one session of Reson8 with speech': sessions({ target: REALTIME, facts: reson8, about: speech('reson8') }),
  'flushes that are confirmed, and nothing else': sessions({
    target: REALTIME,
    facts: turns(
      (place) => asks(`f${place}`),
      (place) => confirms(`f${place - 1}`),
      () => audio,
      () => audio,
    ),
    about: speech('reson8'),
  }),
  'flushes that are all open': long(REALTIME, (place, count) => (place < count / 2 ? asks() : confirms())),
  'flushes of one id': long(REALTIME, (place, count) => (place < count / 2 ? confirms('f') : asks('f'))),
  'flushes without an answer': long(REALTIME, (place, count) =>
    place < count - 30 ? asks(`f${place}`) : confirms(`foreign-${place}`),
  ),
  'confirmations of nothing': long(
    REALTIME,
    turns(
      () => asks(),
      () => confirms(null),
    ),
  ),
  'transcripts whose text is a number': long(
    REALTIME,
    turns(
      () => audio,
      (place) => said('server', { type: 'transcript', text: place, is_final: true }),
    ),
  ),
  'turns that end': long(
    TURNS,
    turns(
      () => audio,
      () => said('server', { type: 'turn_start' }),
      (place) => candidate(place),
      () => said('server', { type: 'turn_end' }),
    ),
  ),
  'a turn that goes on': long(
    TURNS,
    turns(
      () => audio,
      (place) => candidate(place),
      () => said('server', { type: 'turn_continuation' }),
    ),
  ),
  'turns that start and start': long(TURNS, () => said('server', { type: 'turn_start' })),
  'candidates of no turn': long(TURNS, (place) => candidate(place)),
  'flushes of turns': long(
    TURNS,
    turns(
      () => audio,
      () => asks(),
      (place) => (place % 2 === 0 ? candidate(place) : said('server', { type: 'turn_end' })),
    ),
  ),
  'a client of Reson8 that reports errors': long(
    REALTIME,
    turns(
      () => audio,
      () => fails,
      (place) => said('server', { type: `t${place}` }),
    ),
  ),
  'calls of the REST API': calls,
  'connections at the same time': parallel,
  'pings of both sides': long(MICROPHONE, (place) => ({
    kind: 'ping',
    from: place % 2 === 0 ? 'server' : 'client',
    base64: Buffer.from(`x${place}`).toString('base64'),
  })),
};
