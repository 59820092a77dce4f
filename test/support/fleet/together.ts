import { expect } from 'vitest';
import type { MockServer } from '../../../src/mock-server/mock-server.ts';
import { silence } from '../audio.ts';
import { connect, type TestClient } from '../clients/client.ts';
import { control, lines } from '../clients/control.ts';

/** A fake of several processes, or one of several replicas. */
export type Asked = Pick<MockServer, 'urls'>;

/** A client of Scriptix that is accepted. */
export async function client(fake: Asked, token: string): Promise<TestClient> {
  const opened = connect(`${fake.urls.scriptix.realtime}?token=${token}`);
  await opened.open;
  return opened;
}

/** A client of each of these fakes, the first with the token `t1`. */
export async function clients(fakes: readonly Asked[]) {
  const all: TestClient[] = [];
  for (const fake of fakes) all.push(await client(fake, `t${all.length + 1}`));
  return {
    all,
    async [Symbol.asyncDispose]() {
      await Promise.all(all.map((each) => each[Symbol.asyncDispose]()));
    },
  };
}

const AGAIN_MS = 20;
/** A little less than a test may take, so that a failing test reports what it got instead. */
const LONGEST_MS = 100_000;

/** Repeats a call until it gets the expected answer. */
export async function until(
  fake: Asked,
  call: string,
  is: (status: number, json: unknown) => boolean,
): Promise<unknown> {
  const beganMs = performance.now();
  for (;;) {
    const { status, json } = await control(fake, call);
    if (is(status, json)) return json;
    if (performance.now() - beganMs > LONGEST_MS)
      throw new Error(`${call} still answers ${status} ${JSON.stringify(json)}`);
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}

const IDS = ['s1', 's2', 's3', 's4'];

/**
 * For a fake without any session yet: sessions are numbered together, and every process or replica finds each of them.
 */
export async function expectSessionsTogether(one: Asked, two: Asked): Promise<void> {
  await using opened = await clients([one, two, one, two]);
  for (const each of opened.all) {
    each.send({ action: 'start' });
    await each.sendAudio(silence(100));
  }
  const handed = [];
  for (const id of IDS) {
    expect(await control(two, `GET sessions/${id}/wait?for=audio`)).toMatchObject({
      status: 200,
      json: { session: id },
    });
    handed.push((await control(one, 'GET sessions/next')).json);
    expect((await control(one, `GET sessions/${id}/count?of=start`)).json).toMatchObject({ count: 1 });
    const trace = lines((await control(two, `GET sessions/${id}/trace`)).text);
    expect(trace.some(({ kind, session }) => kind === 'binary' && session === id)).toBe(true);
  }
  expect(handed).toMatchObject(IDS.map((id) => ({ id })));
  for (const fake of new Set([one, two])) await expectAllFour(fake);
  const [first, second] = opened.all;
  await control(two, 'POST sessions/s1/send', { text: 'hello' });
  expect(await first?.next(({ text }) => text === 'hello', 'what was sent')).toBeDefined();
  await control(one, 'POST sessions/s2/close', { code: 4001, reason: 'enough' });
  expect(await second?.closed).toEqual({ code: 4001, reason: 'enough' });
  await control(two, 'POST sessions/s3/abort', { how: 'reset' });
  expect((await opened.all[2]?.closed)?.code).toBe(1006);
  expect(await control(two, 'GET sessions/s9')).toMatchObject({ status: 404 });
}

async function expectAllFour(fake: Asked): Promise<void> {
  expect((await control(fake, 'GET sessions')).json).toMatchObject({ sessions: IDS.map((id) => ({ id })) });
  expect((await control(fake, 'GET sessions?limit=2&after=s1')).json).toMatchObject({
    sessions: [{ id: 's2' }, { id: 's3' }],
    next: 's3',
  });
  expect((await control(fake, 'GET sessions?token=t4')).json).toMatchObject({ sessions: [{ id: 's4' }] });
  const expectations = [
    { of: 'start', exactly: 4 },
    { message: { action: 'start' }, exactly: 3 },
  ];
  expect((await control(fake, 'POST verify', { expectations })).json).toMatchObject({
    ok: false,
    results: [
      { ok: true, count: 4 },
      { ok: false, count: 4 },
    ],
  });
  expect((await control(fake, 'GET usage')).json).toMatchObject({
    total: { sessions: 4, audioSeconds: 0.4 },
  });
}

/** The attempts of a scenario are given in turn, whichever of them has the connection. The scenario stays. */
export async function expectAttemptsInTurn(one: Asked, two: Asked): Promise<void> {
  const scenario = {
    dialect: 'scriptix',
    summary: 'Three attempts',
    server: { attempts: [[{ close: 4001 }], [{ close: 4002 }], [{ close: 4003 }]] },
  };
  expect(await control(one, 'POST scenarios', { name: 'in-turn', scenario })).toMatchObject({ status: 201 });
  expect(await control(two, 'PUT assignments/own', { scenario: 'in-turn' })).toMatchObject({ status: 200 });
  const codes = [];
  for (const fake of [one, two, one, two]) {
    await using each = await client(fake, 'own');
    codes.push((await each.closed).code);
  }
  expect(codes).toEqual([4001, 4002, 4003, 4003]);
}
