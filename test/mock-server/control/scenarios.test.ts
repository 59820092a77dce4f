import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/runtime/errors.ts';
import { MOST_POSTED, PostedScenarios } from '../../../src/scenario/posted.ts';
import type { MockServer } from '../../../src/mock-server/mock-server.ts';
import { startMockServer } from '../../../src/mock-server/server.ts';
import { connect } from '../../support/clients/client.ts';
import { control } from '../../support/clients/control.ts';
import { shared } from '../../support/servers/shared.ts';
import { microphone, microphoneUrl } from '../../support/scriptix/scriptix.ts';

/** A scenario that sends one message and closes. */
const SAYS = (what: string) =>
  `dialect: scriptix\nsummary: Says something\nserver:\n  - send: {hello: ${what}}\n  - close: 4001\n`;

const OBJECT = {
  dialect: 'scriptix',
  summary: 'Says something',
  server: [{ send: { hello: 'object' } }, { close: 4001 }],
};

const WRONG = 'dialect: scriptix\nsummary: x\nserver:\n  - wiat: 1s\n  - close: 99999\n';

async function said(fake: MockServer, query: Readonly<Record<string, string>> = {}): Promise<string> {
  await using client = connect(microphoneUrl(fake, query));
  await client.closed;
  return client.messages.map(({ text }) => text).join();
}

/** Whether a connection without a scenario behaves as documented: it stops when asked to. */
async function livesAsDocumented(fake: MockServer): Promise<boolean> {
  await using client = await microphone(fake);
  client.send({ action: 'stop' });
  return (await client.closed).code === 1000;
}

describe('a scenario that is posted', () => {
  const started = shared(() => startMockServer());

  it.each([
    ['YAML with its name', 'POST scenarios', { name: 'mine', yaml: SAYS('yaml') }, 'yaml'],
    ['an object with its name', 'POST scenarios', { name: 'mine', scenario: OBJECT }, 'object'],
    ['YAML alone', 'POST scenarios?name=mine', SAYS('alone'), 'alone'],
    ['JSON alone', 'POST scenarios?name=mine', JSON.stringify(OBJECT), 'object'],
  ])('as %s can be selected immediately', async (_what, call, body, hello) => {
    await using fake = await startMockServer();

    const answer = await control(fake, call, body);

    expect(answer).toMatchObject({ status: 201, json: { name: 'mine', dialect: 'scriptix' } });
    expect(await said(fake, { scenario: 'mine' })).toBe(`{"hello":"${hello}"}`);
    expect((await control(fake, 'PUT assignments/t', { scenario: 'mine' })).status).toBe(200);
    expect((await control(fake, 'GET scenarios')).json).toMatchObject({
      scenarios: expect.arrayContaining([{ dialect: 'scriptix', name: 'mine' }]) as unknown,
    });
  });

  it('replaces the one of its name and begins its attempts again; once removed, the bundled one is back', async () => {
    await using fake = await startMockServer();
    const attempts = `dialect: scriptix\nsummary: Twice\nserver:\n  attempts:\n    - [{send: {n: 1}}, {close: 4001}]\n    - [{send: {n: 2}}, {close: 4001}]\n`;
    await control(fake, 'POST scenarios?name=cold-model', attempts);

    expect([
      await said(fake, { scenario: 'cold-model' }),
      await said(fake, { scenario: 'cold-model' }),
    ]).toEqual(['{"n":1}', '{"n":2}']);

    await control(fake, 'POST scenarios?name=cold-model', attempts.replace('n: 1', 'n: 3'));
    expect(await said(fake, { scenario: 'cold-model' })).toBe('{"n":3}');

    expect((await control(fake, 'DELETE scenarios/cold-model')).status).toBe(204);
    expect((await control(fake, 'DELETE scenarios/cold-model')).status).toBe(404);

    await using client = connect(microphoneUrl(fake, { scenario: 'cold-model' }));
    await client.open;
  });

  it('with mistakes is refused with all of them and their places', async () => {
    await using fake = await startMockServer();

    const answer = await control(fake, 'POST scenarios', { name: 'mine', yaml: WRONG });

    expect(answer).toMatchObject({
      status: 422,
      json: {
        error: 'The scenario has mistakes',
        requestId: 'c1',
        mistakes: [
          { file: 'mine.yaml', line: 4, column: 5, path: 'server[0].wiat', meant: 'wait' },
          { file: 'mine.yaml', line: 5, column: 12, path: 'server[1].close' },
        ],
      },
    });

    const { mistakes } = answer.json as { mistakes: { what: string }[] };
    expect(mistakes.map(({ what }) => what).join('\n')).toMatch(/unknown step "wiat"[^]*expected/);
    expect((await control(fake, 'DELETE scenarios/mine')).status).toBe(404);
  });

  it.each<[path: string, body: unknown, status: number]>([
    ['scenarios', undefined, 400],
    ['scenarios', 'dialect: scriptix', 400],
    ['scenarios', { yaml: SAYS('x') }, 400],
    ['scenarios', { name: '../etc', yaml: SAYS('x') }, 400],
    ['scenarios', { name: 'x'.repeat(101), yaml: SAYS('x') }, 400],
    ['scenarios', { name: 'mine', yaml: 7 }, 400],
    ['scenarios', { name: 'mine', yaml: SAYS('x'), more: 1 }, 400],
    ['scenarios', '['.repeat(5000), 400],
    ['scenarios?name=Mine', SAYS('x'), 400],
    ['scenarios?name=mine&name=yours', SAYS('x'), 400],
    ['scenarios?name=mine', '', 400],
    ['scenarios?name=mine', '[', 422],
    ['scenarios?name=mine', 'a: &a [*a]', 422],
    ['scenarios?name=mine', '['.repeat(5000), 422],
    ['scenarios?name=mine', 'x'.repeat(2 ** 20 + 1), 413],
  ])('to %s is refused if it is invalid (case %#)', async (path, body, status) => {
    const fake = await started();
    expect((await control(fake, `POST ${path}`, body)).status).toBe(status);
  });

  it('is gone after a reset, also as the default', async () => {
    await using fake = await startMockServer();
    await control(fake, 'POST scenarios?name=mine', SAYS('mine'));
    await control(fake, 'PUT scenario', { scenario: 'mine' });

    expect(await said(fake)).toBe('{"hello":"mine"}');

    await control(fake, 'POST reset', { scenarios: true });

    expect((await control(fake, 'GET scenario')).json).toEqual({ scenario: {} });
    expect(await livesAsDocumented(fake)).toBe(true);
  });

  it('is followed by the documented behaviour if it was the default and is removed', async () => {
    await using fake = await startMockServer();
    await control(fake, 'POST scenarios?name=mine', SAYS('mine'));
    await control(fake, 'PUT scenario', { scenario: 'mine' });
    await control(fake, 'DELETE scenarios/mine');

    expect(await livesAsDocumented(fake)).toBe(true);
  });

  it('can also be added by a test in the same process', async () => {
    await using fake = await startMockServer();
    await fake.addScenario('text', SAYS('text'));
    await fake.addScenario('object', OBJECT);

    expect([await said(fake, { scenario: 'text' }), await said(fake, { scenario: 'object' })]).toEqual([
      '{"hello":"text"}',
      '{"hello":"object"}',
    ]);
    expect([fake.removeScenario('text'), fake.removeScenario('text')]).toEqual([true, false]);
    await expect(fake.addScenario('wrong', WRONG)).rejects.toThrow(
      /wrong\.yaml:4:5: .*wait[^]*wrong\.yaml:5:12/,
    );
    await expect(fake.addScenario('Wrong', SAYS('x'))).rejects.toThrow(UserError);
  });
});

describe('all scenarios that were posted', () => {
  it('are limited in number; at the limit, one can be replaced, or another added once one is removed', async () => {
    const posted = new PostedScenarios();
    for (let i = 0; i < MOST_POSTED; i++) await posted.add(`n${i}`, SAYS('x'));

    await expect(posted.add('more', SAYS('x'))).rejects.toThrow(/at most 1000/);
    expect(await posted.add('n0', SAYS('y'))).toMatchObject({ kind: 'scenario' });
    expect(posted.remove('n1')).toBe(true);
    expect(await posted.add('more', SAYS('x'))).toMatchObject({ kind: 'scenario' });
  });

  it('are limited in size', async () => {
    await using fake = await startMockServer();
    const long = `${SAYS('x')}# ${'x'.repeat(1_000_000)}\n`;
    const statuses: number[] = [];
    for (let i = 0; i < 17; i++)
      statuses.push((await control(fake, `POST scenarios?name=n${i}`, long)).status);

    expect(statuses).toEqual([...Array.from({ length: 16 }, () => 201), 409]);
  });
});

describe('the default scenario', () => {
  const started = shared(async () => {
    const fake = await startMockServer();
    await fake.addScenario('gone', {
      ...{ dialect: 'scriptix', summary: 'Not there' },
      server: { handshake: 'unreachable' },
    });
    return fake;
  });

  it('can be set for one dialect, for several, and for none', async () => {
    await using fake = await startMockServer({ scenario: 'reson8/drop-mid-word' });
    const put = async (scenario: unknown) => (await control(fake, 'PUT scenario', { scenario })).json;

    expect(await put('scriptix/cold-model')).toEqual({ scenario: { scriptix: 'cold-model' } });
    expect(await put(['scriptix/cold-model', 'reson8/half-open'])).toEqual({
      scenario: { scriptix: 'cold-model', reson8: 'half-open' },
    });
    expect(await put(null)).toEqual({ scenario: {} });

    await fake.reset();
    expect((await control(fake, 'GET scenario')).json).toEqual({ scenario: { reson8: 'drop-mid-word' } });
  });

  it.each<[what: string, scenario: unknown, status: number]>([
    ['an unknown name', 'unheard-of', 422],
    ['a file', '/etc/passwd.yaml', 422],
    ['a name and a file', ['cold-model', 'x.ndjson'], 422],
    // It would reset every connection, including that of the call to take it back.
    ['one that is unreachable', 'gone', 422],
    ['a number', 7, 400],
    ['missing', undefined, 400],
    ['more than 100 names', Array.from({ length: 101 }, () => 'cold-model'), 400],
  ])('cannot be %s', async (_what, scenario, status) => {
    const fake = await started();

    expect((await control(fake, 'PUT scenario', { scenario })).status).toBe(status);
    expect((await control(fake, 'GET scenario')).json).toEqual({ scenario: {} });
  });
});
