import { DEFAULT_EDITIONS } from '../../../src/protocol/editions.ts';
import { vendorOf, type SocketDialect } from '../../../src/protocol/dialects.ts';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { pcmEar, sniffingEar, type Ear } from '../../../src/audio/ear.ts';
import { hear } from '../../../src/audio/hear.ts';
import { RAW_DEFAULT } from '../../../src/audio/format.ts';
import { startMockServer } from '../../../src/mock-server/server.ts';
import type { MockServer } from '../../../src/mock-server/mock-server.ts';
import { step } from '../../../src/mock-server/engine/step.ts';
import { newSession } from '../../../src/mock-server/engine/state.ts';
import type { Effect, Input } from '../../../src/mock-server/engine/messages.ts';
import { happyPath } from '../../../src/scenario/happy-path.ts';
import type { ServerScript, Voice } from '../../../src/scenario/script.ts';
import { voicesOf } from '../../../src/scenario/speech/voices.ts';
import { join, silence, wav } from '../../support/audio.ts';
import { connect } from '../../support/clients/client.ts';
import { EVERYTHING, KEY } from '../../support/reson8.ts';
import { expectSame } from '../../support/same.ts';
import '../../support/warm.ts';

/** A made-up recording: noise as loud as speech, and silence in between. */
interface Part {
  readonly spoken: boolean;
  readonly durationMs: number;
}

const durations = fc.oneof(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 700, max: 2500 }));
/** Counterexamples show what a recording is made from instead of its bytes. */
const recordings = fc.record({
  seed: fc.integer({ min: 1, max: 2 ** 31 }),
  parts: fc.array(fc.record({ spoken: fc.boolean(), durationMs: durations }), { minLength: 1, maxLength: 8 }),
  form: fc.constantFrom('raw', 'wav', 'half a sample more'),
});

const frameLengths = fc.oneof(
  fc.integer({ min: 1, max: 13 }),
  fc.constantFrom(640, 1000, 3200),
  fc.integer({ min: 1, max: 65_536 }),
);
/** Lengths of the first frames; the rest comes in frames of 64 KiB. */
const cuts = fc.array(frameLengths, { maxLength: 60 });

const SPEECH: readonly Part[] = [
  { spoken: true, durationMs: 4000 },
  { spoken: false, durationMs: 900 },
  { spoken: true, durationMs: 2000 },
];

describe('the way in which audio is cut into frames', () => {
  let voice: Voice;
  beforeAll(async () => {
    voice = await voicesOf(1)(undefined);
  });

  it.each(['scriptix', 'scriptix-stream', 'reson8'] as const)(
    'never changes what %s says, and neither do the arrival times of the frames',
    (dialect) => {
      const property = fc.property(
        recordings,
        cuts,
        fc.nat({ max: 59_000 }),
        (recording, lengths, pauseMs) => {
          const audio = audioOf(recording);
          const script = { steps: happyPath(dialect, DEFAULT_EDITIONS), voice, speakers: 2, seed: 1 };
          const whole = play(script, dialect, [audio], 0);
          expectSame(play(script, dialect, cut(audio, lengths), pauseMs), whole);
        },
      );
      fc.assert(property, { numRuns: 150 });
    },
  );

  it('never changes what is heard, in any format', () => {
    const formats = fc.record({
      encoding: fc.constantFrom('u8', 's16le', 's24le', 's32le', 'f32le', 'mulaw', 'alaw'),
      sampleRate: fc.oneof(
        fc.constantFrom(8000, 11_025, 16_000, 44_100, 48_000),
        fc.double({ min: 100, max: 100_000, noNaN: true }),
      ),
      channels: fc.integer({ min: 1, max: 10 }),
    });
    const property = fc.property(formats, recordings, cuts, (format, recording, lengths) => {
      const audio = audioOf(recording);
      // The ear takes any bytes for samples, even floats that are NaN.
      const whole = hearAll(pcmEar(format), [audio]);
      expectSame(hearAll(pcmEar(format), cut(audio, lengths)), whole);
    });

    fc.assert(property, { numRuns: 300 });
  });

  it('never changes what is heard of a file whose header is read', () => {
    const heads = fc.oneof(
      fc
        .constantFrom('RIFF', 'RIFF\0\0\0\0WAVE', 'RIFF\0\0\0\0WAVEfmt \x10\0\0\0', 'OggS', 'fLaC', '')
        .map((head) => Buffer.from(head, 'latin1')),
      fc.uint8Array({ maxLength: 60 }),
    );
    const property = fc.property(heads, recordings, cuts, (head, recording, lengths) => {
      const file = join(head, audioOf(recording));
      const whole = hearAll(sniffingEar(RAW_DEFAULT), [file]);
      expectSame(hearAll(sniffingEar(RAW_DEFAULT), cut(file, lengths)), whole);
    });
    fc.assert(property, { numRuns: 300 });
  });

  it('makes no difference even if each frame is a single byte', () => {
    const audio = wav(
      record(
        [
          { spoken: true, durationMs: 700 },
          { spoken: false, durationMs: 900 },
        ],
        3,
      ),
    );
    const script = { steps: happyPath('reson8', DEFAULT_EDITIONS), voice, speakers: 0, seed: 1 };
    const bytes = Array.from(audio, (byte) => new Uint8Array([byte]));
    const said = play(script, 'reson8', bytes, 0);

    expect(said).toEqual(play(script, 'reson8', [audio], 0));
    expect(said.length).toBeGreaterThan(4);
  });

  it('never changes a byte of any message on the wire', async () => {
    await using fake = await startMockServer();
    const property = fc.asyncProperty(recordings, cuts, cuts, async (recording, some, others) => {
      const audio = audioOf(recording);
      const [whole, ...cutUp] = await Promise.all([
        scriptix(fake, [audio]),
        scriptix(fake, cut(audio, some)),
        scriptix(fake, cut(audio, others)),
      ]);
      for (const messages of cutUp) expect(messages).toEqual(whole);
      const [oneFrame, ...more] = await Promise.all([
        reson8(fake, [audio]),
        reson8(fake, cut(audio, some)),
        reson8(fake, cut(audio, others)),
      ]);
      for (const messages of more) expect(messages).toEqual(oneFrame);
    });

    await fc.assert(property, { numRuns: 25 });
  });
});

describe('a seed', () => {
  const audio = record(SPEECH, 7);
  const both = async (fake: MockServer) => [await scriptix(fake, [audio]), await reson8(fake, [audio])];

  it('gives the same bytes in every session, one after the other and in parallel', async () => {
    await using fake = await startMockServer({ seed: 5 });
    const first = await both(fake);

    expect(await both(fake)).toEqual(first);

    const parallel = await Promise.all(Array.from({ length: 20 }, () => both(fake)));
    for (const messages of parallel) expect(messages).toEqual(first);
  });

  it('gives the same bytes on every server, whatever audio its other sessions get', async () => {
    await using quiet = await startMockServer({ seed: 5 });
    await using busy = await startMockServer({ seed: 5 });
    const others = [1, 2, 3, 4].map((seed) => scriptix(busy, [record(SPEECH, seed)]));
    const [expected, messages] = await Promise.all([both(quiet), both(busy)]);
    await Promise.all(others);

    expect(messages).toEqual(expected);
  });

  it('gives the same bytes at another speed and on a clock that stands still', async () => {
    await using usual = await startMockServer({ seed: 5 });
    await using fast = await startMockServer({ seed: 5, speed: 5 });
    await using still = await startMockServer({ seed: 5, clock: 'manual' });
    const expected = await both(usual);

    expect(await both(fast)).toEqual(expected);
    expect(await both(still)).toEqual(expected);
  });

  it('gives words that no other seed gives; the default is 1', async () => {
    const texts = await Promise.all(
      [0, 1, 2, 3, 2 ** 32, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER].map(async (seed) => {
        await using fake = await startMockServer({ seed });
        return textOf(await reson8(fake, [audio]));
      }),
    );
    expect(new Set(texts).size).toBe(texts.length);

    await using fake = await startMockServer();
    expect(textOf(await reson8(fake, [audio]))).toBe(texts[1]);
  });

  it('gives different words for different audio', async () => {
    await using fake = await startMockServer();
    const texts = await Promise.all(
      [1, 2, 3, 4, 5].map(async (seed) => textOf(await reson8(fake, [record(SPEECH, seed)]))),
    );

    expect(new Set(texts).size).toBe(texts.length);
  });

  it('gives words in the language that a client asks for', async () => {
    await using fake = await startMockServer();
    const messages = await Promise.all(
      ['en', 'nl', 'de', 'fr', 'es', 'xx'].map((language) => scriptix(fake, [audio], `language=${language}`)),
    );

    expect(new Set(messages.map((all) => all.join())).size).toBe(5);
    // If the fake has no words for a language, they are English.
    expect(messages[5]).toEqual(messages[0]);
  });
});

/** Noise from a seed, 16 kHz and mono: a linear congruential generator's upper bits. */
function record(parts: readonly Part[], seed: number): Uint8Array {
  let state = seed >>> 0;
  return join(
    ...parts.map(({ spoken, durationMs }) => {
      const bytes = silence(durationMs);
      if (!spoken) return bytes;
      const view = new DataView(bytes.buffer);
      for (let at = 0; at < bytes.length; at += 2) {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        view.setInt16(at, (state >>> 17) - 16_384, true);
      }
      return bytes;
    }),
  );
}

function audioOf({ seed, parts, form }: { seed: number; parts: readonly Part[]; form: string }): Uint8Array {
  const pcm = record(parts, seed);
  if (form === 'wav') return wav(pcm);
  return form === 'raw' ? pcm : join(pcm, new Uint8Array(1));
}

function cut(audio: Uint8Array, lengths: readonly number[]): readonly Uint8Array[] {
  const frames: Uint8Array[] = [];
  let at = 0;
  for (let i = 0; at < audio.length; i++) {
    const length = lengths[i] ?? 65_536;
    frames.push(audio.subarray(at, at + length));
    at += length;
  }
  return frames;
}

/** Everything that the engine does for these frames, with a pause after each, and at the end. */
function play(
  script: ServerScript,
  dialect: SocketDialect,
  frames: readonly Uint8Array[],
  pauseMs: number,
): readonly Effect[] {
  const chunks: readonly Input[] =
    dialect === 'scriptix-stream'
      ? [
          {
            kind: 'source',
            chunk: { kind: 'pcm', format: RAW_DEFAULT, bytes: new Uint8Array(0), durationMs: 0 },
          },
        ]
      : [{ kind: 'start' }];
  const inputs: readonly Input[] = [
    { kind: 'open' },
    ...(vendorOf(dialect) === 'reson8' ? [] : chunks),
    ...frames.map((bytes): Input =>
      dialect === 'scriptix-stream'
        ? { kind: 'source', chunk: { kind: 'pcm', format: RAW_DEFAULT, bytes, durationMs: 0 } }
        : { kind: 'audio', bytes },
    ),
    vendorOf(dialect) === 'reson8' ? { kind: 'flush', id: null } : { kind: 'stop' },
  ];
  let state = newSession(sniffingEar(RAW_DEFAULT));
  let nowMs = 0;
  const effects: Effect[] = [];
  for (const input of inputs) {
    const outcome = step(script, state, input, nowMs);
    state = outcome.state;
    nowMs += pauseMs;
    effects.push(...outcome.effects);
  }
  return effects;
}

function hearAll(ear: Ear, frames: readonly Uint8Array[]) {
  let heard = ear;
  const powers: number[] = [];
  for (const bytes of frames) {
    const next = hear(heard, bytes, 0);
    heard = next.ear;
    for (const power of next.powers) powers.push(power);
  }
  const { positionMs, onset, state } = heard;
  return { powers, positionMs, onset: onset.onset, kind: state.kind };
}

/** All messages of a session that ends properly, byte for byte. */
async function scriptix(
  fake: MockServer,
  frames: readonly Uint8Array[],
  query = '',
): Promise<readonly string[]> {
  await using client = connect(`${fake.urls.scriptix.realtime}?token=t&${query}`);
  await client.open;
  client.send({ action: 'start' });
  for (const bytes of frames) client.send(bytes);
  client.send({ action: 'stop' });
  expect((await client.closed).code).toBe(1000);
  return client.messages.map(({ text }) => text);
}

async function reson8(fake: MockServer, frames: readonly Uint8Array[]): Promise<readonly string[]> {
  await using client = connect(`${fake.urls.reson8.realtime}?${EVERYTHING}`, { headers: KEY });
  await client.open;
  for (const bytes of frames) client.send(bytes);
  client.send({ type: 'flush_request' });
  client.close();
  expect((await client.closed).code).toBe(1000);
  return client.messages.map(({ text }) => text);
}

function textOf(messages: readonly string[]): string {
  const finals = messages.map((message) => JSON.parse(message) as { is_final?: boolean; text?: string });
  return finals.flatMap(({ is_final, text = '' }) => (is_final === true ? [text] : [])).join(' ');
}
