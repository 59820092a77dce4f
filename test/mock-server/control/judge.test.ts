import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { judgeIn } from '../../../src/cli/judge/judge.ts';
import { folder } from '../../support/programs/folder.ts';
import { judge } from '../../support/programs/judge.ts';
import {
  LONGEST_TRACE_BYTES,
  MOST_JUDGED_EVENTS,
  type Judgement,
} from '../../../src/mock-server/control/judge/judging.ts';
import { eventsOf } from '../../../src/mock-server/control/judge/events.ts';
import { startMockServer } from '../../../src/mock-server/server.ts';
import { bursts, silence } from '../../support/audio.ts';
import { connect } from '../../support/clients/client.ts';
import { control } from '../../support/clients/control.ts';
import { shared } from '../../support/servers/shared.ts';
import { dial } from '../../support/reson8.ts';
import { isResult } from '../../support/scriptix/rules.ts';
import { microphone, microphoneUrl } from '../../support/scriptix/scriptix.ts';

/** Messages of a session that takes long to judge. */
const MANY = 3000;
/** Answers in the meantime: more than a fake could give that judges in its own thread. */
const ANSWERS = 25;

/** A thread in place of that of the judges, which answers once a file exists. */
const WHEN_THERE = `
import { existsSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
setInterval(() => existsSync(FILE) && parentPort.postMessage({ judgement: {} }), 5);
`;

describe('verdicts over HTTP', () => {
  const started = shared(async () => {
    const fake = await startMockServer({ judge });
    const client = await microphone(fake);
    client.close();
    await client.closed;
    return fake;
  });

  it('can be on one session, with statements, documents and proof', async () => {
    await using fake = await startMockServer({ judge });
    await using client = await microphone(fake);
    await client.sendAudio(silence(200));
    // No document describes such a result.
    fake.session('s1')?.send({ text: 'dancing', is_final: 'yes', offset_ms: 0 });
    client.send({ action: 'stop' });
    await client.closed;
    const { status, json } = await control(fake, 'GET sessions/s1/judge');
    const { requirements } = json as Judgement;

    expect(status).toBe(200);
    const broken = requirements.filter(({ verdict }) => verdict === 'fail');
    expect(broken.length).toBeGreaterThan(0);
    expect(requirements.filter(({ verdict }) => verdict === 'pass').length).toBeGreaterThan(5);
    const trace = fake.session('s1')?.trace() ?? [];
    for (const { statement, source, evidence, actual } of broken) {
      expect([statement, source, actual].every((text) => text !== undefined && text !== '')).toBe(true);
      expect(evidence.some((index) => JSON.stringify(trace[index]).includes('dancing'))).toBe(true);
    }
  });

  it('can be on a file: a trace, or what a browser saved', async () => {
    await using fake = await startMockServer({ judge });
    await using client = await microphone(fake);
    client.send({ action: 'stop' });
    await client.closed;
    const trace = (await control(fake, 'GET sessions/s1/trace')).text;
    const judged = await control(fake, 'POST judge', trace);
    const har = JSON.stringify({
      log: { version: '1.2', creator: { name: 'x', version: '1' }, entries: [] },
    });

    expect(judged.status).toBe(200);
    expect((judged.json as Judgement).requirements.some(({ verdict }) => verdict === 'pass')).toBe(true);
    expect((await control(fake, 'POST judge?format=har', har)).status).toBe(200);
  });

  it('say where a file is wrong', async () => {
    await using fake = await startMockServer({ judge });
    const trace = '{"kind":"trace","version":1,"tool":"x","startedAt":"2026-01-01T00:00:00.000Z"}\n';
    const wrong = await control(fake, 'POST judge', `${trace}{"kind":"text"}\n`);

    expect([wrong.status, JSON.stringify(wrong.json)]).toEqual([422, expect.stringContaining('file:2')]);
    expect((await control(fake, 'POST judge?format=har', 'no')).status).toBe(422);
    expect((await control(fake, 'POST judge?format=pcap', trace)).status).toBe(400);
    expect((await control(fake, 'POST judge')).status).toBe(400);
    expect((await control(fake, 'GET sessions/s9/judge')).status).toBe(404);
  });

  it('are refused for a trace that is too long', async () => {
    await using fake = await startMockServer({ judge });
    const long = await control(fake, 'POST judge', 'x'.repeat(LONGEST_TRACE_BYTES + 1));
    const line = '{"session":"s1","atMs":0,"kind":"note","message":"x"}\n';
    const many = await control(
      fake,
      'POST judge',
      `{"kind":"trace","version":1,"tool":"x","startedAt":"2026-01-01T00:00:00.000Z"}\n${line.repeat(MOST_JUDGED_EVENTS + 1)}`,
    );

    expect([long.status, JSON.stringify(long.json)]).toEqual([
      413,
      expect.stringContaining(`${LONGEST_TRACE_BYTES} bytes`),
    ]);
    expect([many.status, JSON.stringify(many.json)]).toEqual([
      422,
      expect.stringContaining(`more than ${MOST_JUDGED_EVENTS} events`),
    ]);

    // The limit of other calls is lower.
    expect((await control(fake, 'POST verify', 'x'.repeat(2 ** 20 + 1))).status).toBe(413);
  });

  it('contain no secrets that another program left in a file', async () => {
    await using fake = await startMockServer({ judge });
    const events = [
      { kind: 'request', method: 'GET', target: '/v2/realtime?token=a-long-secret-token', headers: {} },
      { kind: 'response', status: 101, headers: {} },
      { kind: 'text', from: 'server', text: '{"error":"a-long-secret-token is wrong","x":1}' },
    ].map((fact) => JSON.stringify({ session: 's1', atMs: 0, ...fact }));
    const header = '{"kind":"trace","version":1,"tool":"x","startedAt":"2026-01-01T00:00:00.000Z"}';
    const { status, text } = await control(fake, 'POST judge', [header, ...events].join('\n'));

    expect(status).toBe(200);
    expect(text).not.toContain('a-long-secret-token');
  });

  it('are for the requested side and edition', async () => {
    await using fake = await startMockServer({ judge });
    await using client = connect(microphoneUrl(fake, { scenario: 'no-listening' }));
    await client.open;
    client.send({ action: 'start' });
    await client.sendAudio(bursts(1000));
    await client.next(isResult, 'a result');
    client.send({ action: 'stop' });
    await client.closed;
    const judged = async (query: string) => {
      const { status, json } = await control(fake, `GET sessions/s1/judge?${query}`);
      expect([query, status]).toEqual([query, 200]);
      return json as Judgement;
    };
    const usual = await judged('');
    const sides = ({ requirements }: Judgement) => [...new Set(requirements.map(({ side }) => side))].sort();

    expect(sides(await judged('side=client'))).toEqual(['both', 'client']);
    expect(sides(await judged('side=server'))).toEqual(['both', 'server']);
    expect(sides(usual)).toEqual(['both', 'client', 'server']);

    expect(usual.choices.editions).toEqual(['scriptix=documents', 'scriptix=examples', 'scriptix=kaldi']);
    expect(usual.requirements.filter(({ verdict }) => verdict === 'fail')).toEqual([]);
    const examples = await judged('edition=scriptix%3Dexamples&side=server');
    // In that edition, listening comes before any result.
    const listensFirst = ({ requirements }: Judgement) =>
      requirements.find(({ id }) => id === 'SX-STATE-008')?.verdict;
    expect(listensFirst(usual)).toBeUndefined();
    expect(listensFirst(examples)).toBe('fail');

    const trace = (await control(fake, 'GET sessions/s1/trace')).text;
    const ofFile = (await control(fake, 'POST judge?side=client&edition=examples', trace)).json as Judgement;
    expect(ofFile.requirements.filter(({ side }) => side === 'server')).toEqual([]);
  });

  it('excuse the deviations that are named', async () => {
    await using fake = await startMockServer({ judge });
    await using client = dial(fake.urls.reson8.realtime, 'include_words=true');
    await client.open;
    // Logarithms, which the documents do not mention.
    const words = [{ text: 'so', confidence: -0.5 }];
    fake.session('s1')?.send({ type: 'transcript', text: 'so', words });
    const judged = async (query: string) => {
      const { requirements, choices } = (await control(fake, `GET sessions/s1/judge?${query}`))
        .json as Judgement;
      return { choices, verdict: requirements.find(({ id }) => id === 'R8-W-006')?.verdict };
    };
    const usual = await judged('');

    expect(usual.verdict).toBe('fail');
    expect(usual.choices.deviations.map(({ name }) => name)).toEqual([
      'reson8-confidence-logprob',
      'reson8-newer-encodings',
    ]);
    expect(
      (await judged('deviation=reson8-newer-encodings&deviation=reson8-confidence-logprob')).verdict,
    ).toBe('excused');
  });

  it.each([
    ['side=judge', 400, 'side=server|client|both'],
    ['edition=scriptix%3Dexample', 422, 'did you mean \\"examples\\"'],
    ['edition=reson8%3Dkaldi', 422, 'reson8 has no edition'],
    ['deviation=scriptix-stopp', 422, 'did you mean \\"scriptix-stop\\"'],
    ['strictness=1', 400, 'deviation= a name'],
  ])('are refused for %s with an explanation', async (query, status, words) => {
    const fake = await started();
    const refused = await control(fake, `GET sessions/s1/judge?${query}`);

    expect([refused.status, refused.text]).toEqual([status, expect.stringContaining(words)]);
    expect(refused.text).not.toContain('--');
  });

  it('do not delay other calls in the meantime', async () => {
    await using fake = await startMockServer({ judge });
    // Sent by a scenario: with several processes, each message that a test sends would cost a call.
    await fake.addScenario('long', {
      dialect: 'reson8',
      summary: 'Says much',
      server: [
        { repeat: MANY, steps: [{ send: { type: 'transcript', text: 'again', is_final: false } }] },
        { send: { type: 'transcript', text: 'at last', is_final: true } },
      ],
    });
    await using client = dial(fake.urls.reson8.realtime, 'scenario=long');
    await client.open;
    await client.next(({ text }) => text.includes('at last'), 'the last message');
    expect(client.messages).toHaveLength(MANY + 1);
    const verdicts = control(fake, 'GET sessions/s1/judge');
    const over = verdicts.then(() => 'judged');
    let answers = 0;
    const asked = async () => {
      await control(fake, 'GET health');
      answers += 1;
      return 'answered';
    };
    let last = asked();
    // One call after another: a fake that judged in its own thread would answer one or two.
    while (answers < ANSWERS && (await Promise.race([over, last])) !== 'judged') last = asked();
    await last;

    expect(answers).toBeGreaterThanOrEqual(ANSWERS);
    expect((await verdicts).status).toBe(200);
  });

  it('are refused with 503 beyond the maximum at a time', async () => {
    await using place = await folder();
    const file = place.path('go');
    const program = WHEN_THERE.replace('FILE', JSON.stringify(file));
    const waiting = judgeIn(new URL(`data:text/javascript,${encodeURIComponent(program)}`));
    await using fake = await startMockServer({ judge: waiting });
    await using client = await microphone(fake);
    client.close();
    const statuses: number[] = [];
    const judged = async () => {
      const { status } = await control(fake, 'GET sessions/s1/judge');
      statuses.push(status);
    };
    const all = Promise.all(Array.from({ length: 12 }, judged));
    await expect.poll(() => statuses.length).toBeGreaterThanOrEqual(4);
    await writeFile(file, '');
    await all;

    expect(statuses.sort()).toEqual([
      ...Array.from({ length: 8 }, () => 200),
      ...Array.from({ length: 4 }, () => 503),
    ]);
    expect((await control(fake, 'GET sessions/s1/judge')).status).toBe(200);
  });

  it('do not exist if the fake has no judges, and need the control token', async () => {
    await using without = await startMockServer();
    await using guarded = await startMockServer({ judge, controlToken: 'open-sesame' });

    expect((await control(without, 'GET sessions/s1/judge')).json).toMatchObject({ error: 'Not found' });
    expect((await control(guarded, 'POST judge', 'x')).status).toBe(401);
  });
});

it('a session is read in parts, so that others have their turn in between', async () => {
  const reads: number[] = [];
  let turns = 0;
  const events = Array.from(
    { length: 1000 },
    (_, i) => ({ session: 's1', atMs: i, kind: 'note', message: `${i}` }) as const,
  );
  const partOf = (_id: string, from: number, most: number) => {
    reads.push(turns);
    setImmediate(() => (turns += 1));
    return {
      events: events.slice(from, from + most),
      next: Math.min(events.length, from + most),
      total: events.length,
    };
  };

  expect(await eventsOf({ partOf }, 's1')).toEqual(events);
  expect(reads).toEqual([...reads.keys()]);
  expect(
    await eventsOf({ partOf: () => ({ events: [], next: 0, total: MOST_JUDGED_EVENTS + 1 }) }, 's1'),
  ).toBe('too many');
  expect(await eventsOf({ partOf: () => undefined }, 's1')).toBeUndefined();
});

it('the documentation names the calls that judge', async () => {
  const text = await readFile(join(import.meta.dirname, '../../../docs/control-api.md'), 'utf8');

  for (const path of ['`GET sessions/:id/judge`', '`POST judge`']) expect(text).toContain(path);
});
