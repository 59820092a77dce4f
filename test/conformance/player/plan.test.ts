import { expect, it } from 'vitest';
import { costOf, obstacleTo, type Means } from '../../../src/conformance/player/plan.ts';
import { openSounds } from '../../../src/conformance/player/sounds.ts';
import { probesOf } from '../../../src/conformance/player/probes.ts';
import { PROFILES } from '../../../src/conformance/server-run-options.ts';
import { scenarioOf } from '../../support/scenarios/scenario.ts';

const LIVE = PROFILES.live.budget;

const ALL: Means = {
  credentials: { valid: 'a', admin: 'b', user: 'c', invalid: 'd' },
  streamSource: 'http://127.0.0.1:1',
  mayInitialize: true,
};
const sounds = openSounds();
const client = (given: unknown, dialect = 'scriptix') => scenarioOf(undefined, { client: given, dialect });

it('a plan adds up audio and connections', () => {
  const steps = ['start', { audio: '2s' }, { audio: { silence: true, for: '1s' } }];
  expect(costOf(client(steps), { sounds })).toEqual({ audioMs: 3000, sessions: 1 });
  expect(costOf(client({ connections: 3, steps }), { sounds })).toEqual({ audioMs: 9000, sessions: 3 });

  const whole = costOf(client([{ audio: { file: 'en-appointment.wav' } }]), { sounds });
  expect(whole.audioMs).toBeGreaterThan(7000);
  expect(costOf(client([{ call: 'status' }, { call: 'status' }], 'scriptix-rest'), { sounds }).sessions).toBe(
    2,
  );
});

it.each([
  [
    'the credential of a user',
    { credential: 'user' },
    'scriptix',
    { credentials: { valid: 'a' } },
    /--user-token/,
  ],
  [
    'a wrong credential',
    { credential: 'invalid' },
    'scriptix',
    { credentials: { valid: 'a' } },
    /--bad-token/,
  ],
  ['a session', ['start'], 'scriptix', { credentials: {} }, /--token/],
  [
    'a start of the model',
    [{ call: 'initialize' }],
    'scriptix-rest',
    { mayInitialize: false },
    /--allow-scale/,
  ],
  ['a stream', { steps: [] }, 'scriptix-stream', { streamSource: undefined }, /--stream-source/],
])('a plan says what is missing for %s', (_what, given, dialect, missing, message) => {
  expect(obstacleTo(client(given, dialect), ALL)).toBeUndefined();
  expect(obstacleTo(client(given, dialect), { ...ALL, ...missing })).toMatch(message);
});

it.each([
  [
    'a start of the model that is not allowed',
    { credential: 'missing', steps: [{ call: 'initialize' }] },
    'scriptix-rest',
    { mayInitialize: false },
  ],
  ['a request without a stream', { query: { url: false } }, 'scriptix-stream', { streamSource: undefined }],
  ['a session without a credential', { credential: 'missing' }, 'reson8', { credentials: {} }],
  ['a token of its own', { token: 'mine' }, 'reson8', { credentials: {} }],
])('a plan finds nothing missing for %s', (_what, given, dialect, missing) => {
  expect(obstacleTo(client(given, dialect), { ...ALL, ...missing })).toBeUndefined();
});

it.each(['scriptix', 'reson8'] as const)('the probes of %s fit the budget of a live run', async (dialect) => {
  const costs = (await probesOf(dialect)).map((probe) => costOf(probe, { sounds }));

  expect(costs.length).toBeGreaterThan(10);
  expect(costs.reduce((sum, { audioMs }) => sum + audioMs, 0)).toBeLessThanOrEqual(LIVE.audioMs);
  expect(costs.reduce((sum, { sessions }) => sum + sessions, 0)).toBeLessThanOrEqual(LIVE.sessions);
});
