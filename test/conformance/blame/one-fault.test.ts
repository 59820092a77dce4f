import { beforeAll, describe, expect, it } from 'vitest';
import { judgePlays, playOf, requirementsOf } from '../../../src/conformance/judge-plays.ts';
import { TOLERANCES } from '../../../src/conformance/judge/tolerances.ts';
import { startMockServer } from '../../../src/mock-server/server.ts';
import type { TraceEvent } from '../../../src/wire/trace.ts';
import { fixture } from '../../support/audio.ts';
import { connect } from '../../support/clients/client.ts';
import { EVERYTHING, confirmation, dial, flush } from '../../support/reson8.ts';
import { microphoneUrl } from '../../support/scriptix/scriptix.ts';

type Fields = Record<string, unknown>;
type TextEvent = Extract<TraceEvent, { kind: 'text' }>;
type Service = 'scriptix' | 'reson8';

/** One fault in one message, and which messages can have it. */
interface Fault {
  readonly name: string;
  readonly in: (fields: Fields) => boolean;
  readonly change: (event: TextEvent, fields: Fields) => readonly TraceEvent[];
}

const BYTES_PER_S = 32_000;
/** So many messages of a session get a fault, each alone. */
const MOST_PLACES = 5;

const known = (service: Service): TraceEvent => ({
  session: 's1',
  atMs: 0,
  kind: 'context',
  about: {
    credential: 'valid',
    audio: { bytesPerMs: 32, content: 'speech' },
    ...(service === 'reson8' ? { dialect: service } : {}),
  },
});

async function dictated(): Promise<readonly TraceEvent[]> {
  await using fake = await startMockServer({ scenario: 'happy-path' });
  await using client = connect(microphoneUrl(fake, { language: 'en', type: 'fast' }));
  await client.open;
  client.send({ action: 'start' });
  await client.settled();
  await client.sendAudio(fixture('en-appointment.wav').pcm, { frameBytes: 3200 });
  client.send({ action: 'stop' });
  await client.closed;
  return [known('scriptix'), ...fake.journal.ids.flatMap((id) => fake.journal.events(id))];
}

async function flushed(): Promise<readonly TraceEvent[]> {
  await using fake = await startMockServer({ scenario: 'happy-path' });
  await using client = dial(fake.urls.reson8.realtime, EVERYTHING);
  await client.open;
  const { pcm } = fixture('en-appointment.wav');
  // In the middle of a sentence, with an id and without, and at its end.
  await client.sendAudio(pcm.subarray(0, 2 * BYTES_PER_S), { frameBytes: 3200 });
  flush(client, 'middle');
  await confirmation(client);
  await client.sendAudio(pcm.subarray(2 * BYTES_PER_S, 5 * BYTES_PER_S), { frameBytes: 3200 });
  flush(client, null);
  await confirmation(client);
  await client.sendAudio(pcm.subarray(5 * BYTES_PER_S), { frameBytes: 3200 });
  flush(client, 'end');
  await confirmation(client);
  client.close();
  await client.closed;
  return [known('reson8'), ...fake.journal.ids.flatMap((id) => fake.journal.events(id))];
}

function fieldsOf(event: TraceEvent): Fields | undefined {
  return event.kind === 'text' && event.from === 'server' ? (JSON.parse(event.text) as Fields) : undefined;
}

const withText = (event: TextEvent, text: string): TraceEvent => ({ ...event, text });
const withFields = (event: TextEvent, fields: Fields) => withText(event, JSON.stringify(fields));
const any = () => true;
const isFinal = (fields: Fields) => 'offset_ms' in fields && fields['is_final'] === true;
const isTranscript = ({ type }: Fields) => type === 'transcript';
const isFinalTranscript = (fields: Fields) => isTranscript(fields) && fields['is_final'] === true;
const isConfirmation = ({ type }: Fields) => type === 'flush_confirmation';
const has = (name: string) => (fields: Fields) => name in fields;

function field(name: string, value: unknown, which: Fault['in'] = has(name)): Fault {
  return {
    name: `${name} is ${value === undefined ? 'absent' : JSON.stringify(value)}`,
    in: which,
    change: (event, fields) => [withFields(event, { ...fields, [name]: value })],
  };
}

const FORM: readonly Fault[] = [
  { name: 'no JSON', in: any, change: (event) => [withText(event, 'go ahead')] },
  { name: 'cut JSON', in: any, change: (event) => [withText(event, event.text.slice(0, -2))] },
  { name: 'an array', in: any, change: (event) => [withText(event, `[${event.text}]`)] },
  { name: 'two objects in one', in: any, change: (event) => [withText(event, event.text + event.text)] },
  {
    name: 'binary',
    in: any,
    change: ({ session, atMs, text }) => [
      { session, atMs, kind: 'binary', from: 'server', byteCount: text.length },
    ],
  },
];
const repeated = (which: Fault['in']): Fault => ({
  name: 'repeated',
  in: which,
  change: (event) => [event, event],
});

const flipped: Fault = {
  name: 'is_final is the opposite',
  in: has('is_final'),
  change: (event, fields) => [withFields(event, { ...fields, is_final: fields['is_final'] !== true })],
};

const FAULTS: Readonly<Record<Service, readonly Fault[]>> = {
  scriptix: [
    ...FORM,
    flipped,
    ...[7, null, undefined].map((value) => field('text', value)),
    ...[null, undefined, {}].map((value) => field('words', value, isFinal)),
    ...['0', 0.5, null, undefined, -5].map((value) => field('offset_ms', value)),
    ...['true', null, undefined, 1].map((value) => field('is_final', value)),
    field('state', 1),
    repeated(isFinal),
    {
      name: 'corrected',
      in: isFinal,
      change: (event, fields) => [
        event,
        withFields(event, { ...fields, text: 'something else', words: [[' something else', 0, 300, 0.9]] }),
      ],
    },
    {
      name: 'a partial for what is final',
      in: isFinal,
      change: (event, { offset_ms }) => [
        event,
        withFields(event, { text: 'something else', is_final: false, offset_ms, stability: 0.5 }),
      ],
    },
  ],
  reson8: [
    ...FORM,
    ...[3, null, undefined].map((value) => field('type', value)),
    ...[7, null, undefined].map((value) => field('text', value, isTranscript)),
    ...['0', -400, undefined].map((value) => field('start_ms', value)),
    ...['9', -10, undefined].map((value) => field('duration_ms', value)),
    ...['true', 1].map((value) => field('is_final', value)),
    ...[5, 'other', null].map((value) =>
      field('id', value, (all) => isConfirmation(all) && all['id'] !== value),
    ),
    repeated(isFinalTranscript),
    repeated(isConfirmation),
  ],
};

const stateAfter = (state: string): Fault => ({
  name: `${state} once more after each`,
  in: any,
  change: (event) => [event, withFields(event, { state })],
});

/** Faults that a server has in every message of a kind. */
const IN_ALL: Readonly<Record<Service, readonly Fault[]>> = {
  scriptix: [
    ...FORM,
    flipped,
    ...[true, false, 'true', 1, undefined].map((value) => field('is_final', value)),
    ...[7, null, undefined].map((value) => field('text', value, isFinal)),
    ...[7, null, undefined, ''].map((value) => field('text', value, has('offset_ms'))),
    ...[null, undefined, {}].map((value) => field('words', value, isFinal)),
    ...['0', 0.5, null, undefined, -5].map((value) => field('offset_ms', value, isFinal)),
    ...['0', 0.5, null, undefined, -5].map((value) => field('offset_ms', value)),
    ...['loading', 'listening', 'warming up'].map(stateAfter),
    repeated(isFinal),
  ],
  reson8: [
    ...FORM,
    flipped,
    ...[7, null, undefined, ''].map((value) => field('text', value, isTranscript)),
    ...['true', 1].map((value) => field('is_final', value)),
    ...[5, 'other', null, undefined].map((value) => field('id', value, isConfirmation)),
    repeated(isFinalTranscript),
    repeated(isConfirmation),
    { name: 'no final', in: isFinalTranscript, change: () => [] },
    {
      name: 'finals are interims',
      in: isFinalTranscript,
      change: (event, fields) => [withFields(event, { ...fields, is_final: false })],
    },
  ],
};

interface Wrong {
  readonly name: string;
  readonly of: (ms: number) => unknown;
}

const WRONG: readonly Wrong[] = [
  { name: 'twice as late', of: (ms) => ms * 2 },
  { name: 'in samples', of: (ms) => ms * 16 },
  { name: 'in seconds', of: (ms) => ms / 1000 },
  { name: 'five seconds late', of: (ms) => ms + 5000 },
  { name: 'since the epoch', of: (ms) => ms + 1.79e12 },
  { name: 'negative', of: (ms) => -ms - 1 },
  { name: 'strings', of: String },
  { name: 'null', of: () => null },
  { name: 'absent', of: () => undefined },
];

/** Fields of a message changed where they are. */
function changed(fields: Fields, names: readonly string[], { of }: Wrong): Fields {
  const there = names.filter((name) => name in fields);
  return { ...fields, ...Object.fromEntries(there.map((name) => [name, of(Number(fields[name]))])) };
}

const wordOf = (wrong: Wrong) => (word: readonly unknown[]) =>
  word.map((value, i) => (i === 1 || i === 2 ? wrong.of(Number(value)) : value));
const isPartial = (fields: Fields) => 'offset_ms' in fields && fields['is_final'] === false;
const scriptixOffset = (fields: Fields, wrong: Wrong) => changed(fields, ['offset_ms'], wrong);
const scriptixWords = (fields: Fields, wrong: Wrong): Fields => ({
  ...fields,
  words: (fields['words'] as readonly unknown[][]).map(wordOf(wrong)),
});
const reson8Times = (fields: Fields, wrong: Wrong) => changed(fields, ['start_ms', 'duration_ms'], wrong);
const reson8Words = (fields: Fields, wrong: Wrong): Fields => ({
  ...fields,
  words: (fields['words'] as readonly Fields[]).map((word) => reson8Times(word, wrong)),
});

/** Where times are, and how to change them in a message that has them. */
const TIMES: Readonly<
  Record<
    Service,
    readonly (readonly [place: string, in_: Fault['in'], (fields: Fields, wrong: Wrong) => Fields])[]
  >
> = {
  scriptix: [
    ['offset_ms in partials', isPartial, scriptixOffset],
    ['offset_ms in finals', isFinal, scriptixOffset],
    ['offset_ms in all results', has('offset_ms'), scriptixOffset],
    ['the words of finals', isFinal, scriptixWords],
    ['all times of finals', isFinal, (fields, wrong) => scriptixOffset(scriptixWords(fields, wrong), wrong)],
    [
      'all times',
      has('offset_ms'),
      (fields, wrong) => scriptixOffset(isFinal(fields) ? scriptixWords(fields, wrong) : fields, wrong),
    ],
  ],
  reson8: [
    ['the times of interims', (fields) => isTranscript(fields) && !isFinalTranscript(fields), reson8Times],
    ['the times of finals', isFinalTranscript, reson8Times],
    ['the times of transcripts', isTranscript, reson8Times],
    ['the times of words', isTranscript, reson8Words],
    ['all times', isTranscript, (fields, wrong) => reson8Times(reson8Words(fields, wrong), wrong)],
  ],
};

// A message that was no JSON was also "no partial", and a final that came twice also broke what is judged of flushes,
// offsets and segments: one fault was told under up to five ids.
describe.each<[Service, () => Promise<readonly TraceEvent[]>]>([
  ['scriptix', dictated],
  ['reson8', flushed],
])('One fault in a session of %s that is as documented', (service, record) => {
  let events: readonly TraceEvent[] = [];
  const requirements = requirementsOf('server', [service], {});
  const found = (...sessions: readonly (readonly TraceEvent[])[]) =>
    judgePlays(
      sessions.map((session, i) => playOf({ name: String(i), events: session }, TOLERANCES)),
      requirements,
      { side: 'server', strict: false, deviations: new Set() },
    ).flatMap(({ id, verdict }) => (verdict === 'fail' || verdict === 'warn' ? [id] : []));

  beforeAll(async () => {
    events = await record();
  });

  it('is not there without it', () => {
    expect(found(events)).toEqual([]);
  });

  it.each(FAULTS[service])('is reported under one id: $name', ({ in: isMeant, change }) => {
    const all = events.flatMap((event, i) => {
      const fields = fieldsOf(event);
      return fields !== undefined && isMeant(fields) ? [i] : [];
    });
    const step = Math.max(1, Math.floor(all.length / MOST_PLACES));
    const places = all.filter((_, nth) => nth % step === 0 || nth === all.length - 1);

    expect(places).not.toEqual([]);

    for (const i of places) {
      const event = events[i] as TextEvent;
      const changed = change(event, fieldsOf(event) ?? {});
      const ids = found([...events.slice(0, i), ...changed, ...events.slice(i + 1)]);
      expect({ event, ids }).toEqual({ event, ids: [expect.any(String)] });
    }
  });

  it.each(IN_ALL[service])(
    'is reported under one id where every message has it: $name',
    ({ in: isMeant, change }) => {
      const changed = events.flatMap((event) => {
        const fields = fieldsOf(event);
        return fields !== undefined && isMeant(fields) ? change(event as TextEvent, fields) : [event];
      });
      expect(found(changed)).toEqual([expect.any(String)]);
    },
  );

  // Finals with twice their offset_ms were told as SX-PART-009 and SX-FIN-012, and times in another unit as up to five.
  describe.each(TIMES[service])('in %s', (_place, isMeant, change) => {
    it.each(WRONG)('is reported under one id: $name', (wrong) => {
      const all = events.map((event) => {
        const fields = fieldsOf(event);
        if (fields === undefined || !isMeant(fields)) return event;
        return withFields(event as TextEvent, change(fields, wrong));
      });
      // In a session that is over soon, other requirements show it than in a long one.
      const soon = all.findIndex((event) => {
        const fields = fieldsOf(event);
        return fields !== undefined && (isFinal(fields) || isFinalTranscript(fields));
      });

      expect(found(all, all.slice(0, soon + 1))).toEqual([expect.any(String)]);
    });
  });
});
