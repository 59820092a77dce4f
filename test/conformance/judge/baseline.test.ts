import { describe, expect, it } from 'vitest';
import { applyBaseline, readBaseline } from '../../../src/conformance/judge/baseline.ts';
import type { RequirementResult, Verdict } from '../../../src/conformance/judge/result.ts';
import { UserError } from '../../../src/runtime/errors.ts';

const KNOWN = new Set(['SX-FIN-014', 'SX-FIN-015']);
const read = (text: string) => readBaseline(text, 'known.yaml', KNOWN);
const result = (id: string, verdict: Verdict): RequirementResult => ({
  id,
  level: 'MUST',
  side: 'server',
  verdict,
  exercised: 1,
  reading: null,
  source: [],
  statement: 'x',
});

describe('a baseline file', () => {
  it('is YAML or JSON', () => {
    const entry = { id: 'SX-FIN-014', reason: 'ticket 7', expires: '2030-01-31' };

    expect(read('- id: SX-FIN-014\n  reason: ticket 7\n  expires: 2030-01-31\n')).toEqual([entry]);
    expect(read(JSON.stringify([entry]))).toEqual([entry]);
    expect(read('')).toEqual([]);
  });

  it.each([
    ['an entry without a reason', '- id: SX-FIN-014\n', /known\.yaml:1:\d+: .*reason/],
    [
      'an expiry that is not a date',
      '- id: SX-FIN-014\n  reason: x\n  expires: soon\n',
      /known\.yaml:3:12: .*such as 2025-12-31/,
    ],
    [
      'an unknown requirement',
      '- id: SX-FIN-99\n  reason: x\n',
      /known\.yaml:1:7: there is no requirement SX-FIN-99/,
    ],
    ['an unknown key', '- id: SX-FIN-014\n  reason: x\n  until: now\n', /known\.yaml:1:3: .*id, reason/],
    ['an object', 'id: SX-FIN-014\n', /known\.yaml:1:1: expected a list/],
    ['YAML that is cut off', '- [\n', /known\.yaml:/],
  ])('%s is refused with its place', (_what, text, message) => {
    expect(() => read(text)).toThrow(UserError);
    expect(() => read(text)).toThrow(message);
  });
});

describe('a known failure', () => {
  const entries = [{ id: 'SX-FIN-014', reason: 'ticket 7', expires: '2030-01-31' }];
  const apply = (verdict: Verdict, today = '2030-01-31') =>
    applyBaseline([result('SX-FIN-014', verdict), result('SX-FIN-015', 'fail')], entries, today);

  it('is excused until the day on which it expires, and no other failure is', () => {
    expect(apply('fail')).toMatchObject({
      results: [{ verdict: 'excused', reason: 'ticket 7' }, { verdict: 'fail' }],
      stale: [],
    });
    expect(apply('warn').results[0]?.verdict).toBe('excused');
  });

  it('counts again after that day, and the entry is reported', () => {
    expect(apply('fail', '2030-02-01')).toMatchObject({
      results: [{ verdict: 'fail' }, {}],
      stale: [expect.stringContaining('expired on 2030-01-31') as string],
    });
  });

  it('is reported when its requirement passes', () => {
    expect(apply('pass').stale).toEqual([expect.stringContaining('it passes now') as string]);
  });

  it('that was not exercised is neither excused nor stale', () => {
    expect(apply('not-exercised')).toMatchObject({ results: [{ verdict: 'not-exercised' }, {}], stale: [] });
  });
});
