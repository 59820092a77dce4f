import { expect, it } from 'vitest';
import { pcmEar } from '../../src/audio/ear.ts';
import { RAW_DEFAULT } from '../../src/audio/format.ts';
import { conversationsOf } from '../../src/conformance/conversation/conversation.ts';
import { broken, held, type Occasion, type Play } from '../../src/conformance/judge/invariant.ts';
import { TOLERANCES } from '../../src/conformance/judge/tolerances.ts';
import type { Codec, ServerDialect } from '../../src/mock-server/dialects/dialect.ts';
import { SERVER_DIALECTS } from '../../src/mock-server/dialects/dialects.ts';
import { startMockServer } from '../../src/mock-server/server.ts';
import { DIALECT_NAMES, DIALECTS } from '../../src/protocol/dialects.ts';
import { SCENARIO_DIALECTS } from '../../src/scenario/dialects/dialects.ts';
import type { ScenarioDialect } from '../../src/scenario/dialects/dialect.ts';
import { jsonFrame } from '../../src/wire/frame.ts';
import { bursts } from '../support/audio.ts';
import { connect } from '../support/clients/client.ts';

const PATH = '/v9/trial';

/** A dialect of two messages: the client sends `{"done":true}`, and the server what it has heard. */
const inScenarios: ScenarioDialect = {
  has: ['socket', 'frames', 'stop', 'final'],
  opening: [],
  clientSteps: [],
  placeholders: [],
  unsaid: {},
  commandOf: ({ done }) => (done === true ? 'stop' : undefined),
  sayingOf: ({ heard: text }) => (typeof text === 'string' ? 'final' : 'other'),
};

const codec: Codec = {
  hear: (frame) =>
    frame.kind === 'binary'
      ? { kind: 'audio', bytes: frame.bytes }
      : { kind: 'stop', message: JSON.parse(frame.text) as Record<string, unknown> },
  speak: (say) =>
    say.kind === 'final' ? [jsonFrame({ heard: say.words.map(({ text }) => text).join(' ') })] : [],
  closeCode: () => 1000,
  isResult: (text) => text.includes('"heard"'),
};

/** The compiler checks names, but cannot know the one that this test adds while it runs. */
function registerTrial(): void {
  const name = 'trial' as 'reson8';
  const opening = { dialect: name, language: undefined, ear: pcmEar(RAW_DEFAULT), codec };
  const problem = (status: number, message: string) => ({ status, body: { message } });
  const onServer: ServerDialect = {
    name,
    owns: (path) => path.startsWith('/v9/'),
    isAt: (path) => path === PATH,
    hasService: false,
    tokenOf: () => undefined,
    admit: () => opening,
    letIn: (_, failure) => ({ ...opening, failure }),
    failureOf: () => ({ problem: 'invalid-request', message: 'refused' }),
    problem,
    full: (message) => problem(503, message),
  };
  const facts = { vendor: 'trial', life: 'trial-socket', audio: 'sent', paths: [PATH] };
  Object.assign(DIALECTS, { [name]: facts });
  (DIALECT_NAMES as string[]).push(name);
  Object.assign(SCENARIO_DIALECTS, { [name]: inScenarios });
  (SERVER_DIALECTS as ServerDialect[]).push(onServer);
}

/** The rule of the trial: each `done` is answered. */
function* answered({ conversations }: Play): Iterable<Occasion> {
  for (const { dialect, said, heard } of conversations) {
    if (dialect !== ('trial' as 'reson8')) continue;
    const done = said.find(({ message }) => message.kind === 'stop');
    const answer = heard.find(({ message }) => message.kind === 'final');
    if (done === undefined) continue;
    if (answer === undefined) yield broken([done.index], 'what was heard', 'nothing');
    else yield held(done.index, answer.index);
  }
}

it('a new dialect is played by the fake and judged once each registry has an entry', async () => {
  registerTrial();
  await using fake = await startMockServer();
  await using client = connect(`${fake.urls.url.replace('http', 'ws')}${PATH}`);
  await client.open;

  client.send(bursts(1000));
  client.send({ done: true });
  const { json } = await client.next();
  await client.closed;

  expect(json).toEqual({ heard: expect.stringMatching(/\w/) as unknown });

  const events = fake.journal.events('s1');
  const conversations = conversationsOf(events);
  const play: Play = { name: 'trial', conversations, tolerances: TOLERANCES };

  expect(conversations.map(({ dialect }) => dialect)).toEqual(['trial']);
  expect([...answered(play)].map(({ outcome }) => outcome)).toEqual(['held']);
});
