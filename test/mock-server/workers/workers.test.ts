import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { connect as open, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MOST_WAITS } from '../../../src/mock-server/control/waits.ts';
import { silence } from '../../support/audio.ts';
import { connect } from '../../support/clients/client.ts';
import { control } from '../../support/clients/control.ts';
import { DIFFERS } from '../../support/fleet/differs.ts';
import {
  client,
  clients,
  expectAttemptsInTurn,
  expectSessionsTogether,
  until,
} from '../../support/fleet/together.ts';
import { folder } from '../../support/programs/folder.ts';
import { serve, understudy, type ServedFake } from '../../support/programs/program.ts';

const TWO = ['--workers', '2'];

interface Shown {
  readonly sessions: readonly { readonly id: string; readonly received: { readonly frame: number } }[];
}

function workersOf({ program }: Pick<ServedFake, 'program'>): readonly number[] {
  const told = execFileSync('ps', ['-o', 'pid=', '--ppid', String(program.pid)], { encoding: 'utf8' });
  return told.trim().split(/\s+/).map(Number);
}

describe('two workers', () => {
  it('number their sessions together, and calls find a session on either', async () => {
    await using fake = await serve(...TWO);
    await expectSessionsTogether(fake, fake);

    expect((await control(fake, 'GET metrics')).text).toContain(
      'understudy_sessions_total{dialect="scriptix"} 4',
    );
  });

  it('have their sessions judged like one process', async () => {
    await using fake = await serve(...TWO);
    await using opened = await clients([fake, fake]);
    for (const each of opened.all) each.send({ action: 'start' });
    for (const id of ['s1', 's2']) {
      await control(fake, `GET sessions/${id}/wait?for=start`);
      // No document describes such a result.
      await control(fake, `POST sessions/${id}/send`, { text: 'dancing', is_final: 'yes', offset_ms: 0 });
      const { status, json } = await control(fake, `GET sessions/${id}/judge?side=server`);
      expect([id, status]).toEqual([id, 200]);
      const { requirements } = json as {
        requirements: { verdict: string; side: string; evidence: number[] }[];
      };
      expect(requirements.some(({ verdict, evidence }) => verdict === 'fail' && evidence.length > 0)).toBe(
        true,
      );
      expect(requirements.filter(({ side }) => side === 'client')).toEqual([]);
    }
    const trace = (await control(fake, 'GET sessions/s2/trace')).text;

    expect((await control(fake, 'POST judge', trace)).status).toBe(200);
    expect((await control(fake, 'GET sessions/s9/judge')).status).toBe(404);
  });

  it('lose nothing of clients that send data right after their upgrade', async () => {
    await using fake = await serve(...TWO);
    const count = 60;
    const all = await Promise.all(
      Array.from({ length: count }, async (_, i) => {
        const each = await client(fake, `burst${i}`);
        each.send({ action: 'start' });
        await each.sendAudio(silence(100));
        return each;
      }),
    );
    const expectations = [
      { of: 'start', atLeast: count },
      { of: 'audio', atLeast: count },
    ];

    expect((await control(fake, 'POST verify', { expectations, within: '20s' })).json).toMatchObject({
      ok: true,
    });

    await Promise.all(all.map((each) => each[Symbol.asyncDispose]()));
  });

  it('give the attempts of a scenario in turn, whichever worker has the connection', async () => {
    await using fake = await serve(...TWO);
    await expectAttemptsInTurn(fake, fake);
  });

  it('refuse a malformed upgrade in the form of the vendor, and give it no session number', async () => {
    await using fake = await serve(...TWO);
    const url = fake.urls.reson8.realtime.replace('ws:', 'http:');
    const { request } = await import('node:http');
    const status = await new Promise((resolve, reject) => {
      const headers = { upgrade: 'websocket', connection: 'Upgrade', authorization: 'ApiKey any' };
      request(url, { headers }, (answer) => resolve(answer.statusCode))
        .on('error', reject)
        .end();
    });
    await using good = await client(fake, 'good');

    expect(status).toBe(400);
    expect((await control(fake, 'GET sessions/next')).json).toMatchObject({ id: 's1' });
    expect(good.hasEnded).toBe(false);
  });

  it('follow a manual clock', async () => {
    await using fake = await serve(...TWO, '--clock', 'manual');
    const scenario = {
      dialect: 'scriptix',
      summary: 'Ends after a while',
      server: { handshake: { after: '1s' }, steps: [{ wait: '2s' }, { close: 4005 }] },
    };
    await control(fake, 'POST scenarios', { name: 'a-while', scenario });
    await control(fake, 'PUT scenario', { scenario: 'a-while' });
    await using late = connect(`${fake.urls.scriptix.realtime}?token=any`);
    await until(fake, 'POST clock/advance', (status) => status === 400);
    await control(fake, 'POST clock/advance', { ms: 900 });
    expect(late.hasEnded).toBe(false);
    await control(fake, 'POST clock/advance', { ms: 200 });
    await late.open;
    expect((await control(fake, 'POST clock/advance', { ms: 1800 })).json).toEqual({
      mode: 'manual',
      nowMs: 2900,
    });
    expect(late.hasEnded).toBe(false);
    await control(fake, 'POST clock/advance', { ms: 300 });

    expect((await late.closed).code).toBe(4005);
  });

  it('together remember at most as many sessions as the journal may keep', async () => {
    await using fake = await serve(...TWO, '--journal-max', '2');
    await using opened = await clients([fake, fake, fake]);
    for (const each of opened.all) {
      each.close();
      await each.closed;
    }
    const json = await until(fake, 'GET sessions', (_, shown) => (shown as Shown).sessions.length === 2);

    expect(json).toMatchObject({
      sessions: [
        { id: 's2', isOpen: false },
        { id: 's3', isOpen: false },
      ],
    });
    expect(await control(fake, 'GET sessions/s1')).toMatchObject({ status: 404 });
  });

  it('distinguish an open session that the journal no longer keeps from an unknown one', async () => {
    await using fake = await serve(...TWO, '--journal-max', '1');
    await using opened = await clients([fake, fake]);
    expect(opened.all).toHaveLength(2);

    for (const call of ['trace', 'judge']) {
      expect(await control(fake, `GET sessions/s1/${call}`)).toMatchObject({
        status: 404,
        json: { error: 'The trace of this session is not kept' },
      });
      expect((await control(fake, `GET sessions/s9/${call}`)).json).toMatchObject({
        error: 'Unknown session',
      });
    }
  });

  it('report their events in one feed', async () => {
    await using fake = await serve(...TWO);
    const leave = new AbortController();
    const feed = await fetch(`${fake.urls.control}/events`, { signal: leave.signal });
    await using opened = await clients([fake, fake]);
    for (const each of opened.all) each.send({ action: 'start' });
    let text = '';
    const decoder = new TextDecoder();
    for await (const part of feed.body ?? []) {
      text += decoder.decode(part as Uint8Array, { stream: true });
      const told = text
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as Record<string, unknown>);
      const of = (event: string) =>
        new Set(told.filter((each) => each['event'] === event).map(({ id }) => id));
      if (of('session-open').size === 2 && of('session').size === 2) break;
    }
    leave.abort();
  });

  it('close their connections with 1001 when the fake is stopped, and end', async () => {
    await using fake = await serve(...TWO);
    const pids = workersOf(fake);
    await using opened = await clients([fake, fake]);
    fake.program.signal('SIGTERM');

    expect(await Promise.all(opened.all.map(async (each) => (await each.closed).code))).toEqual([1001, 1001]);
    expect(await fake.program.exit).toEqual({ code: 0, signal: null });
    expect(pids).toHaveLength(2);
    for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow();
  });
});

describe('a worker that', () => {
  it('was killed has calls about its sessions answered with 410, and so are calls that would count them', async () => {
    await using fake = await serve(...TWO);
    await using opened = await clients([fake, fake]);
    const [first] = workersOf(fake);
    process.kill(first ?? 0, 'SIGKILL');
    await fake.program.said(/worker-lost/);
    const answers = await Promise.all(['s1', 's2'].map((id) => control(fake, `GET sessions/${id}`)));
    const gone = answers.filter(({ status }) => status === 410);

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 410]);
    expect(gone[0]?.json).toMatchObject({
      error: expect.stringMatching(/^The worker w\d, which had this session, ended at \d{4}-.*Z$/) as string,
    });

    const verify = { expectations: [{ of: 'frame', exactly: 0 }] };
    for (const [call, body] of [['GET sessions'], ['GET usage'], ['POST verify', verify]] as const) {
      expect(await control(fake, call, body)).toMatchObject({ status: 410 });
    }
    const codes = await Promise.race(opened.all.map(async (each) => (await each.closed).code));
    expect(codes).toBe(1006);

    await control(fake, 'POST reset');
    expect(await control(fake, 'GET sessions')).toMatchObject({ status: 200, json: { sessions: [] } });
    await until(fake, 'GET health', (_, json) => !('degraded' in (json as object)));
    await using after = await clients([fake, fake]);
    expect(after.all.map(({ hasEnded }) => hasEnded)).toEqual([false, false]);
    expect(((await control(fake, 'GET sessions')).json as Shown).sessions.map(({ id }) => id)).toEqual([
      's3',
      's4',
    ]);
  });

  it('does not answer is named in a 504, and can come back', async () => {
    await using fake = await serve(...TWO);
    await using opened = await clients([fake, fake]);
    const [first] = workersOf(fake);
    process.kill(first ?? 0, 'SIGSTOP');
    try {
      const answers = await Promise.all([
        control(fake, 'GET sessions'),
        control(fake, 'GET sessions/s1/wait?for=close&timeout=1m'),
      ]);
      expect(answers[0]).toMatchObject({ status: 504, json: { error: 'The worker w1 does not answer' } });
      expect(answers[1]).toMatchObject({ status: 504, json: { error: 'The worker w1 does not answer' } });
      expect((await control(fake, 'GET health')).json).toMatchObject({ ok: true, degraded: true });
      await using other = await client(fake, 'other');
      expect(other.hasEnded).toBe(false);
      expect(await control(fake, 'GET sessions/s3')).toMatchObject({ status: 200 });
    } finally {
      process.kill(first ?? 0, 'SIGCONT');
    }
    const json = await until(fake, 'GET sessions', (status) => status === 200);

    expect((json as Shown).sessions).toHaveLength(3);
    expect(opened.all.map(({ hasEnded }) => hasEnded)).toEqual([false, false]);
  });
});

describe.skipIf(process.platform === 'win32')('the Unix sockets of workers', () => {
  it('that were killed with their server are removed by the next server, and no others', async () => {
    await using place = await folder();
    const started = async () => {
      const program = understudy(['serve', '--port', '0', '--json', ...TWO], {
        ...process.env,
        TMPDIR: place.path(''),
        // Node.js 22 and later would keep it in the folder, too.
        NODE_DISABLE_COMPILE_CACHE: '1',
      });
      await program.line();
      return program;
    };
    const there = () => readdir(place.path(''));
    await using other = await started();
    const [kept] = await there();
    await using killed = await started();
    expect(await there()).toHaveLength(2);
    await killed[Symbol.asyncDispose]();
    expect(await there()).toHaveLength(2);
    await using next = await started();

    const left = await there();
    expect(left).toHaveLength(2);
    expect(left).toContain(kept);
    for (const program of [next, other]) {
      program.signal('SIGTERM');
      await program.exit;
    }
    expect(await there()).toEqual([]);
  });
});

describe.skipIf(process.platform !== 'linux')('a worker that is busy', () => {
  it('accepts as many calls as may wait for a session once it can run', async () => {
    await using place = await folder();
    await using program = understudy(['serve', '--port', '0', '--json', ...TWO], {
      ...process.env,
      TMPDIR: place.path(''),
      NODE_DISABLE_COMPILE_CACHE: '1',
    });
    await program.line();
    const [sockets = ''] = await readdir(place.path(''));
    const [first = 0] = workersOf({ program });
    process.kill(first, 'SIGSTOP');
    const calls = Array.from({ length: MOST_WAITS + 100 }, () => open(join(place.path(''), sockets, 'w1')));
    try {
      await Promise.all(calls.map((call) => once(call, 'connect')));
      process.kill(first, 'SIGCONT');
      const [last] = calls.slice(-1);
      last?.write('GET /__understudy/health HTTP/1.1\r\nHost: localhost\r\n\r\n');

      expect(String(await once(last as Socket, 'data'))).toMatch(/^HTTP\/1\.1 200 /);
    } finally {
      process.kill(first, 'SIGCONT');
      for (const call of calls) call.destroy();
    }
  });
});

describe('the list of tests of the control API that do not run with workers', () => {
  it('names existing tests only', () => {
    for (const { file, title } of DIFFERS) {
      const text = readFileSync(new URL(`../control/${file}`, import.meta.url), 'utf8');
      // A title that begins with a quoted text takes it from a table in the file.
      const [ofTable = title] = /^'[^']+'/.exec(title) ?? [`'${title}`];
      expect(text).toContain(ofTable);
    }
  });
});

describe('--workers', () => {
  it.each([
    // It named --cert.
    ['two with --tls', ['--workers', '2', '--tls'], /^--tls: a TLS connection cannot be passed/],
    ['none', ['--workers', '0'], /--workers: expected a whole number from 1 to 128, or max, got "0"/],
    ['a word', ['--workers', 'many'], /from 1 to 128, or max, got "many"/],
  ])('refuses %s', async (_what, flags, told) => {
    await using program = understudy(['serve', '--port', '0', ...flags]);

    expect(await program.exit).toEqual({ code: 2, signal: null });
    expect(program.stderr).toMatch(told);
    expect(program.stderr).not.toContain('    at ');
  });
});
