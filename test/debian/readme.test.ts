import { describe, expect, it } from 'vitest';
import { startMockServer } from '../../src/mock-server/server.ts';
import { Program } from '../support/programs/program.ts';
import { commands } from '../support/programs/readme.ts';
import { freePort } from '../support/programs/free-port.ts';

/** The first command with this word in the README and the pages. */
function command(word: string): string {
  const found = commands().find((line) => line.includes(word));
  if (found === undefined) throw new Error(`no page has a command with ${word}`);
  return found;
}

describe('the README and docs/clients.md', () => {
  it('have a command that gets the status with curl', async () => {
    await using fake = await startMockServer();
    await using curl = new Program('sh', [
      '-c',
      command('curl').replace('http://127.0.0.1:8080', fake.urls.url),
    ]);

    expect((await curl.exit).code).toBe(0);
    expect(JSON.parse(curl.stdout)).toMatchObject({ status: 'ready', ready: true });
  });

  it('have a command that sends a bundled recording with wscat', async () => {
    await using fake = await startMockServer();
    const port = await freePort();
    const serve = command('http-server').replace(' &', '').replace('8081', String(port));
    await using origin = new Program('sh', ['-c', `exec ${serve}`]);
    await reachable(port, origin);
    const connect = command('wscat')
      .replace('ws://127.0.0.1:8080', fake.urls.url.replace('http', 'ws'))
      .replace('8081', String(port));
    // wscat ends with its standard input, which stays open as in a terminal.
    await using wscat = new Program('sh', ['-c', `sleep 60 | ${connect}`]);
    await wscat.said(/"text":"please bring your passport and be here at nine","is_final":true/);

    expect(wscat.stdout).toContain('{"state":"listening"}');
  });
});

/** Resolves when something listens on a port: npx may have to fetch the program first. */
async function reachable(port: number, program: Program): Promise<void> {
  const url = `http://127.0.0.1:${port}/`;
  for (;;) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer !== undefined) {
      await answer.arrayBuffer();
      return;
    }
    // Rejects when the program has ended, which ends this loop; otherwise the time limit of the test does.
    await Promise.race([program.exit.then(() => Promise.reject(new Error(program.stderr))), pause()]);
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 100));
}
