import { describe, expect, it } from 'vitest';
import { kindOf, LONGEST_FILE_BYTES, shownOf } from '../../src/page/judge/verdicts.ts';
import { stepsOf, TEMPLATE } from '../../src/page/scenario/steps.ts';
import { readScenario } from '../../src/scenario/read/load.ts';
import { jsonSchema } from '../../src/scenario/schema/json-schema.ts';

describe('the steps beside the editor', () => {
  const steps = stepsOf(jsonSchema());

  it('are all steps of a server, each with an example', () => {
    expect(steps.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['open', 'await', 'speak', 'send', 'abort', 'repeat']),
    );
    for (const { name, example, does } of steps) {
      expect(example).toContain(name);
      expect(does).toMatch(/^[A-Z].* /);
    }
  });

  it('can be copied unless they are abridged', () => {
    const whole = steps.filter(({ example }) => !example.endsWith('…') && !example.includes('turn_'));
    expect(whole.length).toBeGreaterThan(25);
    for (const { example } of whole) {
      const text = `dialect: scriptix\nsummary: x\nserver:\n  ${example}\n`;
      const read = readScenario('x', 'x.yaml', text);
      // Steps may contradict others, but each is valid by itself.
      const wrong =
        read.kind === 'mistakes' ? read.mistakes.filter(({ message }) => message.startsWith('expected')) : [];
      expect([example, wrong]).toEqual([example, []]);
    }
  });

  it('are none for a schema of another form', () => expect(stepsOf({})).toEqual([]));

  it('are shown beside a template without mistakes', () => {
    expect(readScenario('x', 'x.yaml', TEMPLATE).kind).toBe('scenario');
  });
});

describe('verdicts', () => {
  const requirement = (id: string, verdict: string) => ({
    ...{ id, verdict, level: 'MUST', side: 'server', statement: '', source: '', exercised: 1, evidence: [] },
  });
  const judgement = {
    ...{ causes: [], notes: [], choices: { editions: [], deviations: [] } },
    requirements: [requirement('A', 'pass'), requirement('B', 'not-exercised'), requirement('C', 'fail')],
  };

  it('are shown with the worst first, without those that were not exercised', () => {
    expect(shownOf(judgement, undefined).map(({ id }) => id)).toEqual(['C', 'A']);
    expect(shownOf(judgement, 'not-exercised').map(({ id }) => id)).toEqual(['B']);
  });

  it.each([
    ['a.ndjson', 1, 'is a trace', { format: 'trace' }],
    ['a.HAR', LONGEST_FILE_BYTES, 'is a HAR file', { format: 'har' }],
    ['a.har', LONGEST_FILE_BYTES + 1, 'is too long', { why: expect.stringContaining('17 MiB') as string }],
    ['a.png', 1, 'cannot be judged', { why: expect.stringContaining('.ndjson') as string }],
  ] as const)('%s of %i bytes %s', (name, bytes, _what, kind) => expect(kindOf(name, bytes)).toEqual(kind));
});
