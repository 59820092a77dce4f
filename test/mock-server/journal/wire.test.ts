import { describe, expect, it } from 'vitest';
import type { Session } from '../../../src/mock-server/open-session.ts';
import { startMockServer } from '../../../src/mock-server/server.ts';
import { ask } from '../../support/clients/ask.ts';
import { bursts, silence } from '../../support/audio.ts';
import { connect } from '../../support/clients/client.ts';
import { frame, OPCODE, openRaw, type RawClient } from '../../support/clients/raw.ts';
import { dial, flush, KEY } from '../../support/reson8.ts';
import { microphone, microphoneUrl } from '../../support/scriptix/scriptix.ts';

interface Ending {
  readonly title: string;
  readonly end: (client: RawClient, session: Session) => void | Promise<void>;
  readonly expected: readonly string[];
}

/** A trace in brief: the sender and the kind of each event. */
function told(session: Session): string[] {
  return session.trace().map((event) => {
    const from = 'from' in event ? `${event.from} ` : '';
    switch (event.kind) {
      case 'text':
        return `${from}${event.text}`;
      case 'close':
        return `${from}close ${event.code} ${event.reason}`.trimEnd();
      case 'binary':
        return `${from}${event.byteCount} bytes`;
      case 'end':
        return `end by ${event.by ?? 'nobody'}: ${event.how} ${event.code}`;
      default:
        return `${from}${event.kind}`;
    }
  });
}

describe('the trace of a connection', () => {
  it('has everything that crossed the wire, in order', async () => {
    await using fake = await startMockServer();
    await using client = await microphone(fake);
    const session = await fake.nextSession();
    await client.sendAudio(silence(200), { frameBytes: 640 });
    client.send({ action: 'stop' });
    await client.closed;
    await session.received('close');

    expect(told(session)).toEqual([
      'request',
      'response',
      'client {"action":"start"}',
      'server {"state":"loading"}',
      'server {"state":"listening"}',
      'client 6400 bytes',
      'client {"action":"stop"}',
      'server {"state":"stopped"}',
      'server close 1000',
      'client close 1000',
      'end by server: close 1000',
    ]);

    const [request, response] = session.trace();
    expect(request).toMatchObject({
      kind: 'request',
      method: 'GET',
      target: '/v2/realtime?token=redacted-1',
      headers: { Upgrade: 'websocket', 'Sec-WebSocket-Version': '13' },
    });
    expect(response).toMatchObject({
      kind: 'response',
      status: 101,
      headers: { Upgrade: 'websocket', 'Sec-WebSocket-Accept': expect.any(String) as string },
    });
    expect(session.trace()).toEqual(fake.journal.events(session.id));
    expect(session.trace().every(({ session: id }) => id === 's1')).toBe(true);
  });

  it('has exactly what the client received, and how much audio it sent', async () => {
    await using fake = await startMockServer();
    await using client = dial(fake.urls.reson8.realtime, 'include_interim=true');
    await client.open;
    const audio = bursts(1000, 500, 1000);
    await client.sendAudio(audio);
    flush(client, 'end');
    await client.next(({ text }) => text.includes('flush_confirmation'));
    const session = await fake.nextSession();
    const said = session.trace().flatMap((event) => {
      return event.kind === 'text' && event.from === 'server' ? event.text : [];
    });

    expect(said).toEqual(client.messages.map(({ text }) => text));
    expect(said.length).toBeGreaterThan(3);

    const heard = session
      .trace()
      .reduce((sum, event) => sum + (event.kind === 'binary' ? event.byteCount : 0), 0);
    expect(heard).toBe(audio.length);
  });

  it('has pings and pongs of both sides', async () => {
    // Long enough for a client on a busy machine to answer before the next ping; otherwise it would be cut off.
    await using fake = await startMockServer({ pingMs: 500 });
    await using client = dial(fake.urls.reson8.realtime);
    await client.open;
    const session = await fake.nextSession();
    client.socket.ping('hello');
    const kinds = () => told(session).slice(2);
    while (!kinds().includes('client pong')) await client.settled();

    expect(kinds()).toEqual(
      expect.arrayContaining(['client ping', 'server pong', 'server ping', 'client pong']),
    );

    const ping = session.trace().find((event) => event.kind === 'ping' && event.from === 'client');
    expect(ping).toMatchObject({ base64: Buffer.from('hello').toString('base64') });
  });

  it.each<Ending>([
    {
      title: 'the client closes',
      end: (client: RawClient) =>
        client.write(frame(OPCODE.close, Buffer.from([0x0f, 0xa1, 0x62, 0x79, 0x65]))),
      expected: ['client close 4001 bye', 'server close 4001 bye', 'end by client: close 4001'],
    },
    {
      title: 'the client closes without a code',
      end: (client: RawClient) => client.write(frame(OPCODE.close, '')),
      expected: ['client close 1005', 'server close 1005', 'end by client: close 1005'],
    },
    {
      title: 'the client ends TCP',
      end: (client: RawClient) => void client.socket.end(),
      expected: ['end by client: fin 1006'],
    },
    {
      title: 'the client resets TCP',
      end: (client: RawClient) => client.reset(),
      expected: ['end by client: reset 1006'],
    },
    {
      title: 'the server ends TCP',
      end: (_client: unknown, session: Session) => session.abort('fin'),
      expected: ['end by server: fin 1006'],
    },
    {
      title: 'the server resets TCP',
      end: (_client: unknown, session: Session) => session.abort('reset'),
      expected: ['end by server: reset 1006'],
    },
    {
      title: 'the server falls silent',
      end: (client: RawClient, session: Session) => {
        session.abort('silence');
        client.reset();
      },
      expected: ['end by server: silence 1006'],
    },
    {
      title: 'the client breaks the protocol',
      end: async (client: RawClient) => {
        client.write(frame(3, 'x'));
        await client.nextFrame();
        client.socket.end();
      },
      expected: ['server close 1002', 'client fault', 'end by nobody: fin 1006'],
    },
    {
      title: 'the client sends text that is not UTF-8',
      end: async (client: RawClient) => {
        client.write(frame(OPCODE.text, Buffer.from([0xff])));
        await client.nextFrame();
        client.socket.end();
      },
      expected: ['server close 1007', 'client fault', 'end by nobody: fin 1006'],
    },
  ])('ends with how it ended: $title', async ({ end, expected }) => {
    await using fake = await startMockServer();
    await using client = await openRaw(fake.urls.reson8.realtime, KEY);
    const session = await fake.nextSession();
    await end(client, session);
    await session.received('close');

    expect(told(session).slice(2)).toEqual(expected);
  });

  it('does not have messages that were no longer sent', async () => {
    await using fake = await startMockServer();
    await using client = await openRaw(fake.urls.reson8.realtime, KEY);
    const session = await fake.nextSession();
    session.abort('silence');
    session.send('unheard');
    session.close(1000);
    client.reset();
    await session.received('close');
    session.send('too late');

    expect(told(session).join()).not.toMatch(/unheard|too late|close 1000/);
    expect([session.isWritable, session.isOpen]).toEqual([false, false]);
  });
});

describe('the trace of a plain HTTP request', () => {
  it('has a refused upgrade and its answer', async () => {
    await using fake = await startMockServer();
    await using client = connect(microphoneUrl(fake, { token: 'invalid-key' }));
    await client.refused;

    expect(fake.journal.ids).toEqual(['h1']);
    expect(fake.journal.events('h1')).toMatchObject([
      { session: 'h1', kind: 'request', target: '/v2/realtime?token=redacted-1' },
      { kind: 'response', status: 401, body: '{"detail":"Not authenticated"}' },
      { kind: 'end', by: 'server', how: 'refused' },
    ]);
  });

  it('has a call of the REST API, and nothing of the control API', async () => {
    await using fake = await startMockServer();
    const answer = await ask(`${fake.urls.scriptix.api}/status`, {
      headers: { 'x-zoom-s2t-key': 'some-secret' },
    });
    await ask(`${fake.urls.control}/health`);
    await ask(`${fake.urls.url}/nowhere`);

    expect(fake.journal.ids).toEqual(['h1', 'h2']);

    const [request, response, ...rest] = fake.journal.events('h1');
    expect(request).toMatchObject({ method: 'GET', headers: { 'x-zoom-s2t-key': 'redacted-1' } });
    expect(response).toMatchObject({ status: 200, body: answer.text });
    expect(rest).toEqual([]);
    expect(fake.journal.events('h2')[1]).toMatchObject({ status: 404 });
  });
});

describe('fifty sessions at a time', () => {
  it('each have only their own messages', async () => {
    await using fake = await startMockServer();
    const clients = Array.from({ length: 50 }, (_, i) => {
      return dial(fake.urls.reson8.realtime, '', { Authorization: `ApiKey secret-of-${i}-only` });
    });
    await Promise.all(clients.map(({ open }) => open));
    await Promise.all(
      clients.map(async (client, i) => {
        for (let n = 0; n <= i % 5; n++) client.send(silence(20));
        flush(client, `flush-${i}`);
        await client.next(({ text }) => text.includes('flush_confirmation'));
        client.close(4000 + i);
        await client.closed;
      }),
    );
    const ids = fake.journal.ids;

    expect(ids).toHaveLength(50);

    const seen = new Set<string>();
    for (const id of ids) {
      const text = JSON.stringify(fake.journal.events(id));
      const found = new Set([...text.matchAll(/flush-\d+/g)].map(([name]) => name));
      expect(found.size).toBe(1);
      expect(text).not.toContain('secret-of');
      const [name = ''] = found;
      seen.add(name);
      const number = Number(name.slice('flush-'.length));
      expect(fake.session(id)).toMatchObject({ closeCode: 4000 + number, audioMs: 20 * ((number % 5) + 1) });
      expect(text.match(/"code":\d+/g)).toEqual(Array(3).fill(`"code":${4000 + number}`));
    }
    expect(seen.size).toBe(50);
  });
});
