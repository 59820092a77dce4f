import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { judge } from '../../../src/cli/judge.ts';
import {
  LONGEST_TRACE_BYTES,
  MOST_JUDGED_EVENTS,
  type Judgement,
} from '../../../src/mock-server/control/judge/judging.ts';
import { startMockServer } from '../../../src/mock-server/server.ts';
import { silence } from '../../support/audio.ts';
import { control } from '../../support/clients/control.ts';
import { microphone } from '../../support/scriptix/scriptix.ts';

describe('verdicts over HTTP', () => {
  it('are those on one session, with statements, documents and proof', async () => {
    await using fake = await startMockServer({ judge });
    await using client = await microphone(fake);
    await client.sendAudio(silence(200));
    // No document has such a result.
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

  it('are those on a file: a trace, or what a browser saved', async () => {
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

  it('are not given on what is too long', async () => {
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

    // Other calls are sent less.
    expect((await control(fake, 'POST verify', 'x'.repeat(2 ** 20 + 1))).status).toBe(413);
  });

  it('hold no secrets that another program has left in a file', async () => {
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

  it('are not there where the fake has no judges, and are behind its guard', async () => {
    await using without = await startMockServer();
    await using guarded = await startMockServer({ judge, controlToken: 'open-sesame' });

    expect((await control(without, 'GET sessions/s1/judge')).json).toMatchObject({ error: 'Not found' });
    expect((await control(guarded, 'POST judge', 'x')).status).toBe(401);
  });
});

it('what is documented says where the judges are', async () => {
  const text = await readFile(join(import.meta.dirname, '../../../docs/control-api.md'), 'utf8');

  for (const path of ['`GET sessions/:id/judge`', '`POST judge`']) expect(text).toContain(path);
});
