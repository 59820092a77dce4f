import { expect, it } from 'vitest';
import { writeFile } from 'node:fs/promises';
import type { ServerEvent } from '../../../src/mock-server/events.ts';
import { startMockServer } from '../../../src/mock-server/server.ts';
import { connect } from '../../support/clients/client.ts';
import { silence, wav } from '../../support/audio.ts';
import { folder } from '../../support/programs/folder.ts';
import { microphoneUrl } from '../../support/scriptix/scriptix.ts';

// Only the recogniser used to count what a session did. If a recording or a script sent the results instead, a session was
// reported with "0.0 s of audio" and no results.

const TEXT = `dialect: scriptix
summary: Says by itself what it says
server:
  - await: start
  - raw: { text: '{"text":"one","is_final":true,"offset_ms":0,"words":[]}' }
  - await: { for: audio, bytes: 16000 }
  - raw: { text: '{"text":"two","is_final":false,"offset_ms":0,"stability":0.5}' }
  - await: stop
  - close: {}
`;

it.each([
  ['raw samples', silence(500)],
  ['a file of 8 kHz', wav(silence(1000, 8000), { sampleRate: 8000 })],
])('the session of a script counts its results and its audio (%s)', async (name, audio) => {
  await using own = await folder();
  const path = own.path('script.yaml');
  await writeFile(path, TEXT);
  const events: ServerEvent[] = [];
  await using fake = await startMockServer({ scenario: path, onEvent: (event) => events.push(event) });
  await using client = connect(microphoneUrl(fake));
  await client.open;
  client.send({ action: 'start' });
  client.send(audio);
  client.send({ action: 'stop' });
  await client.closed;
  const audioMs = name === 'raw samples' ? 500 : 1000;

  await expect.poll(() => events.at(-1)).toMatchObject({ event: 'session-close', results: 2, audioMs });
});
