import { expect, it } from 'vitest';
import { readOptions } from '../../../src/mock-server/options.ts';
import { FLAGS } from '../../../src/cli/serve/serve.ts';
import { inFlags } from '../../../src/cli/start/in-flags.ts';
import { inUnits } from '../../../src/cli/start/in-units.ts';

it.each([
  [{ pulseMs: 0 }, '--pulse: expected 50ms to 24h, got 0s'],
  [{ drainMs: 90_000_000 }, '--drain: expected 0s to 24h, got 25h'],
  [{ drainMs: 86_400_001 }, '--drain: expected 0s to 24h, got 86400001ms'],
  [{ service: { startMs: 172_800_000 } }, '--start-time: expected 0s to 24h, got 48h'],
  [{ maxFrameBytes: 2 ** 31 }, '--max-frame: expected 1 to 1024MiB, got 2048MiB'],
  [{ journal: { bytes: 1024 } }, '--journal-max: expected 64KiB to 16384MiB, got 1KiB'],
  [{ maxSessions: 0 }, '--max-sessions: expected a whole number from 1 to 1000000, got 0'],
])('what is out of range is told in the units of its flag: %j', (options, told) => {
  let refused: unknown;
  try {
    readOptions(options);
  } catch (error) {
    refused = error;
  }
  expect((inFlags(refused, FLAGS) as Error).message).toBe(told);
});

it.each([
  'expected a whole number from 50 to 86400000, got 0.5',
  'expected a whole number from 1 to 9, got a text',
])('what is no whole number is not translated: %s', (what) => {
  expect(inUnits('pulseMs', what)).toBe(what);
});
