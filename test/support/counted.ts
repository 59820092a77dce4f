import { Session } from 'node:inspector/promises';
import { setFlagsFromString } from 'node:v8';

// Functions whose bytecode was dropped, or that were compiled further, are not counted, so V8 must do neither.
for (const flag of ['--no-flush-bytecode', '--no-opt', '--no-sparkplug', '--no-maglev'])
  setFlagsFromString(flag);

/**
 * How often the blocks of our own code run during some work, in total. The engine counts, so a busy machine makes no
 * difference: the same work gives the same number. Work of the engine itself (copying a list, searching a text) counts
 * as one.
 *
 * @param makeSmall makes less of the same, which is done twice before, so that all of it is compiled to be counted
 * @param makeActions each makes what is counted
 * @returns one number for each
 */
export async function counted(
  makeSmall: () => () => void,
  ...makeActions: readonly (() => () => void)[]
): Promise<readonly number[]> {
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
    for (let i = 0; i < 2; i++) makeSmall()();
    const counts: number[] = [];
    for (const makeAction of makeActions) {
      const action = makeAction();
      await session.post('Profiler.takePreciseCoverage');
      action();
      const { result } = await session.post('Profiler.takePreciseCoverage');
      const own = result.filter(({ url }) => url.includes('/src/') && !url.includes('node_modules'));
      const ranges = own.flatMap(({ functions }) => functions.flatMap((each) => each.ranges));
      counts.push(ranges.reduce((sum, { count }) => sum + count, 0));
    }
    return counts;
  } finally {
    await session.post('Profiler.stopPreciseCoverage');
    session.disconnect();
  }
}
