// Starts a fake of several processes or replicas, for tests that were written for one in their own process: see server.ts.
// Its argument is the module that knows how; those after it are for that.
import { judge } from '../../../dist/cli/judge/judge.js';

const [, , several, ...more] = process.argv;

// A test that failed may not have stopped it.
process.on('disconnect', () => process.exit(0));

process.once('message', async (given) => {
  const { hasJudge, ...options } = given;
  const onEvent = (event) => process.send?.({ kind: 'event', event });
  try {
    const { startSeveral } = await import(`./${several}.mjs`);
    const fake = await startSeveral({ ...options, ...(hasJudge ? { judge } : {}), onEvent }, ...more);
    process.once('message', () => void fake.stop().then(() => process.disconnect()));
    process.send?.({ kind: 'listening', urls: fake.urls, hasControl: fake.hasControl });
  } catch (error) {
    process.send?.({ kind: 'failed', mistakes: error.mistakes, message: String(error) });
    process.disconnect();
  }
});
