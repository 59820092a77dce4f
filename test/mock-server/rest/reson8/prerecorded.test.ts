import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startMockServer, type MockServer } from '../../../../src/index.ts';
import { bursts, fixture, join, tone, wav } from '../../../support/audio.ts';
import { ask, type Answer } from '../../../support/clients/ask.ts';
import { connectRaw } from '../../../support/clients/raw.ts';
import { COMBINATIONS, EVERYTHING, finalsOf, KEY, recognise } from '../../../support/reson8.ts';

let fake: MockServer;
beforeAll(async () => {
  fake = await startMockServer({ maxBodyBytes: 1_000_000 });
});
afterAll(() => fake.stop());

interface Answered {
  readonly text: string;
  readonly language?: string;
  readonly start_ms?: number;
  readonly duration_ms?: number;
  readonly words?: readonly {
    readonly text: string;
    readonly start_ms: number;
    readonly duration_ms: number;
  }[];
  readonly segments?: readonly (Answered & { readonly speaker_id: number })[];
}

function post(
  query: string,
  body: string | Uint8Array,
  headers: Record<string, string> = KEY,
): Promise<Answer> {
  return ask(`${fake.urls.reson8.prerecorded}?${query}`, { method: 'POST', headers, body });
}

async function transcript(query: string, body: Uint8Array): Promise<Answered> {
  const { status, json, text } = await post(query, body);
  expect([status, status === 200 ? '' : text]).toEqual([200, '']);
  return json as Answered;
}

describe('a recording', () => {
  const { pcm, file } = fixture('en-appointment.wav');
  const speech = bursts(1500, 1000, 2000, 900, 700);
  test.each([
    ['a bundled WAV', '', file],
    ['a bundled WAV of another rate', '', fixture('en-appointment-8khz.wav').file],
    ['the samples of a bundled recording', 'encoding=pcm_s16le', pcm],
    ['a bundled recording in Dutch', '', fixture('nl-afspraak.wav').file],
    ['made-up speech', '', speech],
    ['made-up speech in Dutch', 'language=nl', wav(speech)],
    ['silence', '', fixture('silence.wav').file],
    ['a single byte', '', new Uint8Array(1)],
  ])('of %s has the words that the socket gives', async (_, query, body) => {
    const finals = finalsOf(await recognise(fake.urls.reson8.realtime, `${EVERYTHING}&${query}`, body));
    const heard = await transcript(`${EVERYTHING}&${query}`, body);

    expect(heard.words).toEqual(finals.flatMap(({ words }) => words));
    expect(heard.text).toBe(finals.map(({ text }) => text).join(' '));
  });

  test.each(['en-appointment.mp3', 'nl-afspraak.mp3'])('of an MP3 (%s) has its words', async (name) => {
    const { file: mp3, text } = fixture(name);
    expect((await transcript('', mp3)).text).toBe(text);
  });

  test.each(COMBINATIONS)(
    'with $name has the fields of the flags, and no others',
    async ({ query, flags }) => {
      const heard = await transcript(query, file);
      const times = flags.include_timestamps ? ['start_ms', 'duration_ms'] : [];

      expect(Object.keys(heard)).toEqual(['text', ...times, ...(flags.include_words ? ['words'] : [])]);

      for (const word of heard.words ?? []) {
        expect(Object.keys(word)).toEqual([
          'text',
          ...times,
          ...(flags.include_confidence ? ['confidence'] : []),
        ]);
      }
    },
  );

  test('has its language', async () => {
    const dutch = fixture('nl-afspraak.wav').file;
    expect((await transcript('include_language=true', dutch)).language).toBe('nl');
    expect((await transcript('include_language=true&language=de', wav(speech))).language).toBe('de');
  });

  test.each([1, 2, 3, 4])('of at most %d speakers is divided into segments by speaker', async (most) => {
    const long = bursts(...Array.from({ length: 13 }, () => 1000));
    const heard = await transcript(`diarize=true&max_speakers=${most}&${EVERYTHING}`, long);
    const segments = heard.segments ?? [];

    expect(segments.map(({ text }) => text).join(' ')).toBe(heard.text);
    expect(segments.flatMap(({ words }) => words)).toEqual(heard.words);

    const ids = segments.map(({ speaker_id }) => speaker_id);
    expect(new Set(ids).size).toBe(Math.min(most, 2));
    expect([...new Set(ids)]).toEqual([...new Set(ids)].toSorted((a, b) => a - b));
    expect(heard.start_ms).toBe(segments[0]?.start_ms);
  });

  test('has no segments unless they are asked for', async () => {
    expect(await transcript('max_speakers=2', file)).not.toHaveProperty('segments');
    expect((await transcript('diarize=true', fixture('silence.wav').file)).segments).toEqual([]);
  });
});

/** A box of an MP4 file. */
function box(name: string, ...content: readonly Uint8Array[]): Uint8Array {
  const bytes = join(...content);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + bytes.length);
  head.write(name, 4, 'latin1');
  return join(head, bytes);
}

function mp4(seconds: number): Uint8Array {
  const head = Buffer.alloc(100);
  head.writeUInt32BE(600, 12);
  head.writeUInt32BE(600 * seconds, 16);
  return join(
    box('ftyp', Buffer.from('M4A isom')),
    box('mdat', new Uint8Array(5000)),
    box('moov', box('mvhd', head)),
  );
}

describe('a file that is not decoded', () => {
  test.each(['auto', 'm4a', 'm4v', 'mp4', 'mov', '3gp', '3g2'])(
    'counts as speech for its length (%s)',
    async (encoding) => {
      const heard = await transcript(`encoding=${encoding}&include_timestamps=true`, mp4(12));
      expect(heard).toMatchObject({ start_ms: 0, duration_ms: 12_000 });
      expect(heard.text.split(' ').length).toBeGreaterThan(15);
    },
  );

  test('that is not of the given encoding is refused', async () => {
    const { status, json } = await post('encoding=m4a', fixture('en-appointment.mp3').file);
    expect([status, json]).toEqual([400, { code: 'INVALID_REQUEST', message: 'The body is not MP4' }]);
  });

  test('is refused if it claims to be longer than the limit', async () => {
    expect((await post('', mp4(6 * 3600 + 1))).status).toBe(413);
  });
});

describe('a refusal', () => {
  // Their headers and compressed bytes used to be heard as samples.
  test.each([
    ['AIFF', 'FORM\0\0\0\0AIFFCOMM', 'The body is AIFF, which is not read here'],
    ['Wave64', 'riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb', 'The body is Wave64, which is not read here'],
    [
      'RIFX',
      'RIFX\0\0\0\0WAVEfmt ',
      'Unsupported audio: it is RIFX, with big-endian numbers; only RIFF is read',
    ],
  ])('of %s has the status 400 and names the format', async (_, head, message) => {
    const body = Buffer.alloc(3200);
    body.write(head, 'latin1');
    const { status, json } = await post('', body);
    expect([status, json]).toEqual([400, { code: 'INVALID_REQUEST', message }]);
  });

  // They were heard as noise, and the answer had made-up words.
  const sound = tone(200);
  const form = '--X\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\n';
  const multipart = Buffer.concat([Buffer.from(form), sound, Buffer.from('\r\n--X--\r\n')]);
  const encoded = Buffer.from(sound).toString('base64');
  const FORM = 'a form with several parts (multipart/form-data)';
  test.each([
    ['a form', '', { 'content-type': 'multipart/form-data; boundary=X' }, multipart, FORM],
    [
      'a form with an encoding',
      'encoding=mulaw',
      { 'content-type': 'Multipart/Form-Data; boundary=X' },
      multipart,
      FORM,
    ],
    ['a form that does not say so', '', {}, multipart, FORM],
    [
      'a compressed body',
      '',
      { 'content-encoding': 'gzip' },
      gzipSync(sound),
      'compressed (Content-Encoding)',
    ],
    [
      'a body in Brotli with an encoding',
      'encoding=pcm_s16le',
      { 'content-encoding': 'br' },
      sound,
      'compressed (Content-Encoding)',
    ],
    ['a compressed file', '', {}, gzipSync(sound), 'compressed with gzip'],
    ['JSON', '', {}, Buffer.from(`{"audio":"${encoded}"}`), 'JSON'],
    ['a short JSON', '', {}, Buffer.from('{"url":"http://a/b.wav"}'), 'JSON'],
    ['a page', '', {}, Buffer.from('<!doctype html><p>Not found</p>'), 'HTML or XML'],
    ['a recording in base64', '', {}, Buffer.from(encoded), 'text'],
  ])('of %s has the status 400 and says what to send', async (_, query, headers, body, what) => {
    const { status, json } = await post(query, body, { ...KEY, ...headers });
    const message = `The body is ${what}: expected the bytes of the recording and nothing else, as curl --data-binary @FILE sends them`;
    expect([status, json]).toEqual([400, { code: 'INVALID_REQUEST', message }]);
  });

  test.each([
    ['the content type of a form field', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['the content encoding identity', { 'content-encoding': 'identity' }],
  ])('does not meet a recording with %s', async (_, headers) => {
    expect((await post('', wav(sound), { ...KEY, ...headers })).status).toBe(200);
  });

  test('of an empty body has the status 400, with or without a length', async () => {
    expect(await post('', '')).toMatchObject({ status: 400, json: { code: 'INVALID_REQUEST' } });
    const chunked = await post('', '', { ...KEY, 'transfer-encoding': 'chunked' });
    expect(chunked).toMatchObject({ status: 400, json: { code: 'INVALID_REQUEST' } });
  });

  test.each([
    'encoding=flac',
    'sample_rate=0',
    'channels=11',
    'language=klingon',
    'diarize=yes',
    'max_speakers=5',
    'max_speakers=0',
    'filler_mode=none',
    'bias_strength=-1',
    'include_words=1',
    'include_language=maybe',
  ])('of %s has the status 400 and names the parameter', async (query) => {
    const { status, json } = await post(query, tone(100));
    const [name = ''] = query.split('=');

    expect(status).toBe(400);
    expect(json).toEqual({ code: 'INVALID_REQUEST', message: expect.stringContaining(name) as string });
  });

  test('of unreadable audio says why', async () => {
    const bad = wav(tone(100));
    bad.set([0x77, 0x77], 20);
    const { status, json } = await post('', bad);

    expect([status, json]).toMatchObject([
      400,
      { message: expect.stringMatching(/^Unsupported audio: /) as string },
    ]);
  });

  test.each([
    ['no credentials', {}],
    ['an unknown key', { authorization: 'ApiKey invalid-key' }],
    ['an expired key', { authorization: 'Bearer expired-key' }],
  ])('of %s has the status 401, whatever the body', async (_, headers) => {
    for (const body of ['', tone(200)]) {
      expect(await post('', body, headers as Record<string, string>)).toMatchObject({
        status: 401,
        json: { code: 'UNAUTHORIZED' },
      });
    }
  });

  test('of a body above the limit has the status 413, whether or not its length is known', async () => {
    const long = new Uint8Array(1_000_001);
    const refusal = { status: 413, json: { message: 'The body is longer than 1000000 bytes' } };

    expect(await post('', long)).toMatchObject(refusal);
    expect(await post('', long, { ...KEY, 'transfer-encoding': 'chunked' })).toMatchObject(refusal);
    expect((await post('', long.subarray(1))).status).toBe(200);
  });

  test('of more calls than the maximum of connections has the status 429', async () => {
    await using full = await startMockServer({ maxSessions: 1 });
    await using client = await connectRaw(full.urls.url);
    const path = '/v1/speech-to-text/prerecorded';
    client.write(`POST ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: ApiKey a\r\nContent-Length: 9\r\n\r\n1`);

    await expect.poll(() => full.journal.ids, { timeout: 20_000 }).toEqual(['h1']);

    const more = await ask(`${full.urls.url}${path}`, { method: 'POST', headers: KEY, body: 'x' });
    expect([more.status, more.json]).toMatchObject([429, { code: 'TOO_MANY_REQUESTS' }]);

    client.write('12345678');
    expect((await client.answer()).status).toBe(200);
  });

  test('has the form of the edition', async () => {
    const { status, headers, text } = await post('edition=2026-08', '');
    expect([status, headers['content-type']]).toEqual([400, expect.stringContaining('problem+json')]);
    expect(JSON.parse(text)).toMatchObject({ status: 400, code: 'invalid_request' });
  });

  test('of another method has the status 405', async () => {
    const { status, headers } = await ask(fake.urls.reson8.prerecorded, { headers: KEY });
    expect([status, headers.allow]).toEqual([405, 'POST, OPTIONS']);
  });
});

test('a token is accepted like a key, and the journal names the key from which it was made', async () => {
  const { json } = await ask(fake.urls.reson8.token, {
    method: 'POST',
    headers: { authorization: 'ApiKey mine' },
  });
  const { access_token: token } = json as { access_token: string };
  expect((await post('', tone(500), { authorization: `Bearer ${token}` })).status).toBe(200);
  expect((await post('', tone(500), { authorization: `ApiKey ${token}` })).status).toBe(401);

  const calls = fake.journal.ids.map((id) => JSON.stringify(fake.journal.events(id)));
  const mine = calls.filter((call) => call.includes('made from the key'));
  expect(mine).toHaveLength(2);

  for (const call of mine) {
    expect(call).toContain('/v1/speech-to-text/prerecorded');
    expect(call).not.toContain('mine');
  }
});

test('the seconds of audio are counted like those of the sockets', async () => {
  const events: unknown[] = [];
  await using counted = await startMockServer({ onEvent: (event) => events.push(event) });
  await ask(counted.urls.reson8.prerecorded, { method: 'POST', headers: KEY, body: wav(tone(2500)) });

  expect(events).toEqual([{ event: 'recording-heard', audioMs: 2500 }]);

  const metrics = await ask(`${counted.urls.control}/metrics`);
  expect(metrics.text).toMatch(/^understudy_audio_seconds_total 2\.5$/m);
});
