import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { judgeTrace } from '../../../src/conformance/judge-trace.ts';
import { redactAll } from '../../../src/wire/redact/redact.ts';
import { encodeEvent, encodeHeader, readTrace } from '../../../src/wire/trace-file.ts';
import { SHAPES } from '../../support/long-traces.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function bytesInUse(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

const HEADER = { kind: 'trace', version: 1, tool: 'test', startedAt: '2025-01-31T12:00:00.000Z' } as const;
/** It was 850 when each event had its own hidden class, and each occasion was kept. */
const MOST_BYTES = 600;
const EVENTS = 20_000;

it('a long trace takes a few hundred bytes per event while it is judged', () => {
  const shape = SHAPES['one session of Scriptix'] ?? (() => []);
  const judged = (count: number) => {
    const text = encodeHeader(HEADER) + shape(count).map(encodeEvent).join('');
    return judgeTrace(redactAll(readTrace(text).events).facts);
  };
  // Loaded and compiled code does not count as memory of events.
  judged(500);
  const before = bytesInUse();
  const { plays } = judged(EVENTS);
  const bytes = bytesInUse() - before;
  // Because it is used here, the trace is still in memory above.
  const { length } = plays[0]?.events ?? [];
  const each = bytes / length;

  expect(length).toBeGreaterThanOrEqual(EVENTS);
  expect(each).toBeGreaterThan(50);
  expect(each).toBeLessThanOrEqual(MOST_BYTES);
});
