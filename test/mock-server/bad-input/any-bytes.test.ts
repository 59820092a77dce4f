import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closeFrame, frame, OPCODE } from '../../support/clients/raw.ts';
import { EVERY_LIFE, fake, LIVES, useFake } from './lives.ts';

useFake();

describe('any bytes at all', () => {
  const frames = fc.record({
    opcode: fc.oneof(fc.constantFrom(0, 1, 2, 8, 9, 10), fc.integer({ min: 0, max: 15 })),
    payload: fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.json().map((json) => Buffer.from(json)),
      fc
        .record({
          type: fc.constantFrom('flush_request', 'x'),
          action: fc.constantFrom('start', 'stop'),
          id: fc.anything(),
        })
        .map((message) =>
          Buffer.from(
            JSON.stringify(message, (_, value: unknown) => (typeof value === 'bigint' ? null : value)),
          ),
        ),
    ),
    fin: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
    masked: fc.oneof(
      { weight: 9, arbitrary: fc.constant(true) },
      { weight: 1, arbitrary: fc.constant(false) },
    ),
  });
  const garbage = fc.oneof(
    {
      weight: 4,
      arbitrary: fc
        .array(frames, { maxLength: 12 })
        .map((all) =>
          Buffer.concat(all.map(({ opcode, payload, ...wrong }) => frame(opcode, payload, wrong))),
        ),
    },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 2000 }).map((bytes) => Buffer.from(bytes)) },
  );

  it.each(EVERY_LIFE)('end a session properly, or leave it working (%s)', async (life) => {
    const property = fc.asyncProperty(garbage, async (bytes) => {
      await using client = await LIVES[life].open();
      const [session] = fake.sessions.slice(-1);

      client.write(bytes);
      // Whatever the client sent, it can still end the session, and the server has sent only whole text, Pong and Close frames.
      client.socket.end(closeFrame(1000));
      await Promise.all([client.ended, session?.received('close')]);

      while (client.bytes.length > 0) {
        const { opcode, masked, payload } = await client.nextFrame();
        expect(masked).toBe(false);
        if (opcode === OPCODE.text) expect(JSON.parse(payload.toString())).toBeTypeOf('object');
        else expect([OPCODE.pong, OPCODE.close]).toContain(opcode);
      }
    });

    await fc.assert(property, { numRuns: 60 });

    expect(fake.sessions).toEqual([]);
    expect(fake.clock.pending).toBe(0);
  });
});
