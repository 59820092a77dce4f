import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { fixture } from '../support/audio.ts';
import { REPOSITORY } from '../support/programs/cli.ts';
import { serve } from '../support/programs/program.ts';

/**
 * Clients that behave as those of the vendors and of other people do, with the libraries that those have: Debian's
 * python3-websockets and python3-aiohttp, and `ws`. Each works with the fake as it is, or with one flag.
 */
const CLIENTS = fileURLToPath(new URL('clients/', import.meta.url));
const WAV = join(REPOSITORY, 'fixtures/audio/en-appointment.wav');
const { text } = fixture('en-appointment.wav');
const FIRST = 'good morning you have an appointment with doctor Jansen tomorrow';

async function client<T>(script: string, ...args: readonly string[]): Promise<T> {
  const path = join(CLIENTS, script);
  const isPython = script.endsWith('.py');
  const { stdout } = await promisify(execFile)(
    isPython ? '/usr/bin/python3' : process.execPath,
    [...(isPython ? ['-B'] : []), path, ...args],
    { timeout: 50_000 },
  );
  return JSON.parse(stdout) as T;
}

interface ListeningFirst {
  readonly first: { readonly state: string; readonly session_id: string };
  readonly partials: readonly string[];
  readonly finals: readonly string[];
  readonly stopped: string;
}

describe.each(['listening_first.py', 'listening-first.mjs'])(
  'a client of Scriptix that takes the first message for listening, %s,',
  (script) => {
    it.each(['/realtime', '/v2/realtime'])('works with --edition scriptix=examples at %s', async (path) => {
      await using fake = await serve('--edition', 'scriptix=examples');
      const url = fake.urls.url.replace('http', 'ws') + path;
      const got = await client<ListeningFirst>(script, url, 'any', WAV);

      expect(got).toMatchObject({ first: { state: 'listening' }, stopped: '{"state":"stopped"}' });
      expect(got.first.session_id).toMatch(/./);
      expect(got.partials.length).toBeGreaterThan(5);
      expect(got.finals.join(' ')).toBe(text);
    });

    it('does not work with what the documents say', async () => {
      await using fake = await serve();
      await expect(client(script, fake.urls.scriptix.realtime, 'any', WAV)).rejects.toThrow(
        /expected listening, got .*loading/,
      );
    });
  },
);

interface Kaldi {
  readonly states: readonly string[];
  readonly partials: readonly string[];
  readonly finals: readonly { speaker: string; text: string; words: readonly string[] }[];
  readonly close_code: number;
}

it('a client of the older Scriptix works with --edition scriptix=kaldi', async () => {
  await using fake = await serve('--edition', 'scriptix=kaldi');
  const got = await client<Kaldi>('kaldi.py', fake.urls.scriptix.realtime, 'any', WAV);
  expect(got.states).toEqual(['listening', 'stopped']);
  expect(got.partials.length).toBeGreaterThan(5);
  expect(got.finals.map((final) => final.text).join(' ')).toBe(text);

  for (const final of got.finals) {
    expect(final.words.join(' ').trim()).toBe(final.text);
    expect(final.speaker).toMatch(/^Speaker /);
  }
  expect(got.close_code).toBe(1000);
});

interface Turns {
  readonly events: readonly string[];
  readonly turns: readonly { text: string; language: string }[];
  readonly close_code: number;
}

it.each(['turns_flush.py', 'turns-flush.mjs'])(
  'a client of turns that flushes and waits for their end works, %s',
  async (script) => {
    await using fake = await serve();
    const got = await client<Turns>(script, fake.urls.reson8.turns, 'any', WAV);

    expect(got).toEqual({
      events: ['turn_start', 'turn_end_candidate', 'turn_end'],
      turns: [{ text: FIRST, language: 'en' }],
      close_code: 1000,
    });
  },
);

describe('a client of Reson8 that refreshes its token while a session is open', () => {
  it('dictates with the header and with the subprotocol', async () => {
    await using fake = await serve('--key', 's3cret-1');
    const { realtime, token } = fake.urls.reson8;
    const query = '?encoding=pcm_s16le&sample_rate=16000&channels=1';
    const got = await client('token_refresh.py', realtime + query, token, 's3cret-1', WAV);

    expect(got).toEqual({
      types: ['Bearer', 'Bearer'],
      seconds: [600, 600],

      texts: [text, text],
    });
  });

  it('takes turns with a token from the older form of the call', async () => {
    await using fake = await serve('--key', 's3cret-1');
    const { turns, token } = fake.urls.reson8;
    const got = await client<{ texts: readonly string[] }>(
      'token-refresh.mjs',
      turns,
      token,
      's3cret-1',
      WAV,
    );
    const [other, one] = got.texts;

    expect(FIRST.startsWith(one ?? '-')).toBe(true);
    expect(other).toBe(one);
  });

  it('gets no token for a key that is not known', async () => {
    await using fake = await serve('--key', 's3cret-1');
    const { turns, token } = fake.urls.reson8;
    await expect(client('token-refresh.mjs', turns, token, 'other', WAV)).rejects.toThrow(/HTTP 401/);
  });
});

it.each([
  ['reson8', 'realtime'],
  ['reson8-turns', 'turns'],
] as const)(
  'a client that only waits until the server closes works with --scenario %s/closed-when-idle',
  async (dialect, socket) => {
    await using fake = await serve('--scenario', `${dialect}/closed-when-idle`);
    const got = await client<{ texts: readonly string[]; close_code: number }>(
      'waits_for_close.py',
      fake.urls.reson8[socket],
      'any',
      WAV,
    );

    expect(got).toEqual({ texts: expect.any(Array) as unknown, close_code: 1000 });
    expect(got.texts.join(' ')).toBe(text);
  },
);

interface Recording {
  readonly segments: readonly { text: string; words: readonly { text: string }[] }[];
}

describe.each(['post_recording.py', 'post-recording.mjs'])(
  'a client that posts a recording, %s,',
  (script) => {
    it('gets all of its text', async () => {
      await using fake = await serve('--key', 's3cret-1');
      const got = await client(script, fake.urls.reson8.prerecorded, 's3cret-1', WAV);
      expect(got).toEqual({ text });
    });

    it('gets segments and words where it asks for them', async () => {
      await using fake = await serve();
      const query = '?diarize=true&include_words=true&include_timestamps=true';
      const got = await client<Recording>(script, fake.urls.reson8.prerecorded + query, 'any', WAV);

      expect(got.segments.map((segment) => segment.text).join(' ')).toBe(text);

      const words = got.segments.flatMap((segment) => segment.words);
      expect(words.map((word) => word.text).join(' ')).toBe(text);
    });

    it('is told why it is refused', async () => {
      await using fake = await serve('--key', 's3cret-1');
      const { prerecorded } = fake.urls.reson8;

      await expect(client(script, prerecorded, 'other', WAV)).rejects.toThrow(/HTTP 401: UNAUTHORIZED/);
      await expect(client(script, prerecorded, 's3cret-1', '/dev/null')).rejects.toThrow(
        /HTTP 400: INVALID_REQUEST/,
      );
    });
  },
);
