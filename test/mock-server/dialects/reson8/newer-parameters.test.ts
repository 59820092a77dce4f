import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMockServer } from '../../../../src/mock-server/server.ts';
import type { MockServer } from '../../../../src/mock-server/mock-server.ts';
import { bursts, fixture } from '../../../support/audio.ts';
import { dial, finalsOf, recognise, transcriptsOf } from '../../../support/reson8.ts';

const EDITIONS = ['documents', '2026-08'] as const;

let fake: MockServer;
let endpoint: string;
let turns: string;
beforeAll(async () => {
  fake = await startMockServer();
  endpoint = fake.urls.reson8.realtime;
  turns = fake.urls.reson8.turns;
});
afterAll(() => fake.stop());

const list = (count: number) => Array.from({ length: count }, (_, i) => `p${i}`).join(',');

/** The parameters of the newer pages, each with valid values, and invalid ones with what is expected instead. */
const PARAMETERS: readonly {
  readonly name: string;
  readonly right: readonly string[];
  readonly wrong: readonly string[];
  readonly expected: string;
  readonly realtimeOnly?: true;
}[] = [
  {
    name: 'language',
    right: ['nl', 'nl,en', 'NL', 'nl-NL', 'fy, sv'],
    wrong: ['', 'dutch!', 'nl,', 'nl;en'],
    expected: 'a language code such as nl, or several with commas',
  },
  { name: 'include_language', right: ['true', 'false'], wrong: ['', '1', 'True'], expected: 'true or false' },
  {
    name: 'phrases',
    right: ['', 'asr', 'order number,Reson8', list(250)],
    wrong: [list(251)],
    expected: 'at most 250 phrases with commas',
  },
  {
    name: 'patterns',
    right: ['', 'AMZ[0-9]{6}', '[0-9]{4,6},[A-Z]{2}[0-9]{2} [A-Z]{3}', 'x'],
    wrong: ['[A-Z', 'a{2,1}', 'ok,)'],
    expected: 'shapes such as [A-Z]{2}[0-9]{4}, with commas',
  },
  {
    name: 'bias_strength',
    right: ['0', '1.5', '200'],
    wrong: ['', '-1', 'much'],
    expected: 'a number from 0',
  },
  {
    name: 'filler_mode',
    right: ['clean', 'natural', 'verbatim'],
    wrong: ['', 'rude', 'Clean'],
    expected: 'clean, natural or verbatim',
  },
  {
    name: 'diarize',
    right: ['true', 'false'],
    wrong: ['', 'yes'],
    expected: 'true or false',
    realtimeOnly: true,
  },
  {
    name: 'max_speakers',
    right: ['1', '4'],
    wrong: ['', '0', '5', '2.5', 'all'],
    expected: 'a whole number from 1 to 4',
    realtimeOnly: true,
  },
];

/** 101, or what a refusal says. */
async function answerTo(url: string, query: Readonly<Record<string, string>>): Promise<unknown> {
  await using client = dial(url, new URLSearchParams(query).toString());
  return await Promise.any([
    client.open.then(() => 101),
    client.refused.then(({ status, headers, body }) => ({
      status,
      said: body === '' ? headers['x-error-message'] : (JSON.parse(body) as { message: string }).message,
    })),
  ]);
}

const VALUES = PARAMETERS.flatMap(({ name, right, wrong, expected, realtimeOnly }) => [
  ...right.map((value) => ({ name, value, expected: undefined, realtimeOnly })),
  ...wrong.map((value) => ({ name, value, expected, realtimeOnly })),
]);

describe('a parameter of the newer pages', () => {
  it.each(VALUES)('$name=$value is checked in the editions that have it', async (one) => {
    const { name, value, expected, realtimeOnly } = one;
    const refusal = { status: 400, said: expect.stringContaining(`${name}: expected ${expected}`) as string };
    const answer = expected === undefined ? 101 : refusal;
    const query = { [name]: value };

    expect(await answerTo(endpoint, { ...query, edition: '2026-08' })).toEqual(answer);
    expect(await answerTo(endpoint, { ...query, edition: 'documents' })).toBe(101);

    for (const edition of EDITIONS) {
      expect(await answerTo(turns, { ...query, edition })).toEqual(realtimeOnly === true ? 101 : answer);
    }
  });

  it.each(PARAMETERS)('$name is refused if it is given twice', async ({ name, right }) => {
    const twice = `${name}=${right[0] ?? ''}&${name}=${right[0] ?? ''}`;
    await using client = dial(endpoint, `${twice}&edition=2026-08`);
    const { status, headers } = await client.refused;

    expect(status).toBe(400);
    expect(headers['x-error-message']).toMatch(new RegExp(`^${name}: expected .* and `));
  });

  it.each(['mulaw', 'alaw'])('encoding=%s is accepted only in the newer edition', async (encoding) => {
    expect(await answerTo(endpoint, { encoding, edition: '2026-08' })).toBe(101);
    expect(await answerTo(endpoint, { encoding })).toEqual({
      status: 400,
      said: `encoding: expected auto or pcm_s16le, got "${encoding}"`,
    });
  });

  it('is reported together with others that are wrong', async () => {
    const query = { channels: '11', language: '', max_speakers: '9', edition: '2026-08' };
    expect(await answerTo(endpoint, query)).toEqual({
      status: 400,
      said:
        'channels: expected a whole number from 1 to 10, got "11"; ' +
        'language: expected a language code such as nl, or several with commas, got ""; ' +
        'max_speakers: expected a whole number from 1 to 4, got "9"',
    });
  });
});

/** Two segments, the second after a pause. */
const SPEECH = bursts(3000, 1100, 3000);
const WORDS = 'include_interim=true&include_words=true';
const NEWER = 'edition=2026-08';

const said = (query: string, audio = SPEECH) => recognise(endpoint, query, audio);
const textOf = (values: readonly unknown[]) =>
  finalsOf(values)
    .map(({ text }) => text)
    .join(' ');
const finalsIn = (values: readonly unknown[]) =>
  values.filter((value) => {
    const { type, is_final: isFinal } = value as Record<string, unknown>;
    return type === 'transcript' && isFinal !== false;
  });
const fieldOf = (values: readonly unknown[], name: string) =>
  values.map((value) => (value as Record<string, unknown>)[name]);

describe('the parameters of the newer pages', () => {
  it('change nothing in the edition of the documents', async () => {
    const query = 'include_language=true&diarize=true&max_speakers=3&phrases=hi&filler_mode=verbatim';
    expect(await said(`${WORDS}&${query}`)).toEqual(await said(WORDS));
  });

  it('change nothing in the newer edition if they are absent', async () => {
    expect(await said(`${WORDS}&${NEWER}`)).toEqual(await said(WORDS));
  });
});

describe('language', () => {
  it('is in finals, and empty in interims', async () => {
    const values = transcriptsOf(await said(`${WORDS}&${NEWER}`));
    const named = await said(`${WORDS}&${NEWER}&include_language=true&language=nl,en`);
    expect(transcriptsOf(named).length).toBeGreaterThan(4);

    for (const value of named as readonly Record<string, unknown>[]) {
      if (value['type'] !== 'transcript') expect(value).not.toHaveProperty('language');
      else expect(value['language']).toBe(value['is_final'] === true ? 'nl' : '');
    }
    expect(textOf(named)).not.toBe(textOf(values));
  });

  it('is that of a known recording, and otherwise en', async () => {
    const query = `${NEWER}&include_language=true`;
    const dutch = await said(query, fixture('nl-afspraak.wav').file);

    expect(new Set(fieldOf(finalsIn(dutch), 'language'))).toEqual(new Set(['nl']));
    expect(new Set(fieldOf(finalsIn(await said(query)), 'language'))).toEqual(new Set(['en']));
  });
});

describe('phrases', () => {
  const said1 = (more: string) => said(`${NEWER}&${more}`, bursts(12_000)).then(textOf);

  it('are spoken in turn, more often the higher the strength, and never with a strength of 0', async () => {
    const plain = await said1('');
    const count = (text: string) => text.split('order number').length + text.split('Zwolle').length - 2;
    const [usual, strong, none] = await Promise.all(
      ['', '&bias_strength=50', '&bias_strength=0'].map((more) =>
        said1(`phrases=order+number,Zwolle${more}`),
      ),
    );

    expect(usual).toContain('order number');
    expect(count(strong ?? '')).toBeGreaterThan(count(usual ?? ''));
    expect(none).toBe(plain);
  });

  it('are not spoken in a known recording', async () => {
    const { file } = fixture('en-appointment.wav');
    expect(await said(`${NEWER}&phrases=Zwolle&filler_mode=verbatim`, file)).toEqual(await said(NEWER, file));
  });
});

describe('filler_mode', () => {
  const FILLERS = ['um', 'uh'];
  const wordsOf = async (mode: string) =>
    textOf(await said(`${NEWER}&filler_mode=${mode}`, bursts(20_000))).split(' ');
  const fillersIn = (words: readonly string[]) => words.filter((word) => FILLERS.includes(word)).length;

  it('verbatim keeps the fillers, natural some of them, and clean none', async () => {
    const [clean = [], natural = [], verbatim = []] = await Promise.all(
      ['clean', 'natural', 'verbatim'].map(wordsOf),
    );
    expect(fillersIn(clean)).toBe(0);
    expect(fillersIn(natural)).toBeGreaterThan(0);
    expect(fillersIn(verbatim)).toBeGreaterThan(fillersIn(natural));

    // Apart from fillers, the words are the same.
    const rest = verbatim.filter((word) => !FILLERS.includes(word));
    const most = Math.min(rest.length, clean.length) - 1;
    expect(rest.slice(0, most)).toEqual(clean.slice(0, most));
  });
});

describe('diarize', () => {
  const MANY = bursts(1500, 1100, 1500, 1100, 1500, 1100, 1500, 1100, 1500);
  const speakers = async (query: string) =>
    fieldOf(finalsIn(await said(`${NEWER}&${query}`, MANY)), 'speaker_id');

  it('numbers the speakers, who take turns at pauses, from 0', async () => {
    expect(await speakers('diarize=true')).toEqual([0, 1, 0, 1, 0]);
    expect(await speakers('diarize=true&max_speakers=1')).toEqual([0, 0, 0, 0, 0]);
    expect(await speakers('max_speakers=3')).toEqual([undefined, undefined, undefined, undefined, undefined]);
  });

  it('adds its field to finals only', async () => {
    const values = await said(`${WORDS}&include_timestamps=true&${NEWER}&diarize=true&include_language=true`);
    for (const value of values as readonly Record<string, unknown>[]) {
      if (value['type'] !== 'transcript') continue;
      const isFinal = value['is_final'] === true;
      expect(Object.keys(value)).toEqual([
        ...['type', 'text', 'is_final', 'language'],
        ...(isFinal ? ['speaker_id'] : []),
        ...['start_ms', 'duration_ms', 'words'],
      ]);
    }
  });

  it('distinguishes as many speakers as the server is set to, and at most as many as are asked for', async () => {
    await using many = await startMockServer({ speakers: 3, editions: { reson8: '2026-08' } });
    const ids = async (query: string) =>
      fieldOf(finalsIn(await recognise(many.urls.reson8.realtime, query, MANY)), 'speaker_id');

    expect(await ids('diarize=true')).toEqual([0, 1, 2, 0, 1]);
    expect(await ids('diarize=true&max_speakers=2')).toEqual([0, 1, 0, 1, 0]);
    expect(await ids('')).toEqual([undefined, undefined, undefined, undefined, undefined]);
  });
});

describe('the speakers of a scenario', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'understudy-speakers-'));
    const finals = ['speaker: Bea', 'speaker: Al', 'speaker: Bea', 'offset: 1s', 'speaker: Cy'];
    const steps = ['open', ...finals.map((keys) => `final: { text: hello there, ${keys} }`), 'close'];
    await writeFile(
      join(folder, 'three.yaml'),
      `dialect: reson8\nsummary: names its speakers\nserver:\n${steps.map((step) => `  - ${step}\n`).join('')}`,
    );
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('are numbered in the order in which they first speak; a line without a speaker continues that of the last', async () => {
    await using scripted = await startMockServer({ scenarios: [folder], scenario: 'three' });
    const ids = async (query: string) => {
      await using client = dial(scripted.urls.reson8.realtime, `${NEWER}&${query}`);
      await client.closed;
      return fieldOf(client.values, 'speaker_id');
    };

    expect(await ids('diarize=true')).toEqual([0, 1, 0, 0, 2]);
    expect(await ids('diarize=true&max_speakers=2')).toEqual([0, 1, 0, 0, 1]);
    expect(await ids('diarize=false')).toEqual(Array.from({ length: 5 }, () => undefined));
  });
});
