import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMockServer } from '../../../../src/mock-server/server.ts';
import type { MockServer } from '../../../../src/mock-server/mock-server.ts';
import {
  serverMessageSchema,
  type ServerMessage,
  type Transcript,
} from '../../../../src/protocol/reson8/messages.ts';
import { bursts, silence } from '../../../support/audio.ts';
import {
  COMBINATIONS,
  confirmation,
  dial,
  endOf,
  EVERYTHING,
  finalsOf,
  flush,
} from '../../../support/reson8.ts';

let fake: MockServer;
let endpoint: string;
beforeAll(async () => {
  fake = await startMockServer();
  endpoint = fake.urls.reson8.realtime;
});
afterAll(() => fake.stop());

describe('a flush', () => {
  it.each([
    ['of letters and digits', 'abc123'],
    ['that is empty', ''],
    ['that is a space', ' '],
    ['that reads null', 'null'],
    ['that is the name of a built-in property', '__proto__'],
    ['of several scripts', 'ключ-鍵-🎙-\u0301'],
    ['of characters that JSON escapes', '"\\/\b\f\n\r\t'],
    ['that is a zero byte', '\u0000'],
    ['that is half a character', '\ud800'],
  ])('with an id %s is confirmed with the same id', async (_name, id) => {
    await using client = dial(endpoint);
    await client.open;
    flush(client, id);

    expect((await confirmation(client)).json).toEqual({ type: 'flush_confirmation', id });
  });

  it('with an id of 10 kB is confirmed with the same id', async () => {
    await using client = dial(endpoint);
    await client.open;
    const id = 'é'.repeat(5 * 1024);
    flush(client, id);

    expect((await confirmation(client)).json).toEqual({ type: 'flush_confirmation', id });
  });

  it.each([
    '{"type":"flush_request"}',
    '{"type":"flush_request","id":null}',
    ' {"type" : "flush_request"}\n',
    '{"type":"flush_request","extra":{"id":"inner"}}',
    '{"type":"flush_request","__proto__":{"id":"inherited"}}',
  ])('without an id, %s, is confirmed with null', async (request) => {
    await using client = dial(endpoint);
    await client.open;
    client.send(request);

    expect((await confirmation(client)).text).toBe('{"type":"flush_confirmation","id":null}');
  });

  it('returns buffered speech as a final before its confirmation', async () => {
    await using client = dial(endpoint, 'include_interim=true');
    await client.open;
    await client.sendAudio(bursts(700));
    flush(client, 'now');
    await confirmation(client);
    const [interim, , , final, confirmed, ...others] = client.values;

    expect(interim).toMatchObject({ type: 'transcript', is_final: false });
    expect(final).toMatchObject({ type: 'transcript', is_final: true });
    expect(confirmed).toEqual({ type: 'flush_confirmation', id: 'now' });
    expect(others).toEqual([]);
  });

  it('without buffered speech returns only its confirmation', async () => {
    await using client = dial(endpoint, EVERYTHING);
    await client.open;
    flush(client, 'before audio');
    await client.sendAudio(silence(2000));
    flush(client, 'after silence');
    await client.sendAudio(bursts(1000, 1000));
    flush(client, 'after a pause');
    flush(client, 'after a flush');
    for (let i = 0; i < 4; i++) await confirmation(client);
    const finals = client.values.filter((value) => (value as Transcript).is_final !== false);

    expect(finals).toMatchObject([
      { id: 'before audio' },
      { id: 'after silence' },
      { type: 'transcript', start_ms: 2000, duration_ms: 1000 },
      { id: 'after a pause' },
      { id: 'after a flush' },
    ]);
  });

  it('does not end the session: later speech is a new segment on the same clock', async () => {
    await using client = dial(endpoint, EVERYTHING);
    await client.open;
    await client.sendAudio(bursts(1000));
    flush(client, 'one');
    await confirmation(client);
    await client.sendAudio(bursts(1000));
    flush(client, 'two');
    await confirmation(client);

    expect(finalsOf(client.values)).toMatchObject([
      { start_ms: 0, duration_ms: 1000 },
      { start_ms: 1000, duration_ms: 1000 },
    ]);
  });

  it('is confirmed once and in order, however many are pending', async () => {
    await using client = dial(endpoint);
    await client.open;
    const ids: string[] = [];
    for (let i = 0; i < 100; i++) {
      if (i % 10 === 3) client.send(bursts(400));
      ids.push(`f${i}`);
      flush(client, `f${i}`);
    }
    await client.settled();
    const values = client.values as readonly ServerMessage[];

    expect(values.flatMap((value) => (value.type === 'transcript' ? [] : [value.id]))).toEqual(ids);

    const firstAfterFinal = values.flatMap((value, i) =>
      value.type === 'transcript' ? [values[i + 1]] : [],
    );
    expect(firstAfterFinal).toEqual(
      ids.filter((_, i) => i % 10 === 3).map((id) => ({ type: 'flush_confirmation', id })),
    );
  });

  it('anywhere in any audio gives one confirmation, and only documented messages', async () => {
    const parts = fc.oneof(
      fc.record({ speechMs: fc.integer({ min: 0, max: 1500 }) }),
      fc.record({ silenceMs: fc.integer({ min: 0, max: 1500 }) }),
      fc.record({ flush: fc.option(fc.string({ maxLength: 5 }), { nil: undefined }) }),
    );
    const flags = fc.constantFrom(...COMBINATIONS);
    const session = fc.asyncProperty(
      flags,
      fc.array(parts, { maxLength: 20 }),
      async (combination, script) => {
        await using client = dial(endpoint, combination.query);
        await client.open;
        for (const part of script) {
          if ('speechMs' in part) client.send(bursts(part.speechMs));
          else if ('silenceMs' in part) client.send(silence(part.silenceMs));
          else flush(client, part.flush);
        }
        client.close();

        expect(await client.closed).toMatchObject({ code: 1000 });

        const messages = client.values.map((value) => serverMessageSchema(combination.flags).parse(value));
        const asked = script.flatMap((part) => ('flush' in part ? [part.flush ?? null] : []));

        expect(messages.flatMap((message) => (message.type === 'transcript' ? [] : [message.id]))).toEqual(
          asked,
        );
      },
    );

    await fc.assert(session, { numRuns: 60 });
  });

  it('at any moment never makes times go back or repeats a word', async () => {
    const parts = fc.record({
      speechMs: fc.integer({ min: 0, max: 1200 }),
      silenceMs: fc.integer({ min: 0, max: 1200 }),
      flushed: fc.boolean(),
    });
    const session = fc.asyncProperty(fc.array(parts, { minLength: 1, maxLength: 10 }), async (script) => {
      await using client = dial(endpoint, EVERYTHING);
      await client.open;
      let audioMs = 0;
      for (const { speechMs, silenceMs, flushed } of script) {
        await client.sendAudio(bursts(speechMs, silenceMs));
        audioMs += speechMs + silenceMs;
        if (flushed) flush(client);
      }
      flush(client, 'end');
      client.close();
      await client.closed;
      let finalisedMs = 0;
      let words: readonly string[] = [];
      for (const value of client.values as readonly ServerMessage[]) {
        // After a confirmation nothing is left, so the next message begins a new segment.
        if (value.type !== 'transcript') words = [];
        else {
          expect(value.start_ms).toBeGreaterThanOrEqual(finalisedMs);
          expect(endOf(value)).toBeLessThanOrEqual(audioMs);
          const texts = (value.words ?? []).map(({ text }) => text);
          expect(texts.slice(0, words.length)).toEqual(words);
          words = value.is_final === false ? texts : [];
          if (value.is_final === true) finalisedMs = endOf(value);
        }
      }
      expect(words).toEqual([]);
    });

    await fc.assert(session, { numRuns: 60 });
  });
});
