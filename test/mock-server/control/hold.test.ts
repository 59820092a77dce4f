import { describe, expect, it } from 'vitest';
import { MOST_HELD } from '../../../src/mock-server/session/held.ts';
import { startMockServer } from '../../../src/mock-server/server.ts';
import type { Answer } from '../../support/clients/ask.ts';
import { connect } from '../../support/clients/client.ts';
import { control } from '../../support/clients/control.ts';
import { dial } from '../../support/reson8.ts';
import { microphone, microphoneUrl } from '../../support/scriptix/scriptix.ts';

/** A server that answers a flush with two messages and a close. */
const THREE = {
  dialect: 'reson8',
  summary: 'Two messages and a close',
  server: [{ await: 'flush' }, { send: { n: 1 } }, { send: { n: 2 } }, { close: 4001 }],
};

const ONE = { id: 1, kind: 'text', text: '{"n":1}' };
const TWO = { id: 2, kind: 'text', text: '{"n":2}' };
const CLOSE = { id: 3, kind: 'close', code: 4001 };

/** A fake with a connection, s1, that has sent a flush; the two messages and the close are held. */
async function heldThree() {
  const fake = await startMockServer();
  await fake.addScenario('three', THREE);
  await fake.setScenario('three');
  const client = dial(fake.urls.reson8.realtime);
  await client.open;
  // A worker that a busy machine does not let run for seconds is answered for with 504, to try again later.
  let answer: Answer | undefined;
  const hold = async () => (answer = await control(fake, 'POST sessions/s1/hold')).status;
  await expect.poll(hold).not.toBe(504);
  expect(answer).toMatchObject({ status: 200, json: { held: [] } });
  client.send({ type: 'flush_request' });
  const held = async () => (await control(fake, 'GET sessions/s1/held')).json;
  await expect.poll(held).toEqual({ held: [ONE, TWO, CLOSE] });
  return { fake, client, session: fake.session('s1'), [Symbol.asyncDispose]: () => fake.stop() };
}

describe('messages of the server', () => {
  it('can be listed without being held', async () => {
    await using fake = await startMockServer();
    await using client = await microphone(fake);
    expect((await control(fake, 'GET sessions/s1/held')).json).toEqual({ held: [] });
    // Listing does not begin to hold messages.
    fake.session('s1')?.send({ state: 'a' });
    await client.next(({ json }) => JSON.stringify(json) === '{"state":"a"}', 'what was sent');

    expect((await control(fake, 'GET sessions/s9/held')).status).toBe(404);
  });

  it('are held and released in order: first one, then all', async () => {
    await using three = await heldThree();
    const { fake, client } = three;

    expect((await control(fake, 'POST sessions/s1/hold', {})).json).toEqual({ held: [ONE, TWO, CLOSE] });

    const first = await control(fake, 'POST sessions/s1/release', { count: 1 });
    expect(first.json).toEqual({ released: 1, held: [TWO, CLOSE] });
    expect((await client.next()).text).toBe('{"n":1}');
    expect((await control(fake, 'POST sessions/s1/release')).json).toEqual({ released: 2, held: [] });

    expect((await client.closed).code).toBe(4001);
    expect(client.messages.map(({ text }) => text)).toEqual(['{"n":1}', '{"n":2}']);
  });

  it('can be replaced and dropped', async () => {
    await using three = await heldThree();
    const { fake, client } = three;

    const replaced = await control(fake, 'POST sessions/s1/replace', {
      id: 1,
      message: { text: 'not json' },
    });

    expect(replaced.json).toEqual({ held: [{ ...ONE, text: 'not json' }, TWO, CLOSE] });

    const dropped = await control(fake, 'POST sessions/s1/drop', { id: 3 });
    expect(dropped.json).toEqual({ dropped: 1, held: [{ ...ONE, text: 'not json' }, TWO] });

    await control(fake, 'POST sessions/s1/release');
    await control(fake, 'POST sessions/s1/close', { code: 4002 });

    expect((await client.closed).code).toBe(4002);
    expect(client.messages.map(({ text }) => text)).toEqual(['not json', '{"n":2}']);
  });

  it('do not delay what a test sends, and are noted in the trace if the connection ends before they are sent', async () => {
    await using three = await heldThree();
    const { fake, client, session } = three;

    await control(fake, 'POST sessions/s1/send', { n: 0 });
    await control(fake, 'POST sessions/s1/close', { code: 4003 });

    expect((await client.closed).code).toBe(4003);
    expect(client.messages.map(({ text }) => text)).toEqual(['{"n":0}']);

    await session?.received('close');
    expect(session?.trace()).toContainEqual(
      expect.objectContaining({ kind: 'note', message: '3 messages were held and never sent' }),
    );
    expect((await control(fake, 'POST sessions/s1/release')).status).toBe(409);
  });

  it('are all released when there are too many, and the trace says so', async () => {
    await using fake = await startMockServer();
    const repeated = { repeat: MOST_HELD + 1, steps: [{ send: { n: 1 } }] };
    await fake.addScenario('many', {
      ...{ dialect: 'reson8', summary: 'Many', server: [{ await: 'flush' }, repeated, 'hang'] },
    });
    await fake.setScenario('many');
    await using client = dial(fake.urls.reson8.realtime);
    await client.open;
    await control(fake, 'POST sessions/s1/hold');
    client.send({ type: 'flush_request' });

    for (let i = 0; i <= MOST_HELD; i++) await client.next();

    expect(fake.session('s1')?.held).toEqual([]);

    const notes = (fake.session('s1')?.trace() ?? []).filter(({ kind }) => kind === 'note');
    expect(notes).toMatchObject([
      { message: expect.stringMatching(/^1001 messages were held, .* released/) as string },
    ]);
  });

  it('are listed without the secrets of the client that they repeat', async () => {
    await using fake = await startMockServer();
    await fake.addScenario('repeats', {
      ...{ dialect: 'scriptix', summary: 'Repeats' },
      server: [{ await: 'start' }, { send: { token: 'secret-of-a-client' } }, 'hang'],
    });
    await using client = connect(microphoneUrl(fake, { token: 'secret-of-a-client', scenario: 'repeats' }));
    await client.open;
    await control(fake, 'POST sessions/s1/hold');
    client.send({ action: 'start' });
    await control(fake, 'GET sessions/s1/wait?for=start');

    const { text } = await control(fake, 'POST sessions/s1/hold');

    expect(text).toContain('redacted-1');
    expect(text).not.toContain('secret-of-a-client');
  });

  it.each([
    ['hold', 'an unknown field', 400, { more: 1 }],
    ['release', 'the number 0', 400, { count: 0 }],
    ['release', 'a number as text', 400, { count: '1' }],
    ['release', 'a number beyond the limit', 400, { count: 1001 }],
    ['replace', 'neither id nor message', 400, {}],
    ['replace', 'no message', 400, { id: 1 }],
    ['replace', 'a message that is not Base64', 400, { id: 1, message: { base64: '*' } }],
    ['replace', 'an unknown id', 409, { id: 9, message: {} }],
    ['drop', 'an unknown id', 409, { id: 9 }],
    ['drop', 'a negative id', 400, { id: -1 }],
  ])('%s with %s is answered with %i and changes nothing', async (call, _what, status, body) => {
    await using three = await heldThree();
    const { fake, session } = three;

    expect((await control(fake, `POST sessions/s1/${call}`, body)).status).toBe(status);
    expect(session?.held).toEqual([ONE, TWO, CLOSE]);
  });
});
