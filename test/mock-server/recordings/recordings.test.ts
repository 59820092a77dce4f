import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startMockServer, UserError, type ServerEvent } from '../../../src/index.ts';
import { messageOf } from '../../../src/runtime/errors.ts';
import { fixture, join, silence, wav } from '../../support/audio.ts';
import { ask } from '../../support/clients/ask.ts';
import { folder, type Folder } from '../../support/programs/folder.ts';
import { body, startOrigin } from '../../support/programs/origin.ts';
import { EVERYTHING, KEY, finalsOf, recognise } from '../../support/reson8.ts';
import { finalsOf as scriptixFinalsOf } from '../../support/scriptix/rules.ts';
import { play, stream, transcribe } from '../../support/scriptix/scriptix.ts';

/** A bundled recording, a little quieter: its samples differ, so it is not recognised as the bundled one. */
function quieter(pcm: Uint8Array, gain: number): Uint8Array {
  const from = new DataView(pcm.buffer, pcm.byteOffset, pcm.length);
  const to = new DataView(new ArrayBuffer(pcm.length));
  for (let at = 0; at < pcm.length; at += 2)
    to.setInt16(at, Math.round(from.getInt16(at, true) * gain), true);
  return new Uint8Array(to.buffer);
}

const WORDS = [
  { text: 'Alpha,', startMs: 300, endMs: 800 },
  { text: 'bravo', startMs: 820, endMs: 1500 },
  { text: 'charlie.', startMs: 4400, endMs: 5400 },
];
const PCM = quieter(fixture('en-appointment.wav').pcm, 0.8);
const OTHER = quieter(fixture('nl-afspraak.wav').pcm, 0.8);

/** A change of a file is noticed soon, but not immediately. */
const PATIENT = { timeout: 20_000 };

let place: Folder;
beforeEach(async () => {
  place = await folder();
});
afterEach(() => place[Symbol.asyncDispose]());

async function put(name: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(place.path(name)), { recursive: true });
  await writeFile(place.path(name), content);
}

const putOwn = async () => {
  await put('own/mine.wav', wav(PCM));
  await put('own/mine.wav.json', JSON.stringify({ language: 'de', words: WORDS }));
};

const fakeOf = (...names: readonly string[]) =>
  startMockServer({ recordings: names.map((name) => place.path(name)), speed: 20 });

describe('a recording of the user is known', () => {
  beforeEach(putOwn);

  it.each([3200, 7, 100_000])('on the socket of Reson8, in frames of %i bytes', async (frameBytes) => {
    await using fake = await fakeOf('own');
    const values = await recognise(fake.urls.reson8.realtime, EVERYTHING, PCM, frameBytes);
    const words = finalsOf(values).flatMap((final) => final.words ?? []);

    expect(words.map(({ text, start_ms, duration_ms }) => [text, start_ms, duration_ms])).toEqual(
      WORDS.map(({ text, startMs, endMs }) => [text, startMs, endMs - startMs]),
    );
  });

  it('with silence before it', async () => {
    await using fake = await fakeOf('own');
    const values = await recognise(fake.urls.reson8.realtime, EVERYTHING, join(silence(1000), PCM));
    const words = finalsOf(values).flatMap((final) => final.words ?? []);

    expect(words.map(({ start_ms }) => start_ms)).toEqual([1300, 1820, 5400]);
  });

  it('on the socket for turns', async () => {
    await using fake = await fakeOf('own');
    const text = JSON.stringify(await recognise(fake.urls.reson8.turns, '', PCM).catch(messageOf));
    expect(text).toMatch(/Alpha, bravo/);
  });

  it('on the microphone socket of Scriptix', async () => {
    await using fake = await fakeOf('own');
    const { messages } = await transcribe(fake, wav(PCM));
    expect(scriptixFinalsOf(messages).map(({ text }) => text)).toEqual(['Alpha, bravo', 'charlie.']);
  });

  it('on a manual clock, and in a stream as far as the clock is advanced', async () => {
    await using fake = await startMockServer({ recordings: [place.path('own')], clock: 'manual' });
    const spoken = finalsOf(await recognise(fake.urls.reson8.realtime, EVERYTHING, PCM, 3200));
    expect(spoken.map(({ text }) => text).join(' ')).toBe('Alpha, bravo charlie.');

    await using origin = await startOrigin({ '/a.wav': body(wav(PCM)) });
    await using client = stream(fake, `${origin.url}/a.wav`);
    await client.open;
    expect(await (await origin.asking()).ended).toEqual({ complete: true });

    const said = new Map<string, number>();
    while (!client.hasEnded && fake.clock.now() < 60_000) {
      await fake.clock.advance(100);
      await client.settled().catch(() => undefined);
      for (const { text } of scriptixFinalsOf(client.messages))
        if (!said.has(text)) said.set(text, fake.clock.now());
    }
    expect([...said.keys()]).toEqual(['Alpha, bravo', 'charlie.']);
    // Each comes after it was spoken, and long before the stream ends.
    expect(said.get('Alpha, bravo')).toBeGreaterThanOrEqual(1500);
    expect(said.get('Alpha, bravo')).toBeLessThan(4400);
    expect(said.get('charlie.')).toBeGreaterThanOrEqual(5400);
  });

  it('in a stream', async () => {
    await using fake = await fakeOf('own');
    await using origin = await startOrigin({ '/a.wav': body(wav(PCM)) });
    const { messages } = await play(fake, `${origin.url}/a.wav`);
    expect(scriptixFinalsOf(messages).map(({ text }) => text)).toEqual(['Alpha, bravo', 'charlie.']);
  });

  it('by the call that transcribes a recording', async () => {
    await using fake = await fakeOf('own');
    const { json } = await ask(`${fake.urls.reson8.prerecorded}?include_language=true`, {
      method: 'POST',
      headers: KEY,
      body: wav(PCM),
    });
    expect(json).toEqual({ text: 'Alpha, bravo charlie.', language: 'de' });
  });

  it('with the words of subtitles or a text', async () => {
    await put('text/mine.wav', wav(PCM));
    await put('text/mine.vtt', 'WEBVTT\n\n00:00.300 --> 00:03.200\nIn the cue\n');
    await put('text/mine.txt', 'not this');
    await put('text/deep/other.WAV', wav(OTHER));
    await put('text/deep/other.WAV.txt', 'only words');
    await using fake = await fakeOf('text');
    const textOf = async (pcm: Uint8Array) =>
      finalsOf(await recognise(fake.urls.reson8.realtime, '', pcm))
        .map(({ text }) => text)
        .join(' ');

    expect(await textOf(PCM)).toBe('In the cue');
    expect(await textOf(OTHER)).toBe('only words');
  });

  it('and the bundled ones are still known', async () => {
    await using fake = await fakeOf('own');
    const { pcm, text } = fixture('en-long.wav');
    const values = await recognise(fake.urls.reson8.realtime, '', pcm);
    expect(
      finalsOf(values)
        .map((final) => final.text)
        .join(' '),
    ).toBe(text);
  });
});

describe('a folder of recordings', () => {
  const refusal = (...names: readonly string[]): Promise<string> =>
    fakeOf(...names).then(
      async (fake) => {
        await fake.stop();
        return 'it has started';
      },
      (error: unknown) => {
        expect(error).toBeInstanceOf(UserError);
        return messageOf(error);
      },
    );

  it('is refused with all mistakes in its files', async () => {
    await put('bad/a.wav', wav(PCM));
    await put('bad/a.vtt', 'WEBVTT\n\n00:07.000 --> 00:09.000\nbeyond');
    await put('bad/b.wav', 'RIFF1234WAVEjunk');
    await put('bad/b.txt', 'hello');
    await put('bad/c.mp3', 'not sound at all');
    await put('bad/c.txt', 'hello');
    await put('bad/d.wav', wav(silence(1000)));
    await put('bad/d.txt', 'hello');
    const lines = (await refusal('bad')).split('\n');

    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatch(/a\.vtt:3: it is said from 7000 to 9000 ms, but the recording lasts 7624 ms$/);
    expect(lines[1]).toMatch(/b\.wav: .*the WAV of the file/);
    expect(lines[2]).toMatch(/c\.mp3: expected WAV or MP3, got text$/);
    expect(lines[3]).toMatch(/d\.txt: it has words, but no speech is heard in the recording$/);
  });

  it('is refused if it is missing or has too many files', async () => {
    expect(await refusal('missing')).toMatch(
      /missing: cannot be read: there is no such file or folder \(ENOENT\)$/,
    );

    for (let i = 0; i <= 500; i += 1) await put(`many/${i}.wav`, '');
    expect(await refusal('many')).toMatch(/many: more than 500 recordings or 2000 files in this folder$/);
  });

  it('that is watched keeps its last good version when a file has a mistake, and reports it', async () => {
    await putOwn();
    const events: ServerEvent[] = [];
    await using fake = await startMockServer({
      recordings: [place.path('own')],
      watch: true,
      speed: 20,
      onEvent: (event) => events.push(event),
    });
    const heard = async () =>
      finalsOf(await recognise(fake.urls.reson8.realtime, EVERYTHING, PCM, 3200)).map(({ text }) => text);
    const before = await heard();
    expect(before.join(' ')).toBe('Alpha, bravo charlie.');

    await put('own/mine.wav.json', '{ "words": 7 }');
    await expect
      .poll(() => events.find(({ event }) => event === 'recordings-broken'), PATIENT)
      .toMatchObject({ message: expect.stringContaining('mine.wav.json') as string });
    expect(await heard()).toEqual(before);

    const words = WORDS.map((word) => ({ ...word, text: word.text.toUpperCase() }));
    await put('own/mine.wav.json', JSON.stringify({ language: 'de', words }));
    await expect
      .poll(() => events.filter(({ event }) => event === 'recordings-loaded').length, PATIENT)
      .toBeGreaterThan(1);
    expect((await heard()).join(' ')).toBe('ALPHA, BRAVO CHARLIE.');
  });

  it('that is watched is read again when a new subfolder or a file in it changes', async () => {
    await putOwn();
    const events: ServerEvent[] = [];
    await using fake = await startMockServer({
      recordings: [place.path('own')],
      watch: true,
      speed: 20,
      onEvent: (event) => events.push(event),
    });
    const counts = () =>
      events.flatMap((event) => (event.event === 'recordings-loaded' ? [event.count] : []));
    const heard = async () =>
      finalsOf(await recognise(fake.urls.reson8.realtime, '', OTHER))
        .map(({ text }) => text)
        .join(' ');

    await put('own/deep/other.wav', wav(OTHER));
    await put('own/deep/other.txt', 'in the new one');
    await expect.poll(() => counts().at(-1), PATIENT).toBe(2);
    expect(await heard()).toBe('in the new one');

    await put('own/deep/other.txt', 'said in another way');
    await expect.poll(heard, PATIENT).toBe('said in another way');
  });

  it('is accepted with notes on what is harmless', async () => {
    await putOwn();
    await put('own/lonely.wav', wav(OTHER));
    await put('own/lost.srt', '');
    await put('own/same.wav', wav(PCM));
    await put('own/same.txt', 'other words');
    await put('own/copy.wav', wav(PCM));
    await put('own/copy.json', JSON.stringify({ words: WORDS }));
    const events: ServerEvent[] = [];
    await using fake = await startMockServer({
      recordings: [place.path('own')],
      onEvent: (event) => events.push(event),
    });
    const notes = events.flatMap((event) => (event.event === 'recording-note' ? [event] : []));

    expect(fake.sessions).toEqual([]);
    expect(events[0]).toEqual({ event: 'recordings-loaded', count: 3 });
    expect(
      notes.map(({ path, message }) => [path.split('/').at(-1), message.replaceAll(place.path(''), '')]),
    ).toEqual([
      [
        'lonely.wav',
        'has no transcript beside it, such as lonely.wav.txt; understudy recordings add makes one',
      ],
      ['lost.srt', 'no recording (.wav, .mp3) is beside this transcript'],
      [
        'same.wav',
        expect.stringMatching(
          /^begins like .*copy\.wav, whose words may be said for it; cut the beginning of same\.wav/,
        ),
      ],
    ]);
  });
});
