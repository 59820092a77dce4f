import { expect } from 'vitest';
import type { MockServer } from '../../../src/mock-server/mock-server.ts';
import { bursts } from '../audio.ts';
import { EVERYTHING, recognise } from '../reson8.ts';
import { transcribe } from '../scriptix/scriptix.ts';

const SPEECH = bursts(900, 1000, 500);

/** What the first server of this process sent in a normal session of each service. */
let first: { readonly microphone: readonly unknown[]; readonly realtime: readonly unknown[] } | undefined;

/**
 * Whether a server with the default seed still behaves as when it was new: it serves both services, and sends the same
 * bytes as always.
 */
export async function expectHealthy(fake: MockServer): Promise<void> {
  const [microphone, realtime] = await Promise.all([
    transcribe(fake, SPEECH).then((client) => client.values),
    recognise(fake.urls.reson8.realtime, EVERYTHING, SPEECH),
  ]);
  first ??= { microphone, realtime };
  expect({ microphone, realtime }).toEqual(first);
  // Two segments with their partials, and the messages of the protocol around them.
  expect(microphone.length).toBeGreaterThan(10);
  expect(realtime.length).toBeGreaterThan(8);
}
