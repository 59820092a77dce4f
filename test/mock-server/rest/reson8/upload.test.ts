import { PassThrough } from 'node:stream';
import type { Request } from 'express';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startMockServer } from '../../../../src/index.ts';
import { SOURCE_LIMITS } from '../../../../src/audio/sources/limits.ts';
import { uploadOf } from '../../../../src/mock-server/rest/reson8/upload.ts';
import { manualClock, type ManualClock } from '../../../../src/runtime/clock.ts';
import { tone, wav } from '../../../support/audio.ts';
import { connectRaw, requestText } from '../../../support/clients/raw.ts';

const MOST_BYTES = 100_000;
const { idleMs, slowMs, leastBytes } = SOURCE_LIMITS;

let clock: ManualClock;
let sent: PassThrough;
beforeEach(() => {
  clock = manualClock();
  sent = new PassThrough();
});
afterEach(() => {
  sent.destroy();
});

const upload = () => uploadOf(Object.assign(sent, { headers: {} }) as unknown as Request, MOST_BYTES, clock);

describe('a client that sends a recording is waited for', () => {
  test('for as long as it takes while something arrives', async () => {
    const body = upload();
    for (let ms = 0; ms < 3 * slowMs; ms += idleMs / 2) {
      const next = body.next();
      await clock.advance(idleMs / 2);
      sent.write(new Uint8Array(leastBytes / 2));
      expect((await next).value).toHaveLength(leastBytes / 2);
    }
    sent.end();

    expect(await body.next()).toMatchObject({ done: true });
    expect(clock.pending).toBe(0);
  });

  test('but not if nothing arrives', async () => {
    const next = upload().next();
    const refused = expect(next).rejects.toMatchObject({ status: 408, message: 'The body stopped sending' });
    await clock.advance(idleMs);
    await refused;
  });

  test('but not if it sends only a byte now and then', async () => {
    const body = upload();
    const drip = async () => {
      for (;;) {
        const next = body.next();
        next.catch(() => undefined);
        await clock.advance(idleMs / 3);
        sent.write('x');
        await next;
      }
    };

    await expect(drip()).rejects.toMatchObject({
      status: 408,
      message: expect.stringContaining('sends too slowly') as string,
    });
    expect(clock.now()).toBeLessThanOrEqual(slowMs + idleMs);
  });
});

test.each(['all of it at once', 'the rest after the answer'])(
  'a connection can be used again after a recording was refused early: %s',
  async (when) => {
    await using fake = await startMockServer();
    await using client = await connectRaw(fake.urls.url);
    const recording = wav(tone(10_000));
    // No channels: known from the first bytes.
    recording.set([0, 0], 22);
    const begin = when === 'all of it at once' ? recording.length : 1000;
    client.write(
      requestText('POST', '/v1/speech-to-text/prerecorded', {
        Host: 'x',
        Authorization: 'ApiKey a',
        'Content-Length': `${recording.length}`,
      }),
    );
    client.write(recording.subarray(0, begin));
    const refusal = await client.answer();
    client.write(recording.subarray(begin));
    client.write(requestText('GET', '/__understudy/health', { Host: new URL(fake.urls.url).host }));

    expect([refusal.status, (await client.answer()).status]).toEqual([400, 200]);
  },
);

test('other bodies have as much time as headers; a recording has more', async () => {
  // Long enough for a busy machine to send the headers.
  await using fake = await startMockServer({ headersTimeoutMs: 3000 });
  const begin = async (path: string) => {
    const client = await connectRaw(fake.urls.url);
    client.write(`POST ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: ApiKey a\r\nContent-Length: 9\r\n\r\n1`);
    return client;
  };
  await using recording = await begin('/v1/speech-to-text/prerecorded');
  const paths = ['/v1/auth/token', '/v1/speech-to-text/prerecorded/x', '/api/v4/realtime/initialize'];
  await Promise.all(
    paths.map(async (path) => {
      await using other = await begin(path);
      // A call that does not read its body is answered immediately, but its connection ends, too.
      await other.answer();
      await other.ended;
    }),
  );
  recording.write('23456789');

  expect((await recording.answer()).status).toBe(200);
});
