import { describe, expect, it } from 'vitest';
import { startClientFake } from '../../src/cli/conformance/client-fake.ts';
import { runClient } from '../../src/conformance/run-client.ts';
import { SUITES } from '../../src/conformance/client/suites/suites.ts';
import { scripted } from './client/scripted.ts';

const FOREVER = 'setInterval(() => undefined, 1000);';
const DEAF = `process.on('SIGTERM', () => undefined); process.on('SIGINT', () => undefined); ${FOREVER}`;

/** On a busy machine, three seconds were over before the first program had started. */
const LIMIT_MS = 10_000;

/** A run of all scenarios with clients that would take a minute for each. */
async function cutShort(script: string) {
  await using client = await scripted(script);
  const { command, args } = client.options;
  return await runClient({
    dialect: 'reson8',
    startFake: startClientFake,
    client: { kind: 'command', command, args },
    environment: { PATH: process.env['PATH'] },
    timeoutMs: 60_000,
    maxTimeMs: LIMIT_MS,
  });
}

// Each of some forty scenarios had a time limit, and the run had none.
describe('--max-time ends a run of clients', () => {
  it.concurrent.each([
    ['that do nothing', FOREVER],
    ['that ignore SIGTERM', DEAF],
    [
      'that leave processes behind, which hold their outputs open',
      `const { spawn } = await import('node:child_process');
       spawn(process.execPath, ['-e', ${JSON.stringify(DEAF)}], { stdio: 'inherit', detached: true }).unref();
       ${DEAF}`,
    ],
    [
      'that write without end',
      `const flood = (stream) => { while (stream.write('x'.repeat(65536) + '\\n')); stream.once('drain', () => flood(stream)); };
       flood(process.stdout); flood(process.stderr); ${FOREVER}`,
    ],
    [
      'that connect again and again',
      `const again = () => { const socket = new WebSocket(url, { headers: { authorization: 'ApiKey ' + token } });
         socket.on('error', () => undefined); socket.on('open', () => socket.terminate()); setTimeout(again, 5); };
       again();`,
    ],
    [
      'that send the smallest frames of audio without end',
      `const socket = new WebSocket(url, { headers: { authorization: 'ApiKey ' + token } });
       const flood = () => { for (let n = 0; n < 1000; n++) socket.send(Buffer.alloc(2)); setTimeout(flood); };
       socket.on('error', () => undefined); socket.on('open', flood); ${FOREVER}`,
    ],
  ])('%s', async (_what, script) => {
    const { report, plays } = await cutShort(script);

    expect(report.outcome).not.toBe('conforming');
    expect(report.causes?.[0]).toMatch(/--max-time 10s/);
    expect(report.causes).toContainEqual(expect.stringMatching(/was stopped, as the run was/));
    expect(plays.length).toBeLessThan(SUITES.reson8.trials.length);
    expect(report.causes).toContainEqual(expect.stringMatching(/were not played/));
  });
});
