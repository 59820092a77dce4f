import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { constants, deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WebSocketServer, type ServerOptions } from 'ws';
import { Compression } from '../../../src/conformance/wire-client/deflate.ts';
import { LONGEST_MESSAGE_BYTES } from '../../../src/conformance/wire-client/inbox.ts';
import { WireClient } from '../../../src/conformance/wire-client/wire-client.ts';
import { realClock } from '../../../src/runtime/clock.ts';
import { encodeFrame, OPCODES } from '../../../src/wire/encode.ts';
import type { TraceFact } from '../../../src/wire/trace.ts';
import { close, startHandMade, text } from '../../support/servers/scripted-server.ts';

const clock = realClock();
const PATIENCE_MS = 20_000;
const OFFER = 'permessage-deflate; client_max_window_bits';

type Settings = ServerOptions['perMessageDeflate'];

/** A server that echoes everything, by a library that supports permessage-deflate. */
async function echo(perMessageDeflate: Settings) {
  const server = createServer();
  const wss = new WebSocketServer({ server, perMessageDeflate });
  wss.on('connection', (socket) => {
    socket.on('error', () => undefined);
    socket.on('message', (data: Buffer, isBinary) => socket.send(data, { binary: isBinary }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    [Symbol.asyncDispose]: async () => {
      for (const each of wss.clients) each.terminate();
      wss.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function dial(url: string, offer: string | undefined) {
  const facts: TraceFact[] = [];
  const headers = offer === undefined ? {} : { 'sec-websocket-extensions': offer };
  const peer = new WireClient({
    url,
    headers,
    clock,
    establishMs: 20_000,
    record: (fact) => facts.push(fact),
  });
  await peer.dialled;
  return { peer, facts };
}

describe('a client with a server that supports permessage-deflate', () => {
  it.each<[name: string, offer: string | undefined, settings: Settings, agreed: string | undefined]>([
    ['without an offer', undefined, { threshold: 0 }, undefined],
    ['whose offer is declined', OFFER, false, undefined],
    ['whose offer is accepted', OFFER, { threshold: 0 }, 'permessage-deflate'],
    [
      'if the server keeps no context',
      OFFER,
      { threshold: 0, serverNoContextTakeover: true },
      'permessage-deflate; server_no_context_takeover',
    ],
    [
      'if the server has small windows',
      OFFER,
      { threshold: 0, serverMaxWindowBits: 9, clientMaxWindowBits: 9 },
      'permessage-deflate; client_max_window_bits=9; server_max_window_bits=9',
    ],
    [
      'if the server has a window that zlib cannot have',
      OFFER,
      { threshold: 0, clientMaxWindowBits: 8 },
      'permessage-deflate; client_max_window_bits=8',
    ],
  ])('sends and receives the same %s', async (_name, offer, settings, agreed) => {
    await using server = await echo(settings);
    const { peer, facts } = await dial(server.url, offer);
    const texts = ['', '{"state":"listening"}', '{"state":"listening"}', 'ß'.repeat(60_000), 'the end'];
    for (const each of texts) peer.text(each);
    const noise = Buffer.from(Array.from({ length: 70_000 }, (_, i) => (i * i * 31) % 251));
    peer.binary(noise);
    peer.ping('still there');
    await peer.until(() => peer.messages.length > texts.length, PATIENCE_MS);

    expect(peer.messages).toEqual([...texts, undefined]);
    expect(facts.filter((fact) => fact.kind === 'binary' && fact.from === 'server')).toEqual([
      { kind: 'binary', from: 'server', byteCount: noise.length },
    ]);
    expect(facts.find(({ kind }) => kind === 'response')).toMatchObject(
      agreed === undefined ? { status: 101 } : { headers: { 'sec-websocket-extensions': agreed } },
    );

    peer.close(1000);
    await peer.until(() => peer.isOver, PATIENCE_MS);
    expect(facts.filter(({ kind }) => kind === 'fault')).toEqual([]);
  });

  it('receives any messages unchanged, in any fragments', async () => {
    const messages = fc.array(fc.string({ unit: 'grapheme', maxLength: 200 }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(
        messages,
        fc.boolean(),
        fc.integer({ min: 1, max: 90 }),
        async (said, forgets, piece) => {
          const settings = { threshold: 0, serverNoContextTakeover: forgets };
          await using server = await echo(settings);
          const { peer } = await dial(server.url, OFFER);
          for (const each of said) peer.text(each.repeat(piece));
          await peer.until(() => peer.messages.length >= said.length, PATIENCE_MS);
          expect(peer.messages).toEqual(said.map((each) => each.repeat(piece)));
          peer.abort('reset');
        },
      ),
      { numRuns: 15 },
    );
  });
});

describe('a client with a hand-made server', () => {
  const small = (payload: Uint8Array | string) => {
    const bytes = deflateRawSync(payload, { finishFlush: constants.Z_SYNC_FLUSH });
    return bytes.subarray(0, -4);
  };
  const frame = (payload: Uint8Array, more: { opcode?: number; fin?: boolean; compressed?: boolean } = {}) =>
    encodeFrame({ opcode: OPCODES.text, compressed: true, ...more, payload });
  const heard = async (
    writes: readonly Uint8Array[],
    answer: string | undefined,
    offer: string | undefined = OFFER,
  ) => {
    const headers = answer === undefined ? {} : { 'Sec-WebSocket-Extensions': answer };
    await using server = await startHandMade([{ headers, writes, then: 'fin' }], clock);
    const { peer, facts } = await dial(`ws://127.0.0.1:${server.port}/`, offer);
    await peer.until(() => peer.isOver, PATIENCE_MS);
    const told = facts.filter(({ kind }) => kind === 'fault' || kind === 'note');
    return { messages: peer.messages, told };
  };

  it('reads compressed messages in fragments, with pings between them, and messages that are not compressed', async () => {
    const bytes = small('{"text":"in two parts"}');
    const { messages, told } = await heard(
      [
        frame(bytes.subarray(0, 5), { fin: false }),
        encodeFrame({ opcode: OPCODES.ping, payload: Buffer.of() }),
        frame(bytes.subarray(5), { opcode: OPCODES.continuation, compressed: false }),
        text({ plain: true }),
        frame(deflateRawSync('{"final":"block"}')),
        close(1000),
      ],
      'permessage-deflate',
    );

    expect(messages).toEqual(['{"text":"in two parts"}', '{"plain":true}', '{"final":"block"}']);
    expect(told).toEqual([]);
  });

  it('inflates a message up to the limit only, and reports it', async () => {
    const { messages, told } = await heard([frame(small(Buffer.alloc(2 ** 24)))], 'permessage-deflate');
    expect(messages).toEqual([]);

    const message = `reading ended: a compressed message of more than ${LONGEST_MESSAGE_BYTES} bytes`;
    expect(told).toEqual([{ kind: 'note', message, dropped: 1 }]);
  });

  it('reports a message that cannot be inflated', async () => {
    const { told } = await heard([frame(Buffer.from('garbage'))], 'permessage-deflate');
    expect(told).toMatchObject([{ kind: 'fault', message: expect.stringMatching(/^deflate: /) as string }]);
  });

  it('reports a message that depends on an earlier one if the server has promised that none does', async () => {
    const sender = deflateRawSync(Buffer.from('lean on me, lean on me'), {
      finishFlush: constants.Z_SYNC_FLUSH,
      dictionary: Buffer.from('lean on me, lean on me'),
    });
    const writes = [frame(small('lean on me, lean on me')), frame(sender.subarray(0, -4)), close(1000)];
    const keeps = await heard(writes, 'permessage-deflate');

    expect(keeps).toEqual({ messages: ['lean on me, lean on me', 'lean on me, lean on me'], told: [] });

    const forgets = await heard(writes, 'permessage-deflate; server_no_context_takeover');
    expect(forgets.told).toMatchObject([
      { kind: 'fault', message: expect.stringMatching(/^deflate: /) as string },
    ]);
  });

  it('reads extensions that it has not offered, and reports compressed messages without an agreement', async () => {
    const writes = [frame(small('{}')), close(1000)];
    expect(await heard(writes, 'permessage-deflate', undefined)).toEqual({ messages: ['{}'], told: [] });

    const { told } = await heard(writes, undefined);
    expect(told).toMatchObject([
      { kind: 'fault', message: 'bad-opcode: a reserved bit is set and no extension was agreed on' },
    ]);
  });

  it('never throws, whatever it receives', () => {
    const compression = new Compression({ serverKeepsContext: true, clientWindowBits: 15, isOffered: true });
    fc.assert(
      fc.property(fc.uint8Array(), fc.integer({ min: 1, max: 100 }), (payload, limit) => {
        const inflated = compression.inflate(payload, limit);
        if (inflated.kind === 'inflated') expect(inflated.bytes.length).toBeLessThanOrEqual(limit);
      }),
    );
  });
});
