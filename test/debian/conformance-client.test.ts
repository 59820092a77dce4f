import { beforeAll, describe, it } from 'vitest';
import { AGAIN_MS, expectConforming, judged, type JudgedProgram } from '../examples/judged.ts';

const PYTHON = [
  ['scriptix', 'examples/python/scriptix.py'],
  ['scriptix-stream', 'examples/python/scriptix_stream.py'],
  ['scriptix-rest', 'examples/python/scriptix.py'],
  ['reson8', 'examples/python/reson8.py'],
  ['reson8-turns', 'examples/python/reson8_turns.py'],
] as const;

/**
 * The number of programs at once in each run. With forty that started at the same time, their fakes, which are all in this
 * process, could not answer for longer than a client waits.
 */
const AT_ONCE = 3;

describe('understudy conformance client, of clients in Python', () => {
  const runs = new Map<string, JudgedProgram>();
  // All before any is judged, because judging would keep the fakes of the others from answering in time.
  beforeAll(async () => {
    await Promise.all(
      PYTHON.map(async ([dialect, path]) => {
        runs.set(dialect, await judged(dialect, ['/usr/bin/python3', '-B', path], {}, 'fd3', AT_ONCE));
      }),
    );
  }, AGAIN_MS);

  it.each(PYTHON)(
    'finds no mistake in a client of %s (%s)',
    async (dialect) => {
      const program = runs.get(dialect);
      if (program === undefined) throw new Error('it was not run');
      await expectConforming(program);
    },
    AGAIN_MS,
  );
});
