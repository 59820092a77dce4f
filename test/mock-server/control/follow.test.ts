import { request, type IncomingMessage } from 'node:http';
import { describe, expect, it, vi } from 'vitest';
import { MOST_FOLLOWERS } from '../../../src/mock-server/control/streams/follow.ts';
import { SessionLog } from '../../../src/mock-server/journal/session-log.ts';
import { startMockServer } from '../../../src/mock-server/server.ts';
import type { MockServer } from '../../../src/mock-server/mock-server.ts';
import { silence } from '../../support/audio.ts';
import { lines } from '../../support/clients/control.ts';
import { dial, flush } from '../../support/reson8.ts';
import { microphone } from '../../support/scriptix/scriptix.ts';

/** A reader of a trace that takes nothing until it is told to. */
function follow(fake: MockServer, id: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const asking = request(`${fake.urls.control}/sessions/${id}/trace?follow=1`, { agent: false }, resolve);
    asking.on('error', reject);
    asking.end();
  });
}

/** The whole answer, and whether it was cut off. */
async function read(answer: IncomingMessage): Promise<{ text: string; isWhole: boolean }> {
  let text = '';
  try {
    for await (const piece of answer.setEncoding('utf8')) text += String(piece);
  } catch {
    return { text, isWhole: false };
  }
  return { text, isWhole: true };
}

describe('following a trace', () => {
  it('reports everything as it happens, until the session ends', async () => {
    await using fake = await startMockServer();
    await using client = await microphone(fake);
    const session = await fake.nextSession();
    const answer = await follow(fake, 's1');
    answer.setEncoding('utf8');
    let text = '';
    let look = () => undefined as unknown;
    answer.on('data', (piece: string) => {
      text += piece;
      look();
    });
    const told = (what: string) =>
      new Promise<void>((resolve) => {
        look = () => text.includes(what) && resolve();
        look();
      });
    const ended = new Promise((resolve) => answer.on('end', resolve));
    await told('listening');
    // Each event is reported before the next one happens, although audio messages are otherwise combined.
    for (const byteCount of [320, 640, 960]) {
      const said = told(`"byteCount":${byteCount}}`);
      client.send(silence(byteCount / 32));
      await said;
    }
    client.send({ action: 'stop' });
    await ended;
    const [header, ...events] = lines(text);

    expect(header).toMatchObject({ kind: 'trace' });
    expect(events).toEqual(session.trace());
    expect(events.at(-1)).toMatchObject({ kind: 'end' });
  });

  it('ends immediately if the session has already ended', async () => {
    await using fake = await startMockServer();
    await using client = dial(fake.urls.reson8.realtime);
    await client.open;
    client.close();
    await fake.session('s1')?.received('close');
    const { text, isWhole } = await read(await follow(fake, 's1'));

    expect([isWhole, lines(text).at(-1)]).toMatchObject([true, { kind: 'end' }]);
  });

  it('works for several readers at once', async () => {
    await using fake = await startMockServer();
    await using client = await microphone(fake);
    const readers = await Promise.all([1, 2, 3].map(() => follow(fake, 's1')));
    const texts = readers.map(read);
    await client.sendAudio(silence(500), { frameBytes: 320 });
    client.send({ action: 'stop' });
    for (const { text, isWhole } of await Promise.all(texts)) {
      expect(isWhole).toBe(true);
      const bytes = lines(text).reduce((sum, event) => sum + Number(event['byteCount'] ?? 0), 0);
      expect(bytes).toBe(16_000);
    }
  });

  it('is cut off for a reader who does not read, so that nothing piles up', async () => {
    await using fake = await startMockServer();
    await using client = dial(fake.urls.reson8.realtime);
    await client.open;
    const session = await fake.nextSession();
    const answer = await follow(fake, 's1');
    const closed = new Promise((resolve) => answer.on('close', resolve));
    // More than the sockets on both sides take, and more events than a reader may be behind.
    const message = { filler: 'x'.repeat(1000) };
    for (let i = 0; i < 40; i++) {
      for (let n = 0; n < 500; n++) session.send(message);
      await client.settled();
    }

    expect(session.trace().length).toBeGreaterThan(1000);

    const { text, isWhole } = await read(answer);
    expect(isWhole).toBe(false);
    expect(text.length).toBeLessThan(20_000_000);

    await closed;
    // The session is not affected.
    expect(client.messages).toHaveLength(20_000);
    expect(session.isOpen).toBe(true);
  });

  it('reports how many events a reader missed because the journal had no room for them', async () => {
    await using fake = await startMockServer({ journal: { bytes: 65_536 } });
    await using client = dial(fake.urls.reson8.realtime);
    await client.open;
    const session = await fake.nextSession();
    const reading = read(await follow(fake, 's1'));
    // In one turn of the event loop, so that the reader cannot keep up.
    for (let n = 0; n < 1000; n++) session.send(`message ${n} ${'x'.repeat(200)}`);
    session.close();
    const { text, isWhole } = await reading;

    expect(isWhole).toBe(true);

    const events = lines(text).slice(1);
    const dropped = events.reduce((sum, event) => sum + Number(event['dropped'] ?? 0), 0);
    const texts = events.filter(({ kind }) => kind === 'text');

    expect(dropped).toBeGreaterThan(0);
    expect(texts.length + dropped).toBe(1000);
    expect(texts.at(-1)).toMatchObject({ text: expect.stringContaining('message 999 ') as string });
  });
});

// 3,000 flushes with 500 followers used to block the fake for a second and a half, because each event was redacted and
// written as JSON for each follower.
describe('many readers who follow one session', () => {
  it('all get everything, and each event is read once for all of them', async () => {
    await using fake = await startMockServer();
    await using client = dial(fake.urls.reson8.realtime);
    await client.open;
    await fake.nextSession();
    const reads = vi.spyOn(SessionLog.prototype, 'part');
    try {
      const answers = await Promise.all(Array.from({ length: 40 }, () => follow(fake, 's1')));
      const texts = answers.map(read);
      reads.mockClear();
      for (let i = 0; i < 200; i++) flush(client, `f${i}`);
      await client.next(({ json }) => JSON.stringify(json).includes('f199'), 'the last confirmation');
      client.close();
      const told = await Promise.all(texts);
      for (const { text, isWhole } of told) {
        expect(isWhole).toBe(true);
        expect(text).toBe(told[0]?.text);
      }
      expect(lines(told[0]?.text ?? '').filter((each) => JSON.stringify(each).includes('f1'))).not.toEqual(
        [],
      );
      const filled = reads.mock.results.filter(
        ({ value }) => (value as { events: readonly unknown[] }).events.length > 0,
      );
      // 400 messages and their events, once for all readers instead of forty times.
      expect(filled.length).toBeLessThan(1000);
    } finally {
      reads.mockRestore();
    }
  });

  it('are limited in number, and the next one is refused', async () => {
    await using fake = await startMockServer();
    await using client = dial(fake.urls.reson8.realtime);
    await client.open;
    await fake.nextSession();
    const answers = await Promise.all(Array.from({ length: MOST_FOLLOWERS }, () => follow(fake, 's1')));
    const refused = await follow(fake, 's1');

    expect([answers[0]?.statusCode, refused.statusCode]).toEqual([200, 429]);
    expect((await read(refused)).text).toContain('follow sessions');

    answers[0]?.destroy();
    await expect
      .poll(async () => {
        const next = await follow(fake, 's1');
        next.destroy();
        return next.statusCode;
      })
      .toBe(200);
    for (const answer of answers) answer.destroy();
  });
});
