import { describe, expect, it } from 'vitest';
import { MOST_FRAGMENTS } from '../../../src/conformance/wire-client/inbox.ts';
import { WireClient } from '../../../src/conformance/wire-client/wire-client.ts';
import { realClock } from '../../../src/runtime/clock.ts';
import { encodeFrame, OPCODES } from '../../../src/wire/encode.ts';
import type { TraceFact } from '../../../src/wire/trace.ts';
import { freePort } from '../../support/programs/free-port.ts';
import {
  close,
  part,
  ping,
  startHandMade,
  text,
  type HandMade,
} from '../../support/servers/scripted-server.ts';

const clock = realClock();
/** Longer than anything here takes on a busy machine. */
const PATIENCE_MS = 20_000;

/** What a peer records with a server that does this, if it leaves as soon as the server has ended the connection. */
async function recorded(does: HandMade, ask?: (peer: WireClient) => void): Promise<readonly TraceFact[]> {
  await using server = await startHandMade([does], clock);
  return await recordedAt(`ws://127.0.0.1:${server.port}/v2/realtime`, ask);
}

async function recordedAt(url: string, ask?: (peer: WireClient) => void): Promise<readonly TraceFact[]> {
  const facts: TraceFact[] = [];
  const peer = new WireClient({
    url,
    headers: { 'x-api-key': 'key' },
    clock,
    establishMs: 1000,
    record: (fact) => facts.push(fact),
  });
  await peer.dialled;
  ask?.(peer);
  await peer.until(() => peer.isOver, PATIENCE_MS);
  expect(peer.isOver).toBe(true);
  return facts;
}

const kinds = (facts: readonly TraceFact[]) => facts.map(({ kind }) => kind);

describe('a peer records a handshake', () => {
  it('with the request, the answer and its headers', async () => {
    const facts = await recorded({ headers: { 'X-Served-By': 'a' }, writes: [close(1000)], then: 'fin' });

    expect(facts[0]).toMatchObject({
      kind: 'request',
      method: 'GET',
      target: '/v2/realtime',
      headers: { 'x-api-key': 'key', upgrade: 'websocket' },
    });
    expect(facts[1]).toMatchObject({ kind: 'response', status: 101, headers: { 'x-served-by': 'a' } });
    expect(kinds(facts)).toEqual(['request', 'response', 'close', 'close', 'end']);
    expect(facts.at(-1)).toMatchObject({ how: 'close', by: 'server', code: 1000 });
  });

  it('that is refused, with the body', async () => {
    const answer = 'HTTP/1.1 401 Unauthorized\r\nContent-Length: 15\r\n\r\n{"detail":"no"}';
    const facts = await recorded({ answer, then: 'fin' });

    expect(facts.slice(1)).toMatchObject([
      { kind: 'response', status: 401, body: '{"detail":"no"}' },
      { kind: 'end', how: 'refused' },
    ]);
  });

  it('with a wrong Sec-WebSocket-Accept', async () => {
    const answer =
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n';
    expect(await recorded({ answer, then: 'fin' })).toContainEqual(
      expect.objectContaining({ kind: 'fault', message: expect.stringContaining('handshake') as string }),
    );
  });

  it.each([
    ['never comes', { answer: '' }, { how: 'silence', by: 'client' }],
    ['is dropped', { answer: '', then: 'fin' }, { how: 'fin', by: 'server' }],
    ['is reset', { answer: '', then: 'reset' }, { how: 'reset', by: 'server' }],
    ['is not HTTP', { answer: 'SSH-2.0-x\r\n', then: 'fin' }, { how: 'refused', by: 'server' }],
    [
      'has a body without end',
      { answer: 'HTTP/1.1 500 x\r\nContent-Length: 9\r\n\r\nab' },
      { how: 'silence' },
    ],
  ] as const)('whose answer %s', async (_what, does, end) => {
    const facts = await recorded(does);
    expect(facts.at(-1)).toMatchObject({ kind: 'end', code: 1006, ...end });
    expect(kinds(facts).filter((kind) => kind === 'end')).toHaveLength(1);
  });

  it('with a port on which nothing listens', async () => {
    const facts = await recordedAt(`ws://127.0.0.1:${await freePort()}/`);

    expect(facts.at(-1)).toMatchObject({ kind: 'end', how: 'refused', by: 'server' });
  });
});

describe('a peer records what is wrong with a frame:', () => {
  const frame = (opcode: number, payload: Uint8Array, mask?: Uint8Array) =>
    encodeFrame({ opcode, payload, ...(mask === undefined ? {} : { mask }) });
  const some = Buffer.from('{}');
  it.each([
    ['a mask', [frame(OPCODES.text, some, Uint8Array.of(1, 2, 3, 4))], 'masked-frame'],
    ['an unknown opcode', [frame(5, some)], 'bad-opcode'],
    ['text that is not UTF-8', [frame(OPCODES.text, Uint8Array.of(0xc3, 0x28))], 'bad-utf8'],
    ['a continuation of nothing', [part('x', true, false)], 'fragments'],
    ['a message inside of another', [part('x', false, true), text({})], 'fragments'],
    ['a close code that must not be sent', [close(1006)], 'close-code'],
    ['half a close code', [frame(OPCODES.close, Uint8Array.of(3))], 'close-code'],
    ['data after the end', [close(1000), text({ late: true })], 'data-after-close'],
    ['a frame that is cut off', [text({ long: 'message' }).subarray(0, 5)], 'cut-frame'],
  ])('%s', async (_what, writes, fault) => {
    const facts = await recorded({ writes, then: 'fin' });
    const faults = facts.flatMap((fact) => (fact.kind === 'fault' ? [fact] : []));

    expect(faults).toMatchObject([
      { from: 'server', message: expect.stringMatching(`^${fault}: `) as string },
    ]);
  });

  it('nothing for fragments, pings, and text of many bytes, which are right', async () => {
    const long = 'ü'.repeat(40_000);
    const writes = [
      text({ long }),
      ping,
      part('{"a":', false, true),
      part('1}', true, false),
      close(1000, 'bye'),
    ];
    const facts = await recorded({ writes, then: 'fin' });

    expect(facts.filter(({ kind }) => kind === 'fault')).toEqual([]);
    expect(facts.flatMap((fact) => (fact.kind === 'text' ? [fact.text] : []))).toEqual([
      JSON.stringify({ long }),
      '{"a":1}',
    ]);
    expect(kinds(facts)).toContain('pong');
  });
});

// They counted as faults of the server, which may send any amount.
describe('a peer stops reading, without a fault of the server, after', () => {
  const giant = Buffer.from('82ff0000000040000000', 'hex').subarray(0, 10);
  giant.writeUInt8(127, 1);
  it.each([
    ['a frame of a gigabyte', [giant], /reading ended: a frame of/],
    [
      'a message whose fragments are too long together',
      [part('x', false, true), ...Array.from({ length: 20 }, () => part('x'.repeat(60_000), false, false))],
      /reading ended: a message of more than/,
    ],
    [
      'a message in too many empty fragments',
      [
        part('x', false, true),
        Buffer.concat(Array.from({ length: MOST_FRAGMENTS }, () => part('', false, false))),
      ],
      /reading ended: a message in more than/,
    ],
  ])('%s', async (_what, writes, told) => {
    const facts = await recorded({ writes, then: 'stay' });

    expect(facts.filter(({ kind }) => kind === 'fault')).toEqual([]);
    expect(facts).toContainEqual({
      kind: 'note',
      message: expect.stringMatching(told) as string,
      dropped: 1,
    });
    expect(facts.at(-1)).toMatchObject({ kind: 'end', by: 'client', how: 'reset' });
  });
});

it('a peer records the code of a Close frame that must never be sent', async () => {
  expect(await recorded({ writes: [close(1006)], then: 'fin' })).toContainEqual({
    kind: 'close',
    from: 'server',
    code: 1006,
    reason: '',
  });
});

it('a peer distinguishes a connection that is reset from one that ends', async () => {
  const endOf = async (then: 'fin' | 'reset') => (await recorded({ then })).at(-1);
  expect(await endOf('fin')).toMatchObject({ how: 'fin', by: 'server', code: 1006 });
  expect(await endOf('reset')).toMatchObject({ how: 'reset', by: 'server', code: 1006 });
});

it('a peer sends one Close frame, and nothing after it', async () => {
  const facts = await recorded({ then: 'fin', afterMs: 300 }, (peer) => {
    peer.text('{"action":"start"}');
    peer.close(1000, 'done');
    peer.close(1001);
    peer.text('too late');
    peer.binary(new Uint8Array(10));
  });
  expect(facts.slice(2)).toMatchObject([
    { kind: 'text', text: '{"action":"start"}' },
    { kind: 'close', from: 'client', code: 1000, reason: 'done' },
    { kind: 'end' },
  ]);
});

it('a peer stops waiting when the run is stopped', async () => {
  await using server = await startHandMade([{}], clock);
  const stop = new AbortController();
  const url = `ws://127.0.0.1:${server.port}/`;
  const { signal } = stop;
  const peer = new WireClient({
    url,
    headers: {},
    clock,
    establishMs: 1000,
    record: () => undefined,
    signal,
  });
  await peer.dialled;
  const waiting = peer.until(() => false, 10 * PATIENCE_MS);
  stop.abort();

  expect(await waiting).toBe(false);

  peer.abort('reset');
});
