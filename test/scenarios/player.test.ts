import { expect, it } from 'vitest';
import { serverUrls } from '../../src/mock-server/addresses.ts';
import { manualClock } from '../../src/runtime/clock.ts';
import { readScenario } from '../../src/scenario/read/load.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { judge } from '../support/scenarios/judge.ts';
import { playScenario } from '../support/scenarios/player.ts';
import { close, part, ping, startHandMade, text, type HandMade } from '../support/servers/scripted-server.ts';
import { stageTime } from '../support/servers/stage.ts';

/** The player and its judge, against hand-made servers that each do exactly one thing wrong. */

const LOADING = text({ state: 'loading' });
const PARTIAL = text({ text: 'yes', is_final: false, offset_ms: 300, stability: 0.8 });
const FINAL = text({ text: 'yes', is_final: true, offset_ms: 300, words: [[' yes', 0, 400, 0.97]] });
const SESSION = [LOADING, PARTIAL, FINAL];

const refusal = (status: number, headers: string, body: string) =>
  `HTTP/1.1 ${status} No\r\nContent-Length: ${body.length}\r\n${headers}\r\n${body}`;

/** A session as the scenario describes it. */
const EXPECT = `
expect:
  messages: [{ state: loading }, { text: yes, is_final: false }, { is_final: true, words: [[' yes', 0, 400, 0.97]] }]
  states: [loading]
  partials: 1
  finals: 1
  confirmations: 0
  errors: 0
  pings: 0
  end: 1000
  reason: bye
`;

function read(rest: string): Scenario {
  const read = readScenario('by-hand', 'by-hand.yaml', `dialect: scriptix\nsummary: Made by hand\n${rest}`);
  if (read.kind !== 'scenario') throw new Error(JSON.stringify(read.mistakes));
  return read.scenario;
}

async function mistakes(rest: string, ...does: readonly HandMade[]): Promise<readonly string[]> {
  const clock = manualClock();
  await using server = await startHandMade(does, clock);
  const time = await stageTime(clock);
  const target = { urls: serverUrls(false, '127.0.0.1', server.port), time, recordings: '' };
  const scenario = read(rest);
  const found = judge(scenario.file.expect, await playScenario(scenario, target, 'some-token'));
  time.stop();
  return found.filter((line) => !/^(\d: )?came: /.test(line));
}

it('the judge finds nothing wrong with a server that does all that is expected', async () => {
  expect(await mistakes(EXPECT, { writes: [...SESSION, close(1000, 'bye')], then: 'fin' })).toEqual([]);
});

it.each<readonly [string, HandMade, readonly string[]]>([
  ['another close code', { writes: [...SESSION, close(1011, 'bye')] }, ['end: expected 1000, got 1011']],
  ['another reason', { writes: [...SESSION, close(1000, 'so long')] }, ['reason: expected bye, got so long']],
  [
    'FIN without a Close frame',
    { writes: SESSION, then: 'fin' },
    ['end: expected 1000, got fin', 'reason: expected bye, got undefined'],
  ],
  [
    'RST without a Close frame',
    { writes: SESSION, then: 'reset' },
    ['end: expected 1000, got reset', 'reason: expected bye, got undefined'],
  ],
  [
    'no end at all',
    { writes: SESSION },
    ['end: expected 1000, got open', 'reason: expected bye, got undefined'],
  ],
  [
    'one message fewer',
    { writes: [LOADING, PARTIAL, close(1000, 'bye')] },
    [
      'message 3 did not come (in this order): {"is_final":true,"words":[[" yes",0,400,0.97]]}',
      'finals: expected 1, got 0',
    ],
  ],
  ['one message more', { writes: [...SESSION, FINAL, close(1000, 'bye')] }, ['finals: expected 1, got 2']],
  [
    'another order',
    { writes: [LOADING, FINAL, PARTIAL, close(1000, 'bye')] },
    ['message 3 did not come (in this order): {"is_final":true,"words":[[" yes",0,400,0.97]]}'],
  ],
  [
    'another state',
    { writes: [text({ state: 'listening' }), ...SESSION, close(1000, 'bye')] },
    ['states: expected loading, got listening, loading'],
  ],
  [
    'an error',
    { writes: [...SESSION, text({ error: 'no' }), close(1000, 'bye')] },
    ['errors: expected 0, got 1'],
  ],
  [
    'a confirmation',
    { writes: [...SESSION, text({ type: 'flush_confirmation', id: null }), close(1000, 'bye')] },
    ['confirmations: expected 0, got 1'],
  ],
  ['a ping', { writes: [...SESSION, ping, close(1000, 'bye')] }, ['pings: expected 0, got 1']],
  [
    'fragments',
    {
      writes: [...SESSION, part('{"a"', false, true), part(':1}', true, false), close(1000, 'bye')],
    },
    ['fragments: expected 0, got 2'],
  ],
  [
    'a message after the Close frame',
    { writes: [...SESSION, close(1000, 'bye'), FINAL] },
    ['malformed: expected nothing, got close-then-more'],
  ],
  [
    'a Close frame with a code that must not be sent',
    { writes: [...SESSION, close(1006, 'bye')] },
    ['malformed: expected nothing, got close-code', 'end: expected 1000, got 1006'],
  ],
  [
    'a cut frame',
    { writes: [...SESSION, FINAL.subarray(0, 20)], then: 'fin' },
    [
      'malformed: expected nothing, got cut-frame',
      'end: expected 1000, got fin',
      'reason: expected bye, got undefined',
    ],
  ],
  [
    'a refusal',
    { answer: refusal(401, '', ''), then: 'fin' },
    [
      'handshake: expected 101, got 401',
      'message 1 did not come (in this order): {"state":"loading"}',
      'states: expected loading, got ',
      'partials: expected 1, got 0',
      'finals: expected 1, got 0',
      'end: expected 1000, got fin',
      'reason: expected bye, got undefined',
    ],
  ],
])('the judge notices %s', async (_what, does, expected) => {
  expect(await mistakes(EXPECT, does)).toEqual(expected);
});

const bytes = (text: string) => Buffer.from(text, 'latin1');

it.each<readonly [string, Uint8Array]>([
  ['bad-opcode', bytes('\x83\x00')],
  ['masked-frame', bytes('\x81\x81\x00\x00\x00\x00a')],
  ['bad-utf8', bytes('\x81\x02\xc3\x28')],
  ['fragments', bytes('\x80\x01a')],
  ['fragments', bytes('\x01\x01a\x81\x01b')],
  ['close-code', bytes('\x88\x02\x03\xe7')],
])('the judge distinguishes malformed frames: %s', async (name, frame) => {
  const expectation = (malformed: string) =>
    `expect: { malformed: ${malformed}, end: ${name === 'close-code' ? 999 : 'fin'}, fragments: { max: 1 } }`;
  const does: HandMade = { writes: [frame], then: 'fin' };
  expect(await mistakes(expectation(name), does)).toEqual([]);

  const other = name === 'bad-utf8' ? 'bad-opcode' : 'bad-utf8';
  expect(await mistakes(expectation(other), does)).toEqual([`malformed: expected ${other}, got ${name}`]);
});

const ANSWER = refusal(
  401,
  'Retry-After: 5\r\nContent-Type: application/json\r\n',
  '{"detail":"no","more":1}',
);

it.each<readonly [string, string, readonly string[]]>([
  ['everything', '{ handshake: 401, headers: { Retry-After: "5" }, body: { detail: "no" } }', []],
  ['another status', '{ handshake: 403 }', ['handshake: expected 403, got 401']],
  [
    'another header',
    '{ handshake: 401, headers: { retry-after: "6" } }',
    ['header retry-after: expected 6, got 5'],
  ],
  [
    'a header that should be absent',
    '{ handshake: 401, headers: { retry-after: false } }',
    ['header retry-after: expected false, got 5'],
  ],
  [
    'a missing header',
    '{ handshake: 401, headers: { x-error-message: "no" } }',
    ['header x-error-message: expected no, got false'],
  ],
  [
    'another body',
    '{ handshake: 401, body: { detail: "yes" } }',
    ['body: expected {"detail":"yes"}, got {"detail":"no","more":1}'],
  ],
  [
    'a part of the text',
    `{ handshake: 401, body: '{"detail":"no"' }`,
    ['body: expected "{\\"detail\\":\\"no\\"", got {"detail":"no","more":1}'],
  ],
])('the judge compares a refusal with what was expected: %s', async (_what, expectation, expected) => {
  expect(await mistakes(`expect: ${expectation}`, { answer: ANSWER, then: 'fin' })).toEqual(expected);
});

it.each<readonly [string, HandMade, string]>([
  ['none', { answer: '' }, 'dropped'],
  ['dropped', { answer: '', then: 'fin' }, 'reset'],
  ['reset', { answer: '', then: 'reset' }, 'none'],
])('the judge distinguishes the ways in which a handshake can fail: %s', async (name, does, other) => {
  expect(await mistakes(`expect: { handshake: ${name} }`, does)).toEqual([]);
  expect(await mistakes(`expect: { handshake: ${other} }`, does)).toEqual([
    `handshake: expected ${other}, got ${name}`,
  ]);
});

it.each<readonly [string, readonly string[]]>([
  ['{ end: fin, finals: 1, takes: { min: 3s, max: 4s } }', []],
  ['{ end: fin, finals: 1, takes: { min: 4s } }', ['takes: expected 4000 to Infinity ms, got 3000']],
  ['{ end: fin, finals: 1, takes: { max: 2s } }', ['takes: expected 0 to 2000 ms, got 3000']],
  ['{ end: fin, finals: 1, first-result: { max: 1s } }', []],
  [
    '{ end: fin, finals: 1, first-result: { min: 1s } }',
    ['first-result: expected 1000 to Infinity ms, got 0'],
  ],
])('the judge measures times on the clock of the scenario: %s', async (expectation, expected) => {
  const scenario = `client: [start, { audio: 1s }, { await: close }]\nexpect: ${expectation}`;
  expect(await mistakes(scenario, { writes: SESSION, then: 'fin', afterMs: 3000 })).toEqual(expected);
});

it('a play fails when a client waits without success, unless its wait has a limit of its own', async () => {
  const waits = (how: string) => `client: [{ await: ${how} }]\nexpect: { end: open, finals: 0 }`;

  expect(await mistakes(waits('final'), { writes: [LOADING] })).toEqual([
    'connection 1: waited 70 s for final, without success',
  ]);
  expect(await mistakes(waits('{ for: final, limit: 5s }'), { writes: [LOADING] })).toEqual([]);
  expect(await mistakes(waits('{ for: state, count: 2 }'), { writes: [LOADING] })).toEqual([
    'connection 1: waited 70 s for state 2x, without success',
  ]);
  expect(await mistakes(waits('{ for: state, match: { state: listening } }'), { writes: [LOADING] })).toEqual(
    ['connection 1: waited 70 s for state, without success'],
  );
});

it('the judge judges every connection by its own expectation', async () => {
  const two = (expectation: string) => `client: { connections: 2 }\nexpect: ${expectation}`;
  const does: readonly HandMade[] = [
    { writes: SESSION, then: 'fin' },
    { writes: [...SESSION, close(1000)], then: 'fin' },
  ];

  expect(await mistakes(two('[{ end: fin, finals: 1 }, { end: 1000, finals: 1 }]'), ...does)).toEqual([]);
  expect(await mistakes(two('[{ end: 1000, finals: 1 }, { end: fin, finals: 1 }]'), ...does)).toEqual([
    '1: end: expected 1000, got fin',
    '2: end: expected fin, got 1000',
  ]);
  expect(await mistakes(two('{ end: fin, finals: 1 }'), ...does)).toEqual(['2: end: expected fin, got 1000']);
  expect(await mistakes(two('[{ end: fin, finals: 1 }]'), ...does)).toEqual([
    'expected 1 connections and calls, there were 2',
  ]);
});

it.each([
  ['', 'the scenario expects nothing'],
  ['expect: []', 'expected 0 connections and calls, there were 1'],
  ['expect: {}', 'expect has to say how the handshake or the connection ends'],
  ['expect: { end: fin }', 'expect has to say how the handshake or the connection ends'],
  ['expect: { finals: 1 }', 'expect has to say how the handshake or the connection ends'],
])('the judge does not accept a scenario that expects too little: %s', async (rest, mistake) => {
  expect(await mistakes(rest, { writes: SESSION, then: 'fin' })).toContain(mistake);
});
