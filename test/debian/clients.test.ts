import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { fixture } from '../support/audio.ts';
import { REPOSITORY } from '../support/programs/cli.ts';
import { serve } from '../support/programs/program.ts';

/**
 * Clients that behave like those of the vendors and of other people, with the same libraries: Debian's python3-websockets
 * and python3-aiohttp, and `ws`. Each works with the fake without changes, or with one flag.
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
    { timeout: 280_000 },
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
  'a client of Scriptix that takes the first message for listening (%s)',
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

    it('does not work with --edition scriptix=documents', async () => {
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
  'a client of turns that flushes and waits for the end of the turn works (%s)',
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
  it('gets finals with the header and with the subprotocol', async () => {
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

  it('gets turns with a token from the older form of the call', async () => {
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

  it('gets no token for an unknown key', async () => {
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
  'a client that posts a recording (%s)',
  (script) => {
    it('gets all of its text', async () => {
      await using fake = await serve('--key', 's3cret-1');
      const got = await client(script, fake.urls.reson8.prerecorded, 's3cret-1', WAV);
      expect(got).toEqual({ text });
    });

    it('gets segments and words if it asks for them', async () => {
      await using fake = await serve();
      const query = '?diarize=true&include_words=true&include_timestamps=true';
      const got = await client<Recording>(script, fake.urls.reson8.prerecorded + query, 'any', WAV);

      expect(got.segments.map((segment) => segment.text).join(' ')).toBe(text);

      const words = got.segments.flatMap((segment) => segment.words);
      expect(words.map((word) => word.text).join(' ')).toBe(text);
    });

    it('gets the reason of a refusal', async () => {
      await using fake = await serve('--key', 's3cret-1');
      const { prerecorded } = fake.urls.reson8;

      await expect(client(script, prerecorded, 'other', WAV)).rejects.toThrow(/HTTP 401: UNAUTHORIZED/);
      await expect(client(script, prerecorded, 's3cret-1', '/dev/null')).rejects.toThrow(
        /HTTP 400: INVALID_REQUEST/,
      );
    });
  },
);

describe('a client of turns that reconnects if that may help', () => {
  const SECOND = text.slice(FIRST.length + 1);
  const attempt = (url: string, key: string) =>
    client<{ refusals: readonly unknown[]; texts: readonly string[] }>('patient_turns.py', url, key, WAV);

  it('gets its turns, also with the parameters of older releases', async () => {
    await using fake = await serve();
    expect(await attempt(fake.urls.reson8.turns, 'any')).toEqual({ refusals: [], texts: [FIRST, SECOND] });
  });

  it.each([
    ['--edition', 'reson8=2026-08'],
    ['--edition', 'reson8=documents'],
  ])('gives up immediately if its key is wrong, with %s %s', async (flag, edition) => {
    await using fake = await serve('--key', 's3cret-1', flag, edition);
    const reason = edition.endsWith('2026-08') ? 'Invalid or expired credentials' : null;

    expect(await attempt(fake.urls.reson8.turns, 'other')).toEqual({ refusals: [[401, reason]], texts: [] });
  });

  it.each([
    ['no-credits', [[402, 'Insufficient credits']]],
    ['refused-400', [[400, 'sample_rate: expected a number']]],
  ])('gives up immediately with --scenario %s, and says why', async (scenario, refusals) => {
    await using fake = await serve('--edition', 'reson8=2026-08', '--scenario', `reson8-turns/${scenario}`);
    expect(await attempt(fake.urls.reson8.turns, 'any')).toEqual({ refusals, texts: [] });
  });

  it('reconnects after too many connections', async () => {
    await using fake = await serve(
      '--edition',
      'reson8=2026-08',
      '--scenario',
      'reson8-turns/too-many-connections',
    );
    expect(await attempt(fake.urls.reson8.turns, 'any')).toEqual({
      refusals: [[429, 'Too many connections']],
      texts: [FIRST, SECOND],
    });
  });
});

it.each(['turns_flush.py', 'turns-flush.mjs'])(
  'a client of turns treats a close before the end of a turn as an error (%s)',
  async (script) => {
    await using fake = await serve('--scenario', 'reson8-turns/closed-before-turn-end');
    await expect(client(script, fake.urls.reson8.turns, 'any', WAV)).rejects.toThrow(
      /closed before the turn ended/,
    );
  },
);

describe('a client that keeps a custom model', () => {
  interface Kept {
    readonly made: boolean;
    readonly added: { added: number; skipped: number };
    readonly deleted: { deleted: number; skipped: number };
    readonly phrases: readonly string[];
    readonly text: string;
  }

  it('creates it once, and gets its phrases', async () => {
    await using fake = await serve('--key', 's3cret-1');
    // Not a known recording, because the words of those do not change.
    const long = join(REPOSITORY, 'fixtures/audio/noise.wav');
    const first = await client<Kept>('custom_model.py', fake.urls.reson8.api, 's3cret-1', long);
    const again = await client<Kept>('custom_model.py', fake.urls.reson8.api, 's3cret-1', WAV);

    expect(first).toMatchObject({
      made: true,
      added: { added: 1, skipped: 1 },
      deleted: { deleted: 1, skipped: 0 },
      phrases: ['Zhivago', 'Brontosaurus'],
    });
    expect(again).toMatchObject({ made: false, added: { added: 0, skipped: 2 }, text });
  });

  it('gets the reason of a refusal', async () => {
    await using fake = await serve('--scenario', 'reson8-rest/model-not-paid');
    await expect(client('custom_model.py', fake.urls.reson8.api, 'any', WAV)).rejects.toThrow(
      /HTTP 402: PAYMENT_REQUIRED/,
    );
  });
});

it.each([
  ['reson8=documents', 'INVALID_REQUEST', 'UNAUTHORIZED'],
  ['reson8=2026-08', 'invalid_request', 'unauthorized'],
])(
  'a client that checks keys with an empty body distinguishes valid and invalid ones in %s',
  async (edition, ...codes) => {
    await using fake = await serve('--key', 's3cret-1', '--edition', edition);
    const check = (key: string) => client('check-key.mjs', fake.urls.reson8.prerecorded, key);

    expect(await check('s3cret-1')).toEqual({ isValid: true, status: 400, code: codes[0] });
    expect(await check('other')).toEqual({ isValid: false, status: 401, code: codes[1] });
  },
);
