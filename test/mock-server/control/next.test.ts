import { describe, expect, it } from 'vitest';
import { MOST_WAITS } from '../../../src/mock-server/control/waits.ts';
import type { MockServer } from '../../../src/mock-server/mock-server.ts';
import { startMockServer } from '../../../src/mock-server/server.ts';
import { control } from '../../support/clients/control.ts';
import { shared } from '../../support/servers/shared.ts';
import { silence } from '../../support/audio.ts';
import { dial } from '../../support/reson8.ts';
import { microphone, microphoneUrl } from '../../support/scriptix/scriptix.ts';
import { connect } from '../../support/clients/client.ts';

const idOf = (answer: { readonly json: unknown }) => (answer.json as { id?: string }).id;
const idsOf = (answer: { readonly json: unknown }) =>
  (answer.json as { sessions: { id: string }[] }).sessions.map(({ id }) => id);

/** Connections of s1 (token a, closed), s2 (token b), s3 (Reson8) and s4 (a scenario, token b). */
async function four(fake: MockServer) {
  const first = connect(microphoneUrl(fake, { token: 'a' }));
  await first.open;
  first.close();
  await fake.session('s1')?.received('close');
  const second = connect(microphoneUrl(fake, { token: 'b' }));
  await second.open;
  const third = dial(fake.urls.reson8.realtime);
  await third.open;
  const fourth = connect(microphoneUrl(fake, { token: 'b', scenario: 'cold-model' }));
  await fourth.open;
  return [second, third, fourth];
}

/** A fake with these connections. */
async function withFour() {
  const fake = await startMockServer({ clock: 'manual' });
  await four(fake);
  return { fake, [Symbol.asyncDispose]: () => fake.stop() };
}

describe('the next session', () => {
  const started = shared(withFour);

  it('is the oldest that was not handed out yet, or else the next to connect', async () => {
    await using fake = await startMockServer();
    await using first = connect(microphoneUrl(fake));
    await first.open;

    expect(idOf(await control(fake, 'GET sessions/next'))).toBe('s1');

    const waiting = control(fake, 'GET sessions/next?timeout=20s');
    await using second = connect(microphoneUrl(fake));
    await second.open;

    expect(idOf(await waiting)).toBe('s2');
  });

  it('can be requested for one token, which leaves the sessions of others to them', async () => {
    await using fake = await startMockServer();
    await four(fake);

    expect(idOf(await control(fake, 'GET sessions/next?token=b'))).toBe('s2');
    expect(idOf(await control(fake, 'GET sessions/next?token=b'))).toBe('s4');
    expect((await fake.nextSession()).id).toBe('s1');
    expect(idOf(await control(fake, 'GET sessions/next?token=&timeout='))).toBe('s3');
  });

  it('that does not come in time is answered with 408, and a reset ends the wait', async () => {
    await using fake = await startMockServer();

    const late = await control(fake, 'GET sessions/next?timeout=10ms');
    expect(late).toMatchObject({
      status: 408,
      json: { error: expect.stringMatching(/^Nothing came within 10 ms/) as string },
    });

    const waiting = control(fake, 'GET sessions/next?timeout=20s');
    let status: number | undefined;
    void waiting.then((answer) => (status = answer.status));
    while (status === undefined) await control(fake, 'POST reset', { sessions: true });

    // The answer used to name `nextSession()`, which no one had called. With replicas, the wait continued until its time-out.
    expect(await waiting).toMatchObject({
      status: 408,
      json: { error: 'The server was reset before a connection came' },
    });
  });

  it('is not given to a caller that no longer waits for it', async () => {
    await using fake = await startMockServer();
    const leaving = new AbortController();
    const url = `${fake.urls.control}/sessions/next?timeout=10m`;
    // One more than may wait, so that it is refused once all the others are waiting. A call to find out whether they are
    // would take the place of one of them.
    const waits = Array.from({ length: MOST_WAITS + 1 }, () =>
      fetch(url, { signal: leaving.signal }).then(
        ({ status }) => status,
        () => 'given up',
      ),
    );
    expect(await Promise.race(waits)).toBe(429);
    leaving.abort();
    await Promise.all(waits);
    while ((await control(fake, 'GET sessions/next?timeout=0s')).status === 429);
    await using client = connect(microphoneUrl(fake));
    await client.open;

    expect(idOf(await control(fake, 'GET sessions/next'))).toBe('s1');
  });

  it.each(['timeout=soon', 'timeout=11m', 'token=a&token=b', 'tokn=a'])(
    'with %s is a mistake',
    async (query) => {
      const { fake } = await started();
      const answer = await control(fake, `GET sessions/next?${query}`);

      expect(answer).toMatchObject({
        status: 400,
        json: { expected: expect.stringContaining('timeout=5s') as string },
      });
    },
  );

  it('is not handed out by HEAD', async () => {
    await using fake = await startMockServer();
    await using client = connect(microphoneUrl(fake));
    await client.open;

    expect((await control(fake, 'HEAD sessions/next')).status).toBe(405);
    expect(idOf(await control(fake, 'GET sessions/next'))).toBe('s1');
  });
});

describe('the list of sessions', () => {
  const started = shared(withFour);

  it.each([
    ['token=b', ['s2', 's4']],
    ['token=nobodys', []],
    ['dialect=scriptix', ['s1', 's2', 's4']],
    ['dialect=scriptix-stream', []],
    ['dialect=reson8', ['s3']],
    ['open=true', ['s2', 's3', 's4']],
    ['open=false', ['s1']],
    ['scenario=cold-model', ['s4']],
    ['scenario=happy-path', ['s1', 's2', 's3']],
    ['token=b&scenario=happy-path', ['s2']],
    ['after=s2', ['s3', 's4']],
    ['after=s999', []],
    ['limit=2', ['s1', 's2']],
    ['limit=2&after=s2&open=true', ['s3', 's4']],
    ['token=&dialect=&open=&scenario=&limit=&after=', ['s1', 's2', 's3', 's4']],
  ])('with %s has %s', async (query, ids) => {
    const { fake } = await started();
    expect(idsOf(await control(fake, `GET sessions?${query}`))).toEqual(ids);
  });

  it('is read page by page', async () => {
    const { fake } = await started();
    const pages: string[][] = [];
    let after: string | undefined = 's0';
    while (after !== undefined) {
      const answer = await control(fake, `GET sessions?limit=3&after=${after}`);
      pages.push(idsOf(answer));
      after = (answer.json as { next?: string }).next;
    }

    expect(pages).toEqual([['s1', 's2', 's3'], ['s4']]);
  });

  it.each(['limit=0', 'limit=1001', 'limit=x', 'after=h1', 'after=4', 'open=yes', 'dialect=kaldi', 'tokn=a'])(
    'with %s is a mistake',
    async (query) => {
      const { fake } = await started();
      expect((await control(fake, `GET sessions?${query}`)).status).toBe(400);
    },
  );
});

describe('a count', () => {
  const started = shared(withFour);

  it('says how often a client has done something', async () => {
    await using fake = await startMockServer();
    await using client = await microphone(fake);
    for (let i = 0; i < 3; i++) client.send(silence(20));
    await fake.session('s1')?.received('audio', { count: 3 });

    const count = await control(fake, 'GET sessions/s1/count?of=audio');

    expect(count).toMatchObject({ status: 200, json: { session: 's1', of: 'audio', count: 3 } });
    expect((await control(fake, 'GET sessions/s1/count?of=unreadable')).json).toMatchObject({ count: 0 });
  });

  it.each([
    ['s1/count', 400],
    ['s1/count?of=everything', 400],
    ['s1/count?of=audio&of=stop', 400],
    ['s9/count?of=audio', 404],
  ])('GET sessions/%s is answered with %i', async (path, status) => {
    const { fake } = await started();
    expect((await control(fake, `GET sessions/${path}`)).status).toBe(status);
  });
});
