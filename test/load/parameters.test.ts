import { describe, expect, it } from 'vitest';
import { openSounds } from '../../src/conformance/player/sounds.ts';
import { LOAD_FORMATS } from '../../src/load/formats/formats.ts';
import { spokenMaterial } from '../../src/load/material.ts';
import { mergeLoads } from '../../src/load/merge.ts';
import { parseQuery, parseStart, withParameters, type Parameters } from '../../src/load/parameters.ts';
import { readLoad } from '../../src/load/read-load.ts';
import { runLoad, type LoadOptions } from '../../src/load/run-load.ts';
import type { MockServerOptions } from '../../src/mock-server/options.ts';
import { startMockServer } from '../../src/mock-server/server.ts';
import type { SocketDialect } from '../../src/protocol/dialects.ts';

const HOLD_MS = 2500;
const NONE: Parameters = { query: {}, start: {} };

/** Two sessions in half a second. */
async function loaded(dialect: SocketDialect, fakeOptions: MockServerOptions, options: Partial<LoadOptions>) {
  const asked: string[] = [];
  await using fake = await startMockServer(fakeOptions);
  const report = await runLoad({
    dialect,
    url: fake.urls.url.replace('http', 'ws'),
    token: 'any-token',
    ...{ perSecond: 4, forMs: 500, slos: [] },
    material: spokenMaterial(dialect, HOLD_MS, openSounds()),
    ...options,
  });
  for (const id of fake.journal.ids) {
    for (const event of fake.journal.events(id)) {
      if (event.kind === 'request') asked.push(event.target);
      if (event.kind === 'text' && event.from === 'client') asked.push(event.text);
    }
  }
  return { report, asked: asked.join('\n') };
}

describe('parameters of a load', () => {
  it('are in every request and start command, and in the report', async () => {
    const parameters = {
      query: parseQuery(['language=nl', 'note=a=b']),
      start: parseStart(['partial=false', 'custom=some words']),
    };
    const { report, asked } = await loaded('scriptix', {}, { parameters });

    expect(asked.match(/language=nl&note=a%3Db/g)).toHaveLength(2);
    expect(asked.match(/"partial":false,"custom":"some words"/g)).toHaveLength(2);
    // Without partials every result is a final.
    expect(report.counts.finals).toBeGreaterThan(0);
    expect(report.counts.results).toBe(report.counts.finals);
    expect(report.terms).toMatchObject({
      query: { language: 'nl', note: 'a=b' },
      start: { partial: false, custom: 'some words' },
    });
    const read = readLoad(LOAD_FORMATS.json(report), 'a.json');
    expect(read.terms).toEqual(JSON.parse(JSON.stringify(report.terms)));
    const line = 'language=nl, note=a=b, partial=false (start), custom="some words" (start)';
    expect(LOAD_FORMATS.text(report)).toContain(`parameters: ${line}`);
    expect(LOAD_FORMATS.html(report)).toContain('language=nl, note=a=b, partial=false');
    const part = (index: number, terms: object) => ({
      file: `${index}.json`,
      report: { ...read, shard: { index, count: 2 }, terms: { ...read.terms, ...terms } },
    });
    expect(() => mergeLoads([part(1, {}), part(2, { query: undefined })])).toThrow(/--query is .* in one/);
  });

  it('take precedence over those of the session itself', () => {
    const material = spokenMaterial('reson8', 1000, openSounds());
    const { session } = withParameters(material, { ...NONE, query: { include_interim: 'false', more: '1' } });

    expect(session.query).toEqual({ ...material.session.query, include_interim: 'false', more: '1' });
  });

  it.each<[string, () => unknown, string]>([
    [
      'no value',
      () => parseQuery(['language']),
      'expected name=value of at most 2000 characters, got "language"',
    ],
    ['no name', () => parseQuery(['=nl']), 'expected name=value'],
    ['a credential', () => parseQuery(['token=abc']), 'token is a credential: it is given with --token'],
    ['a key of the start', () => parseStart(['key=abc']), 'key is a credential'],
    ['the source of a stream', () => parseQuery(['url=https://a.example/x.mp3']), '--stream-source'],
    ['the same name twice', () => parseQuery(['a=1', 'a=2']), 'a is given twice'],
    ['a long text', () => parseStart([`a=${'x'.repeat(2000)}`]), 'at most 2000 characters'],
    [
      'too many parameters',
      () => parseQuery(Array.from({ length: 51 }, (_, i) => `a${i}=1`)),
      'expected at most 50, got 51',
    ],
    [
      'a start command for a service that has none',
      () =>
        withParameters(spokenMaterial('reson8', 1000, openSounds()), { ...NONE, start: { partial: false } }),
      '--start: no session of this load sends a start command',
    ],
  ])('are refused with %s', (_what, action, told) => {
    expect(action).toThrow(told);
  });
});

describe('the edition of a load', () => {
  it('decides how results are read', async () => {
    const older = { editions: { scriptix: 'kaldi' } } as const;
    const { report } = await loaded('scriptix', older, older);

    expect(report.subject).toMatchObject({ dialect: 'scriptix', edition: 'kaldi' });
    expect(report.counts['lost-finals']).toBe(0);
    expect(report.counts.finals).toBeGreaterThanOrEqual(2);
    expect(report.times['final-lag'].count).toBeGreaterThanOrEqual(2);
    expect(LOAD_FORMATS.text(report)).toContain('(scriptix, edition kaldi)');
    expect(readLoad(LOAD_FORMATS.json(report), 'a.json').subject.edition).toBe('kaldi');

    const { report: blind } = await loaded('scriptix', older, {});
    expect(blind.counts.results).toBeLessThan(report.counts.results);
  });
});
