import type { Dialect } from '../../../src/protocol/dialects.ts';
import { startClientFake } from '../../../src/cli/conformance/client-fake.ts';
import { withReporting } from '../../../src/conformance/client/reports/unreported.ts';
import type { RecordedPlay } from '../../../src/conformance/conversation/recorded-play.ts';
import { runClient, type ClientRun } from '../../../src/conformance/run-client.ts';
import { oneFile } from '../../support/programs/one-file.ts';

const PROGRAM = await oneFile('test/broken/clients/program/main.mjs');

/** Runs the client with one of its mistakes, or with none. */
export function runWith(
  mistake: string,
  dialect: Dialect,
  scenarios: readonly string[] | undefined,
  concurrency: number,
): Promise<ClientRun> {
  return runClient({
    dialect,
    startFake: startClientFake,
    client: { kind: 'command', command: process.execPath, args: [PROGRAM, mistake, dialect] },
    environment: { PATH: process.env['PATH'] },
    concurrency,
    ...(scenarios === undefined ? {} : { scenarios }),
  });
}

/** The plays of a correct client, replaced by those with a mistake where it was made. */
export function mixed(
  right: readonly RecordedPlay[],
  wrong: readonly RecordedPlay[],
): readonly RecordedPlay[] {
  return withReporting(right.map((play) => wrong.find(({ name }) => name === play.name) ?? play));
}

/** Runs at most this many at the same time, in order. */
export function limited(most: number): <T>(action: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (action) => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    running += 1;
    try {
      return await action();
    } finally {
      running -= 1;
      waiting.shift()?.();
    }
  };
}
