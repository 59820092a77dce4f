import { readFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fixture, silence, tone, join, wav } from '../support/audio.ts';
import { folder, type Folder } from '../support/programs/folder.ts';
import { command } from '../support/programs/in-process.ts';

let place: Folder;
beforeEach(async () => {
  place = await folder();
});
afterEach(() => place[Symbol.asyncDispose]());

const run = (...args: readonly string[]) => command('recordings', ...args);

/** Speech from 200 to 1200 and from 2200 to 3200 ms. */
const SOUND = wav(join(silence(200), tone(1000), silence(1000), tone(1000), silence(300)));

describe('understudy recordings add', () => {
  it('spreads the words of a text over the speech, beside the recording', async () => {
    await writeFile(place.path('a.wav'), SOUND);
    await writeFile(place.path('a.txt'), 'one two\nthree four');
    const { code, stdout, stderr } = await run('add', place.path('a.wav'), '--language', 'nl');

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(`${place.path('a.wav.json')}: 4 words in 3.5 s\n`);
    expect(JSON.parse(await readFile(place.path('a.wav.json'), 'utf8'))).toEqual({
      language: 'nl',
      text: 'one two three four',
      durationMs: 3500,
      words: [
        { text: 'one', startMs: 200, endMs: 700 },
        { text: 'two', startMs: 700, endMs: 1200 },
        { text: 'three', startMs: 2200, endMs: 2738 },
        { text: 'four', startMs: 2738, endMs: 3200 },
      ],
    });
  });

  it('copies the recording to a folder, which can be listed and served', async () => {
    await writeFile(place.path('a.wav'), SOUND);
    await writeFile(place.path('said.vtt'), 'WEBVTT\n\n00:00.200 --> 00:01.200\nHello there\n');
    const to = place.path('deep/own');
    const added = await run('add', place.path('a.wav'), '--transcript', place.path('said.vtt'), '--to', to);

    expect(added).toEqual({ code: 0, stdout: `${to}/a.wav.json: 2 words in 3.5 s\n`, stderr: '' });
    expect(new Uint8Array(await readFile(`${to}/a.wav`))).toEqual(SOUND);

    const listed = await run('list', to, '--json');
    expect(JSON.parse(listed.stdout)).toEqual({
      file: `${to}/a.wav`,
      transcript: `${to}/a.wav.json`,
      text: 'Hello there',
      durationMs: 3500,
      wordCount: 2,
    });
    expect((await run('list', to)).stdout).toMatch(/a\.wav .* 2 words in 3\.5 s {2}Hello there\n$/);
  });

  it('names the recording of the folder that begins in the same way', async () => {
    await writeFile(place.path('b.wav'), SOUND);
    const to = place.path('own');
    await writeFile(place.path('b.txt'), 'one');
    expect((await run('add', place.path('b.wav'), '--to', to)).stderr).toBe('');

    await writeFile(place.path('a.wav'), SOUND);
    await writeFile(place.path('a.txt'), 'another');
    const { code, stderr } = await run('add', place.path('a.wav'), '--to', to);
    expect(code).toBe(0);
    expect(stderr).toContain(`${to}/b.wav: begins like ${to}/a.wav`);
  });

  it('replaces files only with --force', async () => {
    await writeFile(place.path('a.wav'), SOUND);
    await writeFile(place.path('a.txt'), 'one');
    await writeFile(place.path('a.wav.json'), '{"text": "before"}');
    const refused = await run('add', place.path('a.wav'), '--transcript', place.path('a.txt'));
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toBe(`${place.path('a.wav.json')}: already exists; --force replaces it\n`);
    expect(await readFile(place.path('a.wav.json'), 'utf8')).toBe('{"text": "before"}');

    const forced = await run('add', place.path('a.wav'), '--transcript', place.path('a.txt'), '--force');
    expect(forced.code).toBe(0);
    expect(await readFile(place.path('a.wav.json'), 'utf8')).toContain('"one"');
  });

  it.each([
    [
      'a file that does not exist',
      ['no.wav', '--transcript', 'a.txt'],
      'no.wav: cannot be read: there is no such file or folder (ENOENT)',
    ],
    ['another kind of file', ['a.ogg'], 'a.ogg: expected a recording that ends in .wav, .wave or .mp3'],
    [
      'a recording without a transcript',
      ['b.wav'],
      'b.wav: no transcript is beside it, such as b.wav.txt; name one with --transcript',
    ],
    [
      'a transcript of another kind',
      ['b.wav', '--transcript', 'a.doc'],
      '--transcript a.doc: expected a file',
    ],
    ['a transcript without words', ['b.wav', '--transcript', 'empty.txt'], 'empty.txt: no words are in it'],
    ['an invalid language', ['b.wav', '--language', 'a b'], '--language: expected the code of a language'],
  ])('refuses %s', async (_what, args, expected) => {
    await writeFile(place.path('a.txt'), 'hello');
    await writeFile(place.path('empty.txt'), '\n');
    await writeFile(place.path('b.wav'), SOUND);
    const given = args.map((arg) => (/\.(?:wav|txt|ogg)$/.test(arg) ? place.path(arg) : arg));
    const { code, stdout, stderr } = await run('add', ...given);

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.replaceAll(place.path(''), '')).toContain(expected);
  });
});

describe('understudy recordings list', () => {
  it('shows the bundled recordings', async () => {
    const { code, stdout, stderr } = await run('list', '--json');
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { file: string; text: string });

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(lines.find(({ file }) => file === 'en-long.wav')?.text).toBe(fixture('en-long.wav').text);
  });

  it('notes recordings and transcripts without each other, and fails for mistakes', async () => {
    await writeFile(place.path('a.wav'), SOUND);
    const noted = await run('list', place.path(''));
    expect(noted).toMatchObject({ code: 0, stdout: '' });
    expect(noted.stderr).toContain('has no transcript beside it');

    await writeFile(place.path('a.srt'), 'nothing');
    const failed = await run('list', place.path(''));
    expect(failed).toMatchObject({ code: 2, stdout: '' });
    expect(failed.stderr).toContain('a.srt: expected cues');
  });
});
