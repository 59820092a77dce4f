import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixture } from '../../support/audio.ts';
import { REPOSITORY } from '../../support/programs/cli.ts';
import { serve, type ServedFake } from '../../support/programs/program.ts';
import { samples } from '../../support/programs/readme.ts';

/** Clients in another language, with a library of others: Debian's python3-websockets. */
const PYTHON = '/usr/bin/python3';
const CLIENTS = fileURLToPath(new URL('../clients/', import.meta.url));
const WAV = join(REPOSITORY, 'fixtures/audio/en-appointment.wav');
const { text, pcm } = fixture('en-appointment.wav');

let fake: ServedFake;
beforeAll(async () => {
  fake = await serve();
});
afterAll(() => fake[Symbol.asyncDispose]());

async function python(args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(PYTHON, ['-B', ...args], {
    cwd: REPOSITORY,
    timeout: 280_000,
  });
  return stdout;
}

async function client<T>(script: string, ...args: readonly string[]): Promise<T> {
  return JSON.parse(await python([join(CLIENTS, script), ...args])) as T;
}

const textsOf = (messages: readonly { text: string }[]) => messages.map((message) => message.text);

interface Microphone {
  readonly states: readonly string[];
  readonly partials: readonly { text: string; stability: number; offset_ms: number }[];
  readonly finals: readonly { text: string; offset_ms: number; words: [string, number, number, number][] }[];
  readonly stopped: string | null;
  readonly close_code: number;
  readonly close_reason: string;
}

describe('Scriptix with python3-websockets', () => {
  it('a microphone client gets states, partials, the finals of the recording, and the end', async () => {
    const { realtime } = fake.urls.scriptix;
    const got = await client<Microphone>(
      'scriptix_microphone.py',
      realtime,
      'x-zoom-s2t-key',
      'any',
      WAV,
      '4',
    );

    expect(got).toMatchObject({
      states: ['loading', 'listening'],
      stopped: '{"state":"stopped"}',
      close_code: 1000,
      close_reason: '',
    });
    expect(got.partials.length).toBeGreaterThan(15);
    expect(got.finals).toHaveLength(2);
    expect(textsOf(got.finals).join(' ')).toBe(text);

    for (const final of got.finals) {
      expect(final.words.map(([word]) => word).join('')).toBe(` ${final.text}`);
      const ends = final.words.map(([, , endMs]) => final.offset_ms + endMs);
      expect(Math.max(...ends)).toBeLessThanOrEqual(pcm.length / 32);
    }
  });

  it.each(['x-api-key', 'api-key'])('the header %s is accepted, too', async (header) => {
    const { realtime } = fake.urls.scriptix;
    const got = await client<Microphone>('scriptix_microphone.py', realtime, header, 'any', WAV, '1000');

    expect(textsOf(got.finals).join(' ')).toBe(text);
    expect(got.close_code).toBe(1000);
  });

  it('an invalid token gives a status that the library shows', async () => {
    expect(await client('refused.py', fake.urls.scriptix.realtime, 'x-zoom-s2t-key', 'invalid-key')).toEqual({
      exception: 'InvalidStatusCode',
      status: 401,
      content_type: 'application/json',
    });
  });
});

interface Realtime {
  readonly subprotocol: string | null;
  readonly interims: readonly { text: string; is_final: boolean }[];
  readonly finals: readonly { text: string; words: { text: string }[] }[];
  readonly confirmations: readonly unknown[];
  readonly close_code: number;
}

describe('Reson8 with python3-websockets', () => {
  it.each([
    ['apikey', null],
    ['bearer', null],
    ['subprotocol', 'bearer'],
  ])(
    'a client that authenticates by %s is accepted, and its flush is confirmed',
    async (form, subprotocol) => {
      const query = 'encoding=pcm_s16le&sample_rate=16000&channels=1&include_interim=true&include_words=true';
      const url = `${fake.urls.reson8.realtime}?${query}`;
      const got = await client<Realtime>('reson8_realtime.py', url, form, 'any', WAV);

      expect(got).toMatchObject({
        subprotocol,
        confirmations: [{ type: 'flush_confirmation', id: 'the end' }],
        close_code: 1000,
      });
      expect(got.interims.length).toBeGreaterThan(15);
      expect(textsOf(got.finals).join(' ')).toBe(text);
      expect(got.finals.flatMap(({ words }) => textsOf(words)).join(' ')).toBe(text);
    },
  );

  it.each([
    ['no credentials', '', '', 401],
    ['an invalid key', 'Authorization', 'ApiKey invalid-key', 401],
    ['an expired token', 'Authorization', 'Bearer expired-key', 401],
  ])('a client with %s gets a status that the library shows', async (_what, header, value, status) => {
    expect(await client('refused.py', fake.urls.reson8.realtime, header, value)).toEqual({
      exception: 'InvalidStatusCode',
      status,
      content_type: 'application/json',
    });
  });

  it('an invalid parameter gives 400', async () => {
    const url = `${fake.urls.reson8.realtime}?channels=none`;
    expect(await client('refused.py', url, 'Authorization', 'ApiKey any')).toMatchObject({ status: 400 });
  });
});

it.each(samples('python'))('the Python sample works: %s', async (_heading, sample) => {
  expect(sample).toContain('127.0.0.1:8080');

  const here = sample
    .replace('127.0.0.1:8080', new URL(fake.urls.url).host)
    // The name in releases before 14, as the page says; Debian has such a release.
    .replace('additional_headers', 'extra_headers');
  const messages = (await python(['-c', here])).trimEnd().split('\n');
  const parsed = messages.map((message) => JSON.parse(message) as { type: string; text: string });

  expect(parsed.at(-1)).toEqual({ type: 'flush_confirmation', id: null });
  expect(textsOf(parsed.slice(0, -1)).join(' ')).toBe(fixture('nl-afspraak.wav').text);
});
