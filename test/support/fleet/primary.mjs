// Starts fakes with several processes, one after another, for tests that were written for a fake in their own process:
// see process.ts. The first argument is the module that starts them; further arguments are for that module.
import { judge } from '../../../dist/cli/judge/judge.js';

const [, , several, ...more] = process.argv;
const { startSeveral } = await import(`./${several}.mjs`);

// A test that failed may not have stopped it.
process.on('disconnect', () => process.exit(0));

let fake;

process.on('message', async (told) => {
  if (told !== 'stop') return await start(told);
  const stopping = fake;
  fake = undefined;
  await stopping?.stop();
  process.send?.({ kind: 'stopped' });
});

async function start({ hasJudge, ...options }) {
  const onEvent = (event) => process.send?.({ kind: 'event', event });
  try {
    fake = await startSeveral({ ...options, ...(hasJudge ? { judge } : {}), onEvent }, ...more);
    process.send?.({ kind: 'listening', urls: fake.urls, hasControl: fake.hasControl });
  } catch (error) {
    process.send?.({ kind: 'failed', mistakes: error.mistakes, message: String(error) });
  }
}
