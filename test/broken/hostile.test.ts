import { describe, test } from 'vitest';
import { EXIT_CODES } from '../../src/conformance/report/report.ts';
import { runConformance } from '../../src/conformance/run-server.ts';
import { titled } from '../support/titled.ts';
import { PATIENCE } from './harness/patience.ts';
import { inRoom } from './harness/room.ts';
import { HOSTILE } from './hostile.ts';

const DIALECTS = ['scriptix', 'reson8', 'reson8-turns'] as const;

describe.concurrent('a hostile server', () => {
  const cases = DIALECTS.flatMap((dialect) => HOSTILE.map((hostile) => ({ dialect, ...hostile })));
  test.for(titled(cases, ({ dialect, does }) => `${does}, as ${dialect}`))(
    'is not conforming, and does not keep the runner waiting: %s',
    async ([, { dialect, start }], context) => {
      await using server = await start();
      const { report } = await inRoom(() =>
        runConformance({
          dialect,
          url: `ws://127.0.0.1:${server.port}`,
          credentials: { valid: 'a-key', user: 'b-key', invalid: 'c-key' },
          profile: 'quick',
          concurrency: 40,
          // Answers are not awaited for as long as they would be from a friendly server.
          tolerances: { ...PATIENCE, controlMs: 1000, establishMs: 1000 },
        }),
      );

      context.expect([1, 3]).toContain(EXIT_CODES[report.outcome]);
    },
  );
});
