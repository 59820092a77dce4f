import { describe, expect, it } from 'vitest';
import { checkEdition, readBaseline } from '../../../src/conformance/judge/baseline.ts';
import { judgeTrace } from '../../../src/conformance/judge-trace.ts';
import { diffReports } from '../../../src/conformance/report/diff/diff.ts';
import { readReport } from '../../../src/conformance/report/diff/read-report.ts';
import { FORMATS } from '../../../src/conformance/report/formats/formats.ts';
import { jsonReport } from '../../../src/conformance/report/formats/json.ts';
import { reproOf } from '../../../src/conformance/report/repeat/server.ts';
import { runConformance } from '../../../src/conformance/run-server.ts';
import { UserError } from '../../../src/runtime/errors.ts';
import { context, events, MICROPHONE } from '../play.ts';

const EXAMPLES = events([context({ edition: 'examples' }), ...MICROPHONE]);
const DOCUMENTS = events([...MICROPHONE]);

describe('the report of a run', () => {
  it.each(Object.entries(FORMATS))('names its edition as %s, unless it is the default', (_name, format) => {
    const { report, plays } = judgeTrace(EXAMPLES);
    expect(report.subject.edition).toBe('examples');
    expect(format(report, plays)).toContain('examples');

    const usual = judgeTrace(DOCUMENTS);
    expect(usual.report.subject).not.toHaveProperty('edition');
    expect(format(usual.report, usual.plays)).not.toMatch(/edition/);
  });

  it('names the edition that was asked for rather than that of the trace', () => {
    expect(judgeTrace(EXAMPLES, { editions: { scriptix: 'kaldi' } }).report.subject.edition).toBe('kaldi');
    expect(judgeTrace(EXAMPLES, { editions: { reson8: '2026-08' } }).report.subject.edition).toBe('examples');
    expect(judgeTrace(EXAMPLES, { editions: { scriptix: 'documents' } }).report.subject).not.toHaveProperty(
      'edition',
    );
  });

  it('names every edition of a trace with several, and reads an unknown one as that of the documents', () => {
    const both = events([context({ edition: 'kaldi' }), ...MICROPHONE], MICROPHONE);
    expect(judgeTrace(both).report.subject.edition).toBe('documents, kaldi');

    const strange = events([context({ edition: 'of-another-version' }), ...MICROPHONE]);
    expect(judgeTrace(strange).report.subject).not.toHaveProperty('edition');
  });

  it('can be compared with that of another edition, and the difference of editions is shown', () => {
    const read = (given: typeof EXAMPLES) => readReport(jsonReport(judgeTrace(given).report), 'a.json');

    expect(diffReports(read(DOCUMENTS), read(EXAMPLES)).subject).toEqual([
      { id: 'edition', from: 'documents', to: 'examples' },
    ]);
    expect(diffReports(read(EXAMPLES), read(EXAMPLES)).subject).toEqual([]);
  });
});

describe('the command that repeats a finding', () => {
  const options = { dialect: 'scriptix', url: 'ws://127.0.0.1:1' } as const;

  it('names the edition, unless it is the default', () => {
    expect(reproOf({ ...options, editions: { scriptix: 'kaldi' } }, 'SX-FIN-014')).toContain(
      '--dialect scriptix --edition kaldi ',
    );
    for (const editions of [undefined, {}, { scriptix: 'documents' }, { reson8: '2026-08' }] as const) {
      expect(reproOf({ ...options, editions }, 'SX-FIN-014')).not.toContain('--edition');
    }
  });
});

describe('a baseline', () => {
  const entry = { id: 'SX-FIN-014', reason: 'ticket 7' };

  it('may name the edition of an entry', () => {
    const text = '- id: SX-FIN-014\n  reason: ticket 7\n  edition: kaldi\n';
    expect(readBaseline(text, 'known.yaml', new Set(['SX-FIN-014']))).toEqual([
      { ...entry, edition: 'kaldi' },
    ]);
  });

  it('is for the edition documents where it names none', () => {
    expect(() => checkEdition([entry], 'documents')).not.toThrow();
    expect(() => checkEdition([{ ...entry, edition: 'kaldi' }], 'kaldi')).not.toThrow();
  });

  it('of another edition is refused, with what is expected', () => {
    const other = { ...entry, id: 'SX-FIN-015', edition: 'examples' };

    expect(() => checkEdition([other, entry], 'kaldi', 'known.yaml')).toThrow(UserError);
    expect(() => checkEdition([other, entry], 'kaldi', 'known.yaml')).toThrow(
      'known.yaml: this run is for the edition kaldi, and SX-FIN-015 and 1 more for examples; expected entries with edition: kaldi',
    );
    expect(() => checkEdition([entry], 'kaldi')).toThrow('SX-FIN-014 for documents');
  });

  it('of another edition keeps a run from beginning', async () => {
    const run = runConformance({
      dialect: 'scriptix',
      url: 'ws://127.0.0.1:1',
      editions: { scriptix: 'kaldi' },
      baseline: [entry],
    });
    await expect(run).rejects.toThrow('SX-FIN-014 for documents');
  });
});

it('an edition that a service does not have is refused by the library', async () => {
  const editions = { scriptix: 'exampels' } as never;
  const wrong =
    'scriptix has no edition "exampels"; expected documents, examples or kaldi; did you mean "examples"?';
  expect(() => judgeTrace(DOCUMENTS, { editions })).toThrow(wrong);

  const run = runConformance({ dialect: 'scriptix', url: 'ws://127.0.0.1:1', editions });
  await expect(run).rejects.toThrow(wrong);
});
