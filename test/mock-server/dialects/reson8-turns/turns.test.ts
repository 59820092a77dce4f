import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { startMockServer } from '../../../../src/mock-server/server.ts';
import {
  serverMessageSchema,
  type INCLUDE_FLAGS,
} from '../../../../src/protocol/reson8-turns/reson8-turns.ts';
import { scenariosOf } from '../../../../src/scenario/replay/from-trace.ts';
import { bursts } from '../../../support/audio.ts';
import { connect } from '../../../support/clients/client.ts';

type Fields = Readonly<Record<string, unknown>>;

const KEY = { headers: { authorization: 'ApiKey any' } };
const FLUSH = { type: 'flush_request' };

function recording(name: string): Uint8Array {
  return readFileSync(new URL(`../../../../fixtures/audio/${name}`, import.meta.url));
}

/** What the server sends for alternating speech and silence (in milliseconds), up to the end of the flush. */
async function saidOf(
  audio: Uint8Array | readonly number[],
  query = '',
  scenario = 'happy-path',
): Promise<readonly Fields[]> {
  await using fake = await startMockServer({ scenario });
  await using client = connect(`${fake.urls.reson8.turns}${query}`, KEY);
  await client.open;
  client.send(audio instanceof Uint8Array ? audio : bursts(...audio));
  client.send(FLUSH);
  client.socket.close(1000);
  await client.closed;
  return client.messages.map(({ json }) => json as Fields);
}

const typesOf = (said: readonly Fields[]) => said.map(({ type }) => type);
const ONE_TURN = ['turn_start', 'turn_end_candidate', 'turn_end'];

describe('turns', () => {
  it('follow the audio: a candidate comes after 250 ms of silence, the end after 700 ms', async () => {
    expect(typesOf(await saidOf([1000, 200]))).toEqual(ONE_TURN);
    expect(typesOf(await saidOf([1000, 240, 1000]))).toEqual(ONE_TURN);
    expect(typesOf(await saidOf([1000, 400, 1000, 1000]))).toEqual([
      ...['turn_start', 'turn_end_candidate', 'turn_continuation', 'turn_end_candidate', 'turn_end'],
    ]);
    expect(typesOf(await saidOf([1000, 900, 1000]))).toEqual([...ONE_TURN, ...ONE_TURN]);
  });

  it('have all their words so far in a later candidate', async () => {
    const [first, second] = (await saidOf([1000, 400, 1000, 1000])).filter(({ text }) => text !== undefined);
    const [before, after] = [String(first?.['text']), String(second?.['text'])];

    expect(before).not.toBe('');
    expect(after.startsWith(`${before} `)).toBe(true);
  });

  it('end sooner or later depending on the two probabilities', async () => {
    const pauses = [1000, 400, 1000, 1000];
    const eager = await saidOf(pauses, '?eager_turn_probability=0.2&final_turn_probability=0.6');
    expect(typesOf(eager)).toEqual([...ONE_TURN, ...ONE_TURN]);

    const patient = await saidOf(pauses, '?eager_turn_probability=0.9&final_turn_probability=0.99');
    expect(typesOf(patient)).toEqual(ONE_TURN);
  });

  it.each([
    ['without a flag', ''],
    ['with times', '?include_timestamps=true'],
    ['with words', '?include_words=true'],
    ['with all', '?include_timestamps=true&include_words=true&include_language=true'],
  ])('%s have the documented fields and no others', async (_what, query) => {
    const asked = new URLSearchParams(query);
    const isOn = (flag: (typeof INCLUDE_FLAGS)[number]) => asked.get(flag) === 'true';
    const schema = serverMessageSchema({
      include_timestamps: isOn('include_timestamps'),
      include_words: isOn('include_words'),
      include_language: isOn('include_language'),
    });
    const said = await saidOf(recording('en-appointment.wav'), query);

    expect(typesOf(said)).toEqual([...ONE_TURN, ...ONE_TURN]);

    for (const message of said) expect(schema.safeParse(message).error).toBeUndefined();
  });

  it('name the language of a known recording without being asked for a language', async () => {
    const said = await saidOf(recording('nl-afspraak.wav'), '?include_language=true');
    const candidate = said.find(({ type }) => type === 'turn_end_candidate');

    expect(candidate).toMatchObject({
      language: 'nl',
      text: expect.stringContaining('goedemorgen') as string,
    });
  });

  it('do not begin in silence, so that a flush has no answer', async () => {
    expect(await saidOf(recording('silence.wav'))).toEqual([]);
  });

  it('end only once: a second flush has no answer', async () => {
    await using fake = await startMockServer();
    await using client = connect(fake.urls.reson8.turns, KEY);
    await client.open;
    client.send(bursts(1000));
    client.send(FLUSH);
    client.send(FLUSH);
    client.send(bursts(1000));
    client.send({ ...FLUSH, id: null });
    client.socket.close(1000);
    await client.closed;

    expect(typesOf(client.messages.map(({ json }) => json as Fields))).toEqual([...ONE_TURN, ...ONE_TURN]);
  });
});

describe('a connection for turns', () => {
  it.each([
    [
      'eager_turn_probability=0.95',
      'eager_turn_probability: expected at most final_turn_probability (0.92), got 0.95',
    ],
    [
      'eager_turn_probability=0.6&final_turn_probability=0.5',
      'expected at most final_turn_probability (0.5)',
    ],
    ['final_turn_probability=1.01', 'final_turn_probability: expected a number from 0 to 1'],
    ['eager_turn_probability=-1', 'eager_turn_probability: expected a number from 0 to 1'],
    ['encoding=mp3', 'encoding: expected auto, pcm_s16le, mulaw or alaw'],
    ['channels=11', 'channels: expected a whole number from 1 to 10'],
    ['include_words=yes', 'include_words: expected true or false'],
    ['language=nl,', 'language: expected a language code'],
    ['filler_mode=rude', 'filler_mode: expected clean, natural or verbatim'],
    ['bias_strength=much', 'bias_strength: expected a number from 0'],
    [`phrases=${Array.from({ length: 251 }, () => 'a').join(',')}`, 'phrases: expected at most 250 phrases'],
    ['encoding=auto&encoding=auto', 'encoding: expected auto'],
  ])('is refused with 400 for %.60s', async (query, message) => {
    await using fake = await startMockServer();
    const { origin } = new URL(fake.urls.url);
    const { status, body } = await upgradeOf(`${origin}/v1/speech-to-text/turns?${query}`);

    expect(status).toBe(400);
    expect(body).toMatchObject({
      code: 'INVALID_REQUEST',
      message: expect.stringContaining(message) as string,
    });
  });

  it.each([
    'patience=1&min_patience_seconds=x&max_patience_seconds=',
    'language=nl,en&custom_model_id=&patterns=x&phrases=a,b&bias_strength=1.5&filler_mode=verbatim',
    'eager_turn_probability=0.7&final_turn_probability=0.7',
    'include_interim=maybe&diarize=1',
  ])('is opened for %s', async (query) => {
    await using fake = await startMockServer();
    await using client = connect(`${fake.urls.reson8.turns}?${query}`, KEY);
    await client.open;

    expect(fake.sessions.map(({ life }) => life)).toEqual(['reson8-turns']);
  });

  it.each(['mulaw', 'alaw'])('hears %s', async (encoding) => {
    // Silence in one encoding is loud in the other, so that a mix-up would be noticed.
    const loud = Uint8Array.from({ length: 8000 }, (_, i) => (i % 2 === 0 ? 0x80 : 0x00));
    const said = await saidOf(loud, `?encoding=${encoding}&sample_rate=8000`);

    expect(typesOf(said)).toEqual(ONE_TURN);
  });

  it('that was recorded says the same when it is replayed as a scenario', async () => {
    await using fake = await startMockServer();
    await using client = connect(fake.urls.reson8.turns, KEY);
    await client.open;
    client.send(bursts(1000));
    client.send(FLUSH);
    client.socket.close(1000);
    await client.closed;
    const [replayed] = scenariosOf(fake.journal.events('s1'), 'asap', 'replayed');

    expect(replayed?.dialect).toBe('reson8-turns');

    const text = JSON.stringify(replayed);
    expect(text.indexOf('turn_start')).toBeGreaterThan(0);
    expect(text.indexOf('turn_end_candidate')).toBeGreaterThan(text.indexOf('turn_start'));
    expect(text).toContain('{"await":{"for":"flush"');
  });
});

async function upgradeOf(url: string): Promise<{ status: number; body: unknown }> {
  const { request } = await import('node:http');
  return new Promise((resolve, reject) => {
    const headers = {
      ...{ connection: 'Upgrade', upgrade: 'websocket', authorization: 'ApiKey any' },
      ...{ 'sec-websocket-version': '13', 'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==' },
    };
    const asked = request(url, { headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (text += part));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) as unknown }),
      );
    });
    asked.on('error', reject);
    asked.end();
  });
}
