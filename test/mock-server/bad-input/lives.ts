import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { MockServer } from '../../../src/mock-server/mock-server.ts';
import { startMockServer } from '../../../src/mock-server/server.ts';
import { farewell, frame, OPCODE, openRaw, type Farewell } from '../../support/clients/raw.ts';
import { expectHealthy } from '../../support/servers/healthy.ts';
import { startOrigin, type Origin } from '../../support/programs/origin.ts';
import { EVERYTHING, KEY } from '../../support/reson8.ts';
import { microphoneUrl } from '../../support/scriptix/scriptix.ts';

/** Room for the frames of a normal session, and little more. */
export const LIMIT_BYTES = 4000;

export const text = (content: string) => frame(OPCODE.text, content);
export const audio = (byteCount: number) => frame(OPCODE.binary, new Uint8Array(byteCount));
export const START = text('{"action":"start"}');
export const STOP = text('{"action":"stop"}');

/** The fake that all tests of a file share. It must still work after each of them. */
export let fake: MockServer;
let origin: Origin;

/** Starts the fake for the tests of a file. */
export function useFake(): void {
  beforeAll(async () => {
    fake = await startMockServer({ maxFrameBytes: LIMIT_BYTES });
    // A stream that never answers: the session stays where it is.
    origin = await startOrigin({ '/stream': () => undefined });
  });
  afterEach(() => expectHealthy(fake));
  afterAll(async () => {
    await fake.stop();
    await origin[Symbol.asyncDispose]();
  });
}

/** A connection in every state that it can be in when something goes wrong. */
export const LIVES = {
  reson8: { greeting: [], open: () => openRaw(`${fake.urls.reson8.realtime}?${EVERYTHING}`, KEY) },
  'scriptix before start': { greeting: [], open: () => openRaw(microphoneUrl(fake)) },
  'scriptix after start': {
    greeting: ['{"state":"loading"}', '{"state":"listening"}'],
    async open() {
      const client = await openRaw(microphoneUrl(fake));
      client.write(START);
      return client;
    },
  },
  'scriptix stream': {
    greeting: ['{"state":"loading"}'],
    open: () =>
      openRaw(
        `${fake.urls.scriptix.stream.replace('{token}', 'some-token')}?url=${encodeURIComponent(`${origin.url}/stream`)}`,
      ),
  },
} as const;
export type LifeName = keyof typeof LIVES;
export const EVERY_LIFE = Object.keys(LIVES) as LifeName[];

/** Sends bytes on a connection in the given state and reads until the server has closed it; the client answers properly. */
export async function provoke(life: LifeName, ...bytes: readonly Uint8Array[]): Promise<Farewell> {
  await using client = await LIVES[life].open();
  for (const expected of LIVES[life].greeting) {
    expect((await client.nextFrame()).payload.toString()).toBe(expected);
  }

  for (const some of bytes) client.write(some);

  return await farewell(client);
}
