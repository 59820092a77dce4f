import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { conversationsOf } from '../../src/conformance/conversation/conversation.ts';
import { judgeTrace } from '../../src/conformance/judge-trace.ts';
import { startMockServer } from '../../src/mock-server/server.ts';
import { REPLAY_MODES } from '../../src/scenario/replay/mode.ts';
import { encodeEvent, encodeHeader } from '../../src/wire/trace-file.ts';
import type { TraceEvent } from '../../src/wire/trace.ts';
import { harToTrace, traceToHar } from '../../src/wire/har/har.ts';
import { bursts } from '../support/audio.ts';
import { connect } from '../support/clients/client.ts';
import { folder } from '../support/programs/folder.ts';
import { understudy } from '../support/programs/program.ts';
import { HEADER, record } from './recorder.ts';

const PATH = '/v1/speech-to-text/turns?include_timestamps=true';
/** A turn that is continued, and one that only the flush ends. */
const AUDIO = bursts(1000, 400, 1000, 900, 500);
const KINDS = [
  ...['turn_start', 'turn_end_candidate', 'turn_continuation', 'turn_end_candidate', 'turn_end'],
  ...['turn_start', 'turn_end_candidate', 'turn_end'],
];

/** What a client of turns receives from this address until it has closed. */
async function heardFrom(origin: string, protocols: readonly string[] = []): Promise<readonly string[]> {
  await using client = connect(
    origin + PATH,
    protocols.length > 0 ? { protocols: [...protocols] } : { headers: { authorization: 'ApiKey s3cret-1' } },
  );
  await client.open;
  client.send(AUDIO);
  client.send({ type: 'flush_request' });
  const turnEnd = () => client.next(({ text }) => text === '{"type":"turn_end"}');
  await turnEnd();
  await turnEnd();
  client.socket.close(1000);
  expect((await client.closed).code).toBe(1000);
  return client.messages.map(({ text }) => text);
}

const kindsOf = (texts: readonly string[]) =>
  texts.map((text) => (JSON.parse(text) as Readonly<Record<string, unknown>>)['type']);

/** A session of turns with the fake, through the recorder. */
async function recorded(protocols?: readonly string[]): Promise<{
  readonly events: readonly TraceEvent[];
  readonly heard: readonly string[];
}> {
  await using fake = await startMockServer({ keys: ['s3cret-1'] });
  await using recorder = await record(fake.urls.url.replace('http', 'ws'));
  const heard = await heardFrom(recorder.url, protocols);
  return { heard, events: await recorder.until(({ kind }) => kind === 'end') };
}

const saidIn = (events: readonly TraceEvent[]) =>
  events.flatMap((event) => (event.kind === 'text' && event.from === 'server' ? event.text : []));

const file = (events: readonly TraceEvent[]) => encodeHeader(HEADER) + events.map(encodeEvent).join('');

describe('a session of turns', () => {
  it.each([
    ['a header', undefined],
    ['a subprotocol', ['bearer', 's3cret-1']],
  ])('is recorded as it was, with its key in %s left out', async (_where, protocols) => {
    const { events, heard } = await recorded(protocols);
    expect(kindsOf(heard)).toEqual(KINDS);
    expect(saidIn(events)).toEqual(heard);
    expect(file(events)).not.toContain('s3cret-1');

    const [conversation, ...others] = conversationsOf(events);
    expect(others).toEqual([]);
    expect(conversation?.dialect).toBe('reson8-turns');
    expect(conversation?.heard.map(({ message }) => message.kind)).toEqual(KINDS);
    expect(conversation?.said.at(-1)?.message.kind).toBe('flush');
  });

  it('is the same after it was written as a HAR file, as browsers save it, and read again', async () => {
    const { events } = await recorded();
    const { events: again, faults } = harToTrace(JSON.stringify(traceToHar(HEADER, events)), {
      name: 'turns.har',
      tool: 'understudy test',
    });

    expect(faults).toEqual([]);
    expect(saidIn(again)).toEqual(saidIn(events));
    expect(conversationsOf(again).map(({ dialect }) => dialect)).toEqual(['reson8-turns']);
  });

  it.each([
    ['as it was', {}, () => true],
    ['without the end of turns', { 'R8-TURN-006': 'fail' }, (text: string) => !text.includes('turn_end"')],
    ['without the beginning of turns', { 'R8-TURN-004': 'fail' }, (text: string) => !text.includes('start"')],
  ])('is judged from a HAR file as it is from the trace, %s', async (_how, wrong, isKept) => {
    const { events } = await recorded();
    const said = events.filter((each) => each.kind !== 'text' || each.from !== 'server' || isKept(each.text));
    const har = JSON.stringify(traceToHar(HEADER, said));
    const { events: again } = harToTrace(har, { name: 'turns.har', tool: 'understudy test' });
    const verdictsIn = (of: readonly TraceEvent[]) =>
      judgeTrace(of).report.requirements.map(({ id, verdict }) => [id, verdict] as const);
    const verdicts = verdictsIn(again);

    expect(verdicts).toEqual(verdictsIn(said));
    const findings = verdicts.filter(([, verdict]) => verdict === 'fail' || verdict === 'warn');
    expect(Object.fromEntries(findings)).toEqual(wrong);
    const passed = verdicts.filter(([, verdict]) => verdict === 'pass').map(([id]) => id);
    expect(passed).toEqual(expect.arrayContaining(['R8-TURN-001', 'R8-TURN-003', 'R8-TURN-009']));
  });

  it.each(REPLAY_MODES)('is replayed (%s) with the messages that were recorded', async (replay) => {
    const { events, heard } = await recorded();
    await using files = await folder();
    await writeFile(files.path('turns.ndjson'), file(events));
    await using fake = await startMockServer({ scenario: files.path('turns.ndjson'), replay, speed: 20 });

    expect(await heardFrom(fake.urls.url.replace('http', 'ws'))).toEqual(heard);
  });

  it('is made into a scenario by convert, from a trace and from a HAR file', async () => {
    const { events, heard } = await recorded();
    await using files = await folder();
    await writeFile(files.path('turns.ndjson'), file(events));
    await writeFile(files.path('turns.har'), JSON.stringify(traceToHar(HEADER, events)));
    for (const from of ['turns.ndjson', 'turns.har']) {
      const to = files.path(`${from}.yaml`);
      await using program = understudy(['convert', files.path(from), to]);
      expect(await program.exit, program.stderr).toEqual({ code: 0, signal: null });
      expect(program.stdout).toContain('a scenario for reson8-turns');
      await using fake = await startMockServer({ scenario: to });
      expect(await heardFrom(fake.urls.url.replace('http', 'ws'))).toEqual(heard);
    }
  });
});
