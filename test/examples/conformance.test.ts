import { beforeAll, describe, expect, it } from 'vitest';
import { oneFile } from '../support/programs/one-file.ts';
import { AGAIN_MS, expectConforming, judged, type JudgedProgram } from './judged.ts';

/** The examples, which people copy, are judged with the command for their own clients. */
const EXAMPLES = [
  ['scriptix', 'examples/node/scriptix.mjs'],
  ['scriptix-stream', 'examples/node/scriptix-stream.mjs'],
  ['scriptix-rest', 'examples/node/scriptix.mjs'],
  ['reson8', 'examples/node/reson8.mjs'],
  ['reson8-turns', 'examples/node/reson8-turns.mjs'],
] as const;

/** Programs of each run at once: with eight, forty programs that started left the fakes no processor for 15 s. */
const AT_ONCE = 3;

describe('understudy conformance client', () => {
  const runs = new Map<string, JudgedProgram>();
  // All before any is judged, because judging would keep the fakes of the others from answering in time.
  beforeAll(async () => {
    await Promise.all(
      EXAMPLES.map(async ([dialect, path]) => {
        runs.set(dialect, await judged(dialect, [process.execPath, await oneFile(path)], {}, 'fd3', AT_ONCE));
      }),
    );
  }, 600_000);

  it.each(EXAMPLES)(
    'finds no mistake in a client of %s (%s)',
    async (dialect) => {
      const program = runs.get(dialect);
      if (program === undefined) throw new Error('it was not run');
      const { report } = await expectConforming(program);
      expect(report.subject.edition).toBeUndefined();
    },
    AGAIN_MS,
  );
});
