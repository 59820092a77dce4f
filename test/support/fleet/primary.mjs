// A fake with two workers as a process of its own, for tests that were written for one in their own process: see server.ts.
import { judge } from '../../../dist/cli/judge/judge.js';
import { startWithWorkers } from '../../../dist/mock-server/workers/start.js';

const WORKERS = 2;

// A test that failed may not have stopped it.
process.on('disconnect', () => process.exit(0));

process.once('message', (given) => {
  const { hasJudge, ...options } = given;
  const onEvent = (event) => process.send?.({ kind: 'event', event });
  startWithWorkers({ ...options, ...(hasJudge ? { judge } : {}), onEvent }, WORKERS).then(
    (fake) => {
      process.once('message', () => void fake.stop().then(() => process.disconnect()));
      process.send?.({ kind: 'listening', urls: fake.urls, hasControl: fake.hasControl });
    },
    (error) => {
      process.send?.({ kind: 'failed', mistakes: error.mistakes, message: String(error) });
      process.disconnect();
    },
  );
});
