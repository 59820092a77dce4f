import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startMockServer } from '../../src/mock-server/server.ts';
import type { MockServer } from '../../src/mock-server/mock-server.ts';
import { bursts } from '../support/audio.ts';
import { connect } from '../support/clients/client.ts';
import { expectHealthy } from '../support/healthy.ts';
import { startOrigin, type Origin } from '../support/programs/origin.ts';
import { closeFrame, farewell, frame, OPCODE, openRaw, type Farewell } from '../support/clients/raw.ts';
import { EVERYTHING, KEY } from '../support/reson8.ts';
import { microphoneUrl } from '../support/scriptix/scriptix.ts';

/** Room for the frames of a normal session, and little more. */
const LIMIT_BYTES = 4000;

let fake: MockServer;
let origin: Origin;
beforeAll(async () => {
  fake = await startMockServer({ maxFrameBytes: LIMIT_BYTES });
  // A stream that never answers: the session stays where it is.
  origin = await startOrigin({ '/stream': () => undefined });
});
afterEach(() => expectHealthy(fake));
afterAll(async () => {
  await fake.stop();
  await origin[Symbol.asyncDispose]();
});

const text = (content: string) => frame(OPCODE.text, content);
const audio = (byteCount: number) => frame(OPCODE.binary, new Uint8Array(byteCount));
const START = text('{"action":"start"}');
const STOP = text('{"action":"stop"}');

/** A connection in every state that it can be in when something goes wrong. */
const LIVES = {
  reson8: { greeting: [], open: () => openRaw(`${fake.urls.reson8.realtime}?${EVERYTHING}`, KEY) },
  'scriptix before start': { greeting: [], open: () => openRaw(microphoneUrl(fake)) },
  'scriptix after start': {
    greeting: ['{"state":"loading"}', '{"state":"listening"}'],
    async open() {
      const client = await openRaw(microphoneUrl(fake));
      client.write(START);
      return client;
    },
  },
  'scriptix stream': {
    greeting: ['{"state":"loading"}'],
    open: () =>
      openRaw(
        `${fake.urls.scriptix.stream.replace('{token}', 'some-token')}?url=${encodeURIComponent(`${origin.url}/stream`)}`,
      ),
  },
} as const;
type LifeName = keyof typeof LIVES;
const EVERY_LIFE = Object.keys(LIVES) as LifeName[];

/** Sends bytes in a life and listens until the server has closed it; the client answers as it should. */
async function provoke(life: LifeName, ...bytes: readonly Uint8Array[]): Promise<Farewell> {
  await using client = await LIVES[life].open();
  for (const expected of LIVES[life].greeting) {
    expect((await client.nextFrame()).payload.toString()).toBe(expected);
  }
  for (const some of bytes) client.write(some);
  return await farewell(client);
}

const WORDS = expect.stringMatching(/^\w+.* \S+/) as string;

const UNREADABLE = [
  { what: 'nothing', content: '' },
  { what: 'no JSON', content: 'start' },
  { what: 'broken JSON', content: '{"action":"start"' },
  { what: 'two objects', content: '{"action":"start"}{"type":"flush_request"}' },
  { what: 'an array', content: '[{"type":"flush_request","action":"start"}]' },
  { what: 'null', content: 'null' },
  { what: 'a number', content: '1' },
  { what: 'a string', content: '"start"' },
  { what: 'an empty object', content: '{}' },
  { what: 'an unknown name', content: '{"type":"flush","action":"begin"}' },
  { what: 'a name in capitals', content: '{"type":"FLUSH_REQUEST","action":"START"}' },
  { what: 'a name that is no string', content: '{"type":["flush_request"],"action":["start"]}' },
  { what: 'a name from an object', content: '{"type":"constructor","action":"__proto__"}' },
  {
    what: 'a name that would be inherited',
    content: '{"__proto__":{"type":"flush_request","action":"start"}}',
  },
  { what: 'the name of the other vendor', content: '{"type":"start","action":"flush_request"}' },
  { what: 'audio as text', content: 'UklGRiQAAABXQVZF' },
  { what: 'a tower of brackets', content: '['.repeat(LIMIT_BYTES - 100) },
  { what: 'a long name', content: `{"type":"${'x'.repeat(1500)}","action":"${'x'.repeat(1500)}"}` },
] as const;

describe('a text message of', () => {
  it.each(UNREADABLE)('$what ends a Reson8 session with an error and 1008', async ({ content }) => {
    const { said, code, ended } = await provoke('reson8', text(content), audio(3200));
    expect(said).toHaveLength(1);
    expect(JSON.parse(said[0] ?? '')).toEqual({ type: 'error', code: 'INVALID_REQUEST', message: WORDS });
    expect(said[0]?.length).toBeLessThan(300);
    expect({ code, ended }).toEqual({ code: 1008, ended: 'fin' });
  });

  it.each(UNREADABLE)('$what ends a Scriptix session with an error and 1000', async ({ content }) => {
    for (const life of ['scriptix before start', 'scriptix after start'] as const) {
      const { said, code, ended } = await provoke(life, text(content), audio(3200));
      expect(said).toHaveLength(1);
      expect(JSON.parse(said[0] ?? '')).toEqual({ error: WORDS });
      expect(said[0]?.length).toBeLessThan(300);
      expect({ code, ended }).toEqual({ code: 1000, ended: 'fin' });
    }
  });

  it('any of these kinds is ignored in stream mode, where only stop means something', async () => {
    const messages = UNREADABLE.map(({ content }) => text(content));
    const { said, code } = await provoke('scriptix stream', ...messages, START, START, audio(640), STOP);
    expect({ said, code }).toEqual({ said: ['{"state":"stopped"}'], code: 1000 });
  });

  it.each(['5', '{}', '[]', 'true'])('a flush with the id %s is never confirmed', async (id) => {
    const { said, code } = await provoke('reson8', text(`{"type":"flush_request","id":${id}}`));
    expect(said).toHaveLength(1);
    expect(JSON.parse(said[0] ?? '')).toEqual({ type: 'error', code: 'INVALID_REQUEST', message: WORDS });
    expect(code).toBe(1008);
  });

  it.each([
    [
      'a start with other fields',
      '{"action":"start","key":"k","partial":true,"actual_numbers":false,"more":{"action":"stop"}}',
    ],
    ['a start after a byte order mark', '\ufeff{"action":"start"}'],
    ['a start with spaces and an escaped letter', ' \n{ "action" : "\\u0073tart" }\t'],
    ['a start with two actions', '{"action":"begin","action":"start"}'],
    [
      'a start with the names of built-in properties',
      '{"action":"start","__proto__":null,"constructor":1,"toString":2}',
    ],
  ])('%s starts a Scriptix session', async (_what, content) => {
    await using client = await openRaw(microphoneUrl(fake));
    client.write(Buffer.concat([text(content), STOP]));
    const { said, code } = await farewell(client);
    // A byte order mark is no JSON (RFC 8259, section 8.1 lets a parser ignore it or not).
    if (content.startsWith('\ufeff')) expect(said).toHaveLength(1);
    else expect(said).toEqual(['{"state":"loading"}', '{"state":"listening"}', '{"state":"stopped"}']);
    expect(code).toBe(1000);
  });
});

describe('messages out of order', () => {
  it.each([
    { what: 'audio before start', life: 'scriptix before start', bytes: [audio(640), START] },
    { what: 'empty audio before start', life: 'scriptix before start', bytes: [audio(0), START] },
    { what: 'stop before start', life: 'scriptix before start', bytes: [STOP, START] },
    { what: 'a second start', life: 'scriptix after start', bytes: [START, audio(640)] },
    { what: 'a second start after audio', life: 'scriptix after start', bytes: [audio(640), START] },
  ] as const)('$what is an error, and the end', async ({ life, bytes }) => {
    const { said, code, ended } = await provoke(life, ...bytes);
    expect(said.map((message) => JSON.parse(message) as unknown)).toEqual([{ error: WORDS }]);
    expect({ code, ended }).toEqual({ code: 1000, ended: 'fin' });
  });

  it('whatever follows stop is ignored, also a start', async () => {
    const after = [START, STOP, audio(640), text('nonsense'), text('{"type":"flush_request"}')];
    const { said, code } = await provoke('scriptix after start', STOP, ...after);
    expect({ said, code }).toEqual({ said: ['{"state":"stopped"}'], code: 1000 });
  });

  it('whatever follows an error is ignored', async () => {
    const flush = text('{"type":"flush_request","id":"late"}');
    const speech = frame(OPCODE.binary, bursts(120));
    const { said, code } = await provoke('reson8', text('nonsense'), speech, flush, speech, flush);
    expect(said).toHaveLength(1);
    expect(code).toBe(1008);
  });

  it.each(EVERY_LIFE)('whatever follows a Close frame is ignored (%s)', async (life) => {
    const late = [text('{"type":"flush_request","action":"start"}'), text('nonsense'), audio(640)];
    const { said, code, ended } = await provoke(life, closeFrame(1000), ...late);
    expect({ said, code }).toEqual({ said: [], code: 1000 });
    // The server has ended TCP by then; what is still on its way to it may be answered with a RST.
    expect(['fin', 'reset']).toContain(ended);
  });
});

describe('a frame', () => {
  it.each(
    EVERY_LIFE.flatMap((life) =>
      [
        { what: 'above the limit', bytes: audio(LIMIT_BYTES + 1), code: 1009 },
        { what: 'of text above the limit', bytes: text(' '.repeat(LIMIT_BYTES + 1)), code: 1009 },
        {
          what: 'that says it has 2^53 bytes',
          bytes: Buffer.from('82ff002000000000000000000000', 'hex'),
          code: 1009,
        },
        {
          what: 'in pieces that are above the limit together',
          bytes: Buffer.concat([
            frame(OPCODE.binary, new Uint8Array(LIMIT_BYTES), { fin: false }),
            frame(OPCODE.continuation, new Uint8Array(1)),
          ]),
          code: 1009,
        },
        { what: 'that is not masked', bytes: frame(OPCODE.text, '{}', { masked: false }), code: 1002 },
        { what: 'with a reserved bit', bytes: frame(OPCODE.text, '{}', { rsv: 4 }), code: 1002 },
        { what: 'with an unknown opcode', bytes: frame(3, 'x'), code: 1002 },
        { what: 'of control with an unknown opcode', bytes: frame(11, 'x'), code: 1002 },
        { what: 'that continues nothing', bytes: frame(OPCODE.continuation, 'x'), code: 1002 },
        {
          what: 'that begins inside another message',
          bytes: Buffer.concat([frame(OPCODE.text, '{', { fin: false }), text('}')]),
          code: 1002,
        },
        { what: 'of a Ping in pieces', bytes: frame(OPCODE.ping, 'x', { fin: false }), code: 1002 },
        { what: 'of a Ping with 126 bytes', bytes: frame(OPCODE.ping, 'x'.repeat(126)), code: 1002 },
        {
          what: 'of text that is no UTF-8',
          bytes: frame(OPCODE.text, Buffer.from('7b22c3287d', 'hex')),
          code: 1007,
        },
        {
          what: 'of text with half of a surrogate pair',
          bytes: frame(OPCODE.text, Buffer.from('22eda08022', 'hex')),
          code: 1007,
        },
        ...[0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535].map((code) => ({
          what: `of a Close with ${code}`,
          bytes: closeFrame(code),
          code: 1002,
        })),
        { what: 'of a Close with one byte', bytes: frame(OPCODE.close, 'x'), code: 1002 },
        {
          what: 'of a Close whose reason is no UTF-8',
          bytes: frame(OPCODE.close, Buffer.from('03e8c328', 'hex')),
          code: 1007,
        },
      ].map((wrong) => ({ ...wrong, life })),
    ),
  )('$what ends it with $code ($life)', async ({ life, bytes, code }) => {
    const end = await provoke(life, bytes);
    expect({ said: end.said, code: end.code }).toEqual({ said: [], code });
  });

  it.each(EVERY_LIFE)('of a Close without a code is answered with one of its kind (%s)', async (life) => {
    const end = await provoke(life, frame(OPCODE.close, ''));
    expect(end).toEqual({ said: [], code: 1005, ended: 'fin' });
  });

  it('exactly at the limit is heard, in one piece and in many', async () => {
    const id = 'x'.repeat(LIMIT_BYTES - '{"type":"flush_request","id":""}'.length);
    const request = `{"type":"flush_request","id":"${id}"}`;
    await using client = await LIVES.reson8.open();
    client.write(audio(LIMIT_BYTES));
    client.write(text(request));
    expect(JSON.parse((await client.nextFrame()).payload.toString())).toEqual({
      type: 'flush_confirmation',
      id,
    });
    client.write(frame(OPCODE.text, request.slice(0, 1), { fin: false }));
    for (const character of request.slice(1, -1)) {
      client.write(frame(OPCODE.continuation, character, { fin: false }));
    }
    client.write(frame(OPCODE.continuation, request.slice(-1)));
    expect(JSON.parse((await client.nextFrame()).payload.toString())).toEqual({
      type: 'flush_confirmation',
      id,
    });
  });

  it('above the default limit of 1 MiB ends a session with 1009, and one at the limit does not', async () => {
    await using usual = await startMockServer();
    await using client = connect(usual.urls.reson8.realtime, { headers: KEY });
    await client.open;
    client.send(new Uint8Array(2 ** 20));
    client.send({ type: 'flush_request', id: 'still here' });
    expect((await client.next()).json).toEqual({ type: 'flush_confirmation', id: 'still here' });
    client.send(new Uint8Array(2 ** 20 + 1));
    expect((await client.closed).code).toBe(1009);
  });

  it('above the limit tells a client so even while it is still sending it', async () => {
    await using client = connect(fake.urls.reson8.realtime, { headers: KEY });
    await client.open;
    client.send(new Uint8Array(8 * 2 ** 20));
    expect((await client.closed).code).toBe(1009);
  });
});

describe('any bytes at all', () => {
  const frames = fc.record({
    opcode: fc.oneof(fc.constantFrom(0, 1, 2, 8, 9, 10), fc.integer({ min: 0, max: 15 })),
    payload: fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.json().map((json) => Buffer.from(json)),
      fc
        .record({
          type: fc.constantFrom('flush_request', 'x'),
          action: fc.constantFrom('start', 'stop'),
          id: fc.anything(),
        })
        .map((message) =>
          Buffer.from(
            JSON.stringify(message, (_, value: unknown) => (typeof value === 'bigint' ? null : value)),
          ),
        ),
    ),
    fin: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
    masked: fc.oneof(
      { weight: 9, arbitrary: fc.constant(true) },
      { weight: 1, arbitrary: fc.constant(false) },
    ),
  });
  const garbage = fc.oneof(
    {
      weight: 4,
      arbitrary: fc
        .array(frames, { maxLength: 12 })
        .map((all) =>
          Buffer.concat(all.map(({ opcode, payload, ...wrong }) => frame(opcode, payload, wrong))),
        ),
    },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 2000 }).map((bytes) => Buffer.from(bytes)) },
  );

  it.each(EVERY_LIFE)('end a session in order, or leave it in order (%s)', async (life) => {
    const property = fc.asyncProperty(garbage, async (bytes) => {
      await using client = await LIVES[life].open();
      const [session] = fake.sessions.slice(-1);
      client.write(bytes);
      // Whatever came, the client may end it; the server has said only whole frames of text, Pong and Close.
      client.socket.end(closeFrame(1000));
      await Promise.all([client.ended, session?.received('close')]);
      while (client.bytes.length > 0) {
        const { opcode, masked, payload } = await client.nextFrame();
        expect(masked).toBe(false);
        if (opcode === OPCODE.text) expect(JSON.parse(payload.toString())).toBeTypeOf('object');
        else expect([OPCODE.pong, OPCODE.close]).toContain(opcode);
      }
    });
    await fc.assert(property, { numRuns: 60 });
    expect(fake.sessions).toEqual([]);
    expect(fake.clock.pending).toBe(0);
  });
});
