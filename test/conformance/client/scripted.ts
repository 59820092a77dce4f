import { DEFAULT_EDITIONS } from '../../../src/protocol/editions.ts';
import { Room, roomOfRun } from '../../../src/conformance/wire-client/room.ts';
import { writeFile } from 'node:fs/promises';
import { startClientFake } from '../../../src/cli/conformance/client-fake.ts';
import type { ClientOptions } from '../../../src/conformance/client/play-client.ts';
import { realClock } from '../../../src/runtime/clock.ts';
import { folder, type Folder } from '../../support/programs/folder.ts';

export const TOKEN = 'the-token-of-this-client';

/** The beginning of every client: a socket to the fake, and `say` for reports. */
const BEGIN = `
import { writeSync } from 'node:fs';
import WebSocket from ${JSON.stringify(import.meta.resolve('ws'))};
const { UNDERSTUDY_URL: url, UNDERSTUDY_TOKEN: token, UNDERSTUDY_SCENARIO: scenario } = process.env;
const say = (report) => writeSync(3, JSON.stringify(report) + '\\n');
const connect = () => new WebSocket(url + '?token=' + encodeURIComponent(token));
`;

/** A client that sends start, waits for the state listening, and leaves. */
export const POLITE = `
const ws = connect();
say({ event: 'state', state: 'connecting' });
ws.on('open', () => ws.send('{"action":"start"}'));
ws.on('message', (data) => {
  const { state } = JSON.parse(String(data));
  if (state === undefined) return;
  say({ event: 'state', state });
  if (state === 'listening') ws.close(1000);
});
ws.on('error', ({ message }) => {
  say({ event: 'error', kind: 'other', message });
  process.exitCode = 1;
});
ws.on('close', (code) => say({ event: 'closed', code }));
`;

export interface Scripted extends AsyncDisposable {
  readonly options: ClientOptions;
}

let runs = 0;

/** Runs a client that is a script for Node.js with our fake. */
export async function scripted(source: string, more: Partial<ClientOptions> = {}): Promise<Scripted> {
  const files: Folder = await folder();
  const path = files.path('client.mjs');
  await writeFile(path, BEGIN + source);
  return {
    options: {
      command: process.execPath,
      args: [path],
      reportsOn: 'fd3',
      timeoutMs: 60_000,
      graceMs: 200,
      dialect: 'scriptix',
      editions: DEFAULT_EDITIONS,
      seed: 1,
      startFake: startClientFake,
      clock: realClock(),
      run: `test-${process.pid}-${(runs += 1)}`,
      environment: { PATH: process.env['PATH'] },
      token: TOKEN,
      audio: '/no/audio.wav',
      language: 'en',
      room: new Room(roomOfRun(1)),
      ...more,
    },
    [Symbol.asyncDispose]: () => files[Symbol.asyncDispose](),
  };
}
