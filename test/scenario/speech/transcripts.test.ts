import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { messageOf, UserError } from '../../../src/runtime/errors.ts';
import { loadTranscripts, type Transcript } from '../../../src/scenario/speech/transcripts.ts';

const HELLO: Transcript = {
  language: 'en',
  text: 'Hello there.',
  durationMs: 1200,
  onset: { id: '0123456789abcdef', atMs: 300.5 },
  words: [
    { text: 'hello', startMs: 300, endMs: 610 },
    { text: 'there', startMs: 640, endMs: 900 },
  ],
};

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'transcripts-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function write(path: string, content: unknown): Promise<void> {
  const file = join(folder, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
}

const load = () => loadTranscripts(pathToFileURL(folder));

async function refusal(of: Promise<unknown> = load()): Promise<string> {
  const error: unknown = await of.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(UserError);
  return messageOf(error);
}

test('transcripts are found in all folders, by the onsets of their recordings', async () => {
  const other = { ...HELLO, onset: { id: 'fedcba9876543210', atMs: 0 } };
  await write('hello.wav.json', HELLO);
  await write('hello.wav', 'not looked at');
  await write('dutch/slow/hallo.mp3.json', other);
  const known = await load();

  expect([...known.keys()].sort()).toEqual([HELLO.onset.id, other.onset.id]);
  expect(known.get(HELLO.onset.id)).toEqual(HELLO);
  expect(known.get(other.onset.id)).toEqual(other);
});

test('a recording is recognised in G.711 by each way in which it begins there', async () => {
  const companded = [
    { id: '1111111111111111', atMs: 301 },
    { id: '2222222222222222', atMs: 302 },
  ];
  await write('hello.wav.json', { ...HELLO, companded });
  const known = await load();

  expect(known.size).toBe(3);
  expect(known.get('2222222222222222')).toEqual({ ...HELLO, companded, onset: companded[1] });

  await write('hello.wav.json', { ...HELLO, companded: [{ id: 'short', atMs: -1 }] });
  expect(await refusal()).toMatch(/companded\[0\]\.id: expected 16[^]*companded\[0\]\.atMs: expected milli/);

  await write('hello.wav.json', { ...HELLO, companded: {} });
  expect(await refusal()).toMatch(/companded: expected a list/);
});

test('a folder may be given with and without a slash at the end', async () => {
  await write('hello.wav.json', HELLO);
  expect((await loadTranscripts(pathToFileURL(`${folder}/`))).size).toBe(1);

  await write('bad.wav.json', []);
  expect(await refusal(loadTranscripts(pathToFileURL(`${folder}/`)))).toContain(join(folder, 'bad.wav.json'));
});

test('without a folder, fixtures/audio of the package is read, or nothing if that is missing', async () => {
  // A package of these modules only, in the places that they have in `src` and in `dist`.
  for (const path of [
    'scenario/speech/transcripts.ts',
    'scenario/speech/files.ts',
    'scenario/speech/fixtures.ts',
    'runtime/errors.ts',
    'runtime/text/closest.ts',
    'runtime/json/fields.ts',
    'runtime/trailing.ts',
  ]) {
    await write(`src/${path}`, await readFile(new URL(`../../../src/${path}`, import.meta.url), 'utf8'));
  }
  const module = pathToFileURL(join(folder, 'src/scenario/speech/transcripts.ts')).href;
  const copy = (await import(/* @vite-ignore */ module)) as { loadTranscripts: typeof loadTranscripts };

  expect((await copy.loadTranscripts()).size).toBe(0);

  await write('fixtures/audio/hello.wav.json', HELLO);
  expect([...(await copy.loadTranscripts()).keys()]).toEqual([HELLO.onset.id]);
});

test('unknown fields of a transcript are ignored', async () => {
  await write('hello.wav.json', { ...HELLO, source: 'read aloud', onset: { ...HELLO.onset, digits: 16 } });
  expect((await load()).get(HELLO.onset.id)).toEqual(HELLO);
});

test.each([
  ['without an onset', { onset: undefined }],
  ['whose onset is null', { onset: null }],
  ['without words', { words: undefined }],
  ['with an empty list of words', { words: [] }],
])('a file %s is skipped', async (_, change) => {
  await write('hello.wav.json', { ...HELLO, ...change });
  expect((await load()).size).toBe(0);
});

test('words may start together, last no time, or overlap', async () => {
  const words = [
    { text: 'a', startMs: 5, endMs: 90 },
    { text: 'b', startMs: 5, endMs: 5 },
    { text: 'c', startMs: 60, endMs: 70 },
  ];
  await write('hello.wav.json', { ...HELLO, words });

  expect((await load()).get(HELLO.onset.id)?.words).toEqual(words);
});

const word = { text: 'hello', startMs: 300, endMs: 610 };

describe('a transcript is refused by name', () => {
  test.each([
    ['that is not JSON', '{"language"', 'cannot be read: '],
    ['that is a list', [], 'expected an object'],
    ['that is null', 'null', 'expected an object'],
    ['without a language', { ...HELLO, language: undefined }, 'language: expected'],
    ['with an empty text', { ...HELLO, text: '' }, 'text: expected'],
    ['with a negative duration', { ...HELLO, durationMs: -1 }, 'durationMs: expected'],
    ['whose onset is a text', { ...HELLO, onset: 'x' }, 'onset.id: expected'],
    ['whose onset id is short', { ...HELLO, onset: { id: 'abc', atMs: 0 } }, 'onset.id: expected'],
    [
      'whose onset id has capitals',
      { ...HELLO, onset: { id: '0123456789ABCDEF', atMs: 0 } },
      'onset.id: expected',
    ],
    ['whose onset has no time', { ...HELLO, onset: { id: HELLO.onset.id } }, 'onset.atMs: expected'],
    ['whose words are a text', { ...HELLO, words: 'hello' }, 'words: expected a list'],
    ['with a word that is a text', { ...HELLO, words: ['hello'] }, 'words[0].text: expected'],
    ['with a space in a word', { ...HELLO, words: [{ ...word, text: 'he llo' }] }, 'words[0].text: expected'],
    ['with an empty word', { ...HELLO, words: [word, { ...word, text: '' }] }, 'words[1].text: expected'],
    [
      'with a start that is a text',
      { ...HELLO, words: [{ ...word, startMs: '1' }] },
      'words[0].startMs: expected',
    ],
    [
      'with an end before the start',
      { ...HELLO, words: [{ ...word, endMs: 299 }] },
      'words[0].endMs: expected',
    ],
    [
      'with words out of order',
      { ...HELLO, words: [word, { ...word, startMs: 299 }] },
      'words[1].startMs: expected',
    ],
  ])('%s', async (_, content, wrong) => {
    await write('good.wav.json', HELLO);
    await write('sub/bad.wav.json', content);
    const message = await refusal();

    expect(message).toContain(join(folder, 'sub/bad.wav.json'));
    expect(message).toContain(wrong);
  });

  test('with all of its mistakes, each once', async () => {
    await write('bad.wav.json', { ...HELLO, language: 7, words: [word, { ...word, startMs: null }] });
    const message = await refusal();

    expect(message.match(/expected/g)).toHaveLength(2);
    expect(message).toContain('language: expected');
    expect(message).toContain('words[1].startMs: expected');
  });

  test('in an error that does not grow with the file', async () => {
    await write('bad.wav.json', { ...HELLO, words: Array.from({ length: 500 }, () => ({})) });
    const message = await refusal();

    expect(message.match(/expected/g)).toHaveLength(10);
    expect(message).toContain('1490 more mistakes');
  });

  test('when it is larger than 1 MiB', async () => {
    const most = JSON.stringify(HELLO).padEnd(2 ** 20);
    await write('hello.wav.json', most);
    expect((await load()).size).toBe(1);

    await write('hello.wav.json', `${most} `);
    expect(await refusal()).toContain('at most 1048576 are read');
  });
});

test('two recordings that begin the same may have the same words', async () => {
  await write('a.wav.json', HELLO);
  await write('b.flac.json', { ...HELLO, durationMs: 5 });
  expect((await load()).get(HELLO.onset.id)?.durationMs).toBe(HELLO.durationMs);
});

test('two recordings that begin the same and say different things are refused, naming both', async () => {
  await write('a.wav.json', HELLO);
  await write('b.wav.json', { ...HELLO, words: [word] });
  const message = await refusal();

  expect(message).toContain(join(folder, 'a.wav.json'));
  expect(message).toContain(join(folder, 'b.wav.json'));
});

test('500 transcripts are read and 501 are refused', async () => {
  for (let i = 0; i < 500; i++) {
    await write(`${i}.json`, { ...HELLO, onset: { id: i.toString(16).padStart(16, '0'), atMs: 0 } });
  }
  expect((await load()).size).toBe(500);

  await write('more/one.json', {});
  expect(await refusal()).toContain(folder);
});

test('a folder with thousands of other files is not searched to its end', async () => {
  await Promise.all(Array.from({ length: 1999 }, (_, i) => write(`many/${i}.txt`, '')));
  // Together with the folder itself this makes 2,000.
  expect((await load()).size).toBe(0);

  await write('one-more.txt', '');
  expect(await refusal()).toContain(folder);
});

test('a link to its own folder is not followed', async () => {
  await write('hello.wav.json', HELLO);
  await symlink(folder, join(folder, 'round'));
  expect((await load()).size).toBe(1);
});

test('a folder that does not exist is refused', async () => {
  const missing = join(folder, 'missing');
  expect(await refusal(loadTranscripts(pathToFileURL(missing)))).toContain(missing);
});

test('the transcripts of the package itself are well formed', async () => {
  for (const [id, { onset, words }] of await loadTranscripts()) {
    expect(onset.id).toBe(id);
    expect(words.length).toBeGreaterThan(0);
  }
});

test('any well-formed transcript is read back as it was written', async () => {
  const text = fc.stringMatching(/^[a-z']{1,12}$/);
  const ms = fc.nat({ max: 100_000 });
  const words = fc
    .array(fc.tuple(text, ms, ms), { minLength: 1, maxLength: 30 })
    .map((list) =>
      list
        .map(([said, startMs, lastsMs]) => ({ text: said, startMs, endMs: startMs + lastsMs }))
        .sort((a, b) => a.startMs - b.startMs),
    );
  const id = fc.stringMatching(/^[0-9a-f]{16}$/);
  const transcripts = fc.record({
    language: fc.constantFrom('en', 'nl'),
    text,
    durationMs: ms,
    onset: fc.record({ id, atMs: fc.double({ min: 0, max: 1000, noNaN: true }) }),
    words,
  });
  await fc.assert(
    fc.asyncProperty(transcripts, async (transcript) => {
      await write('any.wav.json', transcript);
      const expected: unknown = JSON.parse(JSON.stringify(transcript));
      expect([...(await load()).values()]).toEqual([expected]);
    }),
    { numRuns: 50 },
  );
});
