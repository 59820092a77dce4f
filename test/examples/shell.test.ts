import { execFile, spawnSync } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { startMockServer } from '../../src/mock-server/server.ts';
import { REPOSITORY } from '../support/programs/cli.ts';
import { folder } from '../support/programs/folder.ts';
import { runClient, type ClientRun } from './client-run.ts';
import { attemptsOf, callsOf } from './recorded.ts';
import { TOKEN } from './play-cases.ts';

const SCRIPT = 'examples/shell/scriptix-ready.sh';
const hasCurl = spawnSync('curl', ['--version']).status === 0;

function ready(api: string, token: string, env: Readonly<Record<string, string>> = {}): Promise<ClientRun> {
  return runClient(['sh', SCRIPT], { UNDERSTUDY_API_URL: api, UNDERSTUDY_TOKEN: token, ...env });
}

describe.skipIf(!hasCurl)('examples/shell/scriptix-ready.sh', () => {
  it.each([
    ['the address of the API', (api: string) => api],
    ['the origin', (api: string) => new URL(api).origin],
  ])('starts the service and prints where to connect, given %s', async (_what, urlOf) => {
    await using fake = await startMockServer({ service: { status: 'scaled_down', startMs: 300 } });
    const run = await ready(urlOf(fake.urls.scriptix.api), TOKEN);

    expect(run).toMatchObject({ code: 0, stdout: `${fake.urls.scriptix.realtime}\n`, reports: [] });
    expect(callsOf(fake)).toEqual(['GET status', 'POST initialize']);
    expect(fake.service.status).toBe('ready');
    expect(run.stderr).not.toContain(TOKEN);
  });

  it.each([
    ['invalid-key', 'auth', 'Not authenticated (HTTP 401)', ['GET status']],
    ['user-key', 'auth', 'Not enough permissions (HTTP 403)', ['GET status', 'POST initialize']],
    [
      'fails-to-start',
      'server',
      'Realtime service failed to start (HTTP 503)',
      ['GET status', 'POST initialize'],
    ],
    [
      'initialize-breaks',
      'server',
      'Failed to initialize realtime service: no such deployment (HTTP 500)',
      ['GET status', 'POST initialize'],
    ],
    [
      'json-cut-short',
      'server',
      'the service does not say whether it is ready',
      ['GET status', 'POST initialize'],
    ],
    [
      'fields-missing',
      'server',
      'the service does not say whether it is ready',
      ['GET status', 'POST initialize'],
    ],
  ])(
    'with the token %s, reports the error, prints nothing, and exits with 1',
    async (token, kind, message, calls) => {
      await using fake = await startMockServer();
      const run = await ready(fake.urls.scriptix.api, token);

      expect(run).toMatchObject({ code: 1, stdout: '', reports: [{ event: 'error', kind, message }] });
      expect(callsOf(fake)).toEqual(calls);
    },
  );

  it('waits while `ready` is false, whatever the message says', async () => {
    const answer = (ready: boolean, message: string) => ({
      status: 200,
      body: {
        status: ready ? 'ready' : 'starting',
        message,
        ready,
        endpoint: 'wss://here.example/v2/realtime',
      },
    });
    await using own = await folder();
    const server = {
      initialize: [answer(false, 'The service is ready, "ready":true')],
      status: [answer(false, 'x'), answer(false, 'x'), answer(true, 'not "ready":false')],
    };
    await writeFile(
      own.path('late.yaml'),
      JSON.stringify({ dialect: 'scriptix-rest', summary: 'x', server }),
    );
    await using fake = await startMockServer({ scenario: own.path('late.yaml') });
    const run = await ready(fake.urls.scriptix.api, TOKEN);

    expect(run).toMatchObject({ code: 0, stdout: 'wss://here.example/v2/realtime\n' });
    expect(callsOf(fake)).toEqual(['GET status', 'POST initialize', 'GET status', 'GET status']);
    expect(attemptsOf(fake)).toEqual([]);
  });

  it.skipIf(process.platform !== 'linux')('does not show the key in a list of processes', async () => {
    await using fake = await startMockServer({ service: { status: 'scaled_down', startMs: 2000 } });
    const running = ready(fake.urls.scriptix.api, TOKEN);
    // The processes of the whole machine are listed again and again until the script has ended.
    const looking = { isOver: false };
    void running.then(() => (looking.isOver = true));
    let lines = '';
    while (!looking.isOver) {
      lines += await commandLines();
      await promisify(execFile)('sleep', ['0.05']);
    }

    expect((await running).code).toBe(0);
    // The listings did include the calls of the script.
    expect(lines).toContain(`${fake.urls.scriptix.api}/initialize`);
    expect(lines).not.toContain(TOKEN);
  });

  it('without a key, prints its usage and exits with 2', async () => {
    const run = await runClient(['sh', SCRIPT], { UNDERSTUDY_API_URL: 'http://127.0.0.1:1' });
    expect(run).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/^Usage:/) as string });
  });
});

/** The command lines of all processes, as `ps` shows them. */
async function commandLines(): Promise<string> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''));
  return (await Promise.all(lines)).join('\n').replaceAll('\0', ' ');
}

it('the shell example exists', async () => {
  expect(await readFile(`${REPOSITORY}${SCRIPT}`, 'utf8')).toMatch(/^#!\/bin\/sh/);
});
