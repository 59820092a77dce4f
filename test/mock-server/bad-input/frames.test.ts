import { describe, expect, it } from 'vitest';
import { startMockServer } from '../../../src/mock-server/server.ts';
import { connect } from '../../support/clients/client.ts';
import { closeFrame, frame, OPCODE } from '../../support/clients/raw.ts';
import { KEY } from '../../support/reson8.ts';
import { audio, EVERY_LIFE, fake, LIMIT_BYTES, LIVES, provoke, text, useFake } from './lives.ts';

useFake();

describe('a frame', () => {
  it.each(
    EVERY_LIFE.flatMap((life) =>
      [
        { what: 'above the limit', bytes: audio(LIMIT_BYTES + 1), code: 1009 },
        { what: 'of text above the limit', bytes: text(' '.repeat(LIMIT_BYTES + 1)), code: 1009 },
        {
          what: 'that says it has 2^53 bytes',
          bytes: Buffer.from('82ff002000000000000000000000', 'hex'),
          code: 1009,
        },
        {
          what: 'in pieces that are above the limit together',
          bytes: Buffer.concat([
            frame(OPCODE.binary, new Uint8Array(LIMIT_BYTES), { fin: false }),
            frame(OPCODE.continuation, new Uint8Array(1)),
          ]),
          code: 1009,
        },
        { what: 'that is not masked', bytes: frame(OPCODE.text, '{}', { masked: false }), code: 1002 },
        { what: 'with a reserved bit', bytes: frame(OPCODE.text, '{}', { rsv: 4 }), code: 1002 },
        { what: 'with an unknown opcode', bytes: frame(3, 'x'), code: 1002 },
        { what: 'of control with an unknown opcode', bytes: frame(11, 'x'), code: 1002 },
        { what: 'that continues nothing', bytes: frame(OPCODE.continuation, 'x'), code: 1002 },
        {
          what: 'that begins inside another message',
          bytes: Buffer.concat([frame(OPCODE.text, '{', { fin: false }), text('}')]),
          code: 1002,
        },
        { what: 'of a Ping in pieces', bytes: frame(OPCODE.ping, 'x', { fin: false }), code: 1002 },
        { what: 'of a Ping with 126 bytes', bytes: frame(OPCODE.ping, 'x'.repeat(126)), code: 1002 },
        {
          what: 'of text that is no UTF-8',
          bytes: frame(OPCODE.text, Buffer.from('7b22c3287d', 'hex')),
          code: 1007,
        },
        {
          what: 'of text with half of a surrogate pair',
          bytes: frame(OPCODE.text, Buffer.from('22eda08022', 'hex')),
          code: 1007,
        },
        ...[0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535].map((code) => ({
          what: `of a Close with ${code}`,
          bytes: closeFrame(code),
          code: 1002,
        })),
        { what: 'of a Close with one byte', bytes: frame(OPCODE.close, 'x'), code: 1002 },
        {
          what: 'of a Close whose reason is no UTF-8',
          bytes: frame(OPCODE.close, Buffer.from('03e8c328', 'hex')),
          code: 1007,
        },
      ].map((wrong) => ({ ...wrong, life })),
    ),
  )('$what ends the session with $code ($life)', async ({ life, bytes, code }) => {
    const end = await provoke(life, bytes);

    expect({ said: end.said, code: end.code }).toEqual({ said: [], code });
  });

  it.each(EVERY_LIFE)(
    'that is a Close without a code is answered with a Close without a code (%s)',
    async (life) => {
      const end = await provoke(life, frame(OPCODE.close, ''));

      expect(end).toEqual({ said: [], code: 1005, ended: 'fin' });
    },
  );

  it('of exactly the maximum size is read, in one piece or in many', async () => {
    const id = 'x'.repeat(LIMIT_BYTES - '{"type":"flush_request","id":""}'.length);
    const request = `{"type":"flush_request","id":"${id}"}`;
    await using client = await LIVES.reson8.open();

    client.write(audio(LIMIT_BYTES));
    client.write(text(request));

    expect(JSON.parse((await client.nextFrame()).payload.toString())).toEqual({
      type: 'flush_confirmation',
      id,
    });

    client.write(frame(OPCODE.text, request.slice(0, 1), { fin: false }));
    for (const character of request.slice(1, -1)) {
      client.write(frame(OPCODE.continuation, character, { fin: false }));
    }
    client.write(frame(OPCODE.continuation, request.slice(-1)));

    expect(JSON.parse((await client.nextFrame()).payload.toString())).toEqual({
      type: 'flush_confirmation',
      id,
    });
  });

  it('larger than the default limit of 1 MiB ends a session with 1009; one of 1 MiB does not', async () => {
    await using usual = await startMockServer();
    await using client = connect(usual.urls.reson8.realtime, { headers: KEY });
    await client.open;

    client.send(new Uint8Array(2 ** 20));
    client.send({ type: 'flush_request', id: 'still here' });

    expect((await client.next()).json).toEqual({ type: 'flush_confirmation', id: 'still here' });

    client.send(new Uint8Array(2 ** 20 + 1));

    expect((await client.closed).code).toBe(1009);
  });

  it('larger than the limit is answered with 1009 while the client is still sending it', async () => {
    await using client = connect(fake.urls.reson8.realtime, { headers: KEY });
    await client.open;

    client.send(new Uint8Array(8 * 2 ** 20));

    expect((await client.closed).code).toBe(1009);
  });
});
