import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FAKE } from '../servers/start.ts';
import { aimockFixtures, MOCKTTP_PROGRAM, mockoonEnvironment, pushScenario } from './given.ts';
import { binOf } from './install.ts';
import type { PeerName } from './packages.ts';
import { ASKS_FOR_PUSHES } from './pushes.ts';
import type { Cannot, Talk } from './talk.ts';

export type SubjectName = 'bare' | 'understudy' | PeerName;

/** The measurement that a server is started for. */
export type Purpose = 'replies' | 'pushes';

/** A server that is compared with the others, and how to talk to it. */
export interface Subject {
  readonly name: SubjectName;
  /** Writes the program's input to the folder that a peer was installed in, or to an empty one. */
  write(folder: string): void;
  /** The program and its arguments. */
  command(folder: string, port: number, purpose: Purpose): readonly string[];
  readonly replies: Talk;
  readonly pushes: Talk | Cannot;
}

const RESON8 = { path: '/v1/speech-to-text/realtime', headers: { authorization: 'ApiKey bench' } };
const AIMOCK = { path: '/v1/realtime?model=gpt-realtime' };

const bare: Subject = {
  name: 'bare',
  write: () => undefined,
  command: (_folder, port) => [fileURLToPath(new URL('./bare.js', import.meta.url)), String(port)],
  replies: { path: '/', send: ['hello'], counts: 'hello' },
  pushes: { path: '/', send: [ASKS_FOR_PUSHES], counts: 'transcript' },
};

const understudy: Subject = {
  name: 'understudy',
  write: (folder) => writeFileSync(join(folder, 'pushes.json'), JSON.stringify(pushScenario())),
  command: (folder, port, purpose) => [
    ...[FAKE, 'serve', '--port', String(port)],
    ...(purpose === 'pushes' ? ['--scenario', join(folder, 'pushes.json')] : []),
  ],
  replies: { ...RESON8, send: ['{"type":"flush_request","id":"1"}'], counts: 'flush_confirmation' },
  pushes: { ...RESON8, send: [], counts: 'transcript' },
};

const aimock: Subject = {
  name: 'aimock',
  write: (folder) => writeFileSync(join(folder, 'fixtures.json'), JSON.stringify(aimockFixtures())),
  command: (folder, port) => [
    ...[binOf(folder, 'aimock', 'llmock'), '--port', String(port), '--host', '127.0.0.1'],
    ...['--fixtures', join(folder, 'fixtures.json')],
  ],
  replies: { ...AIMOCK, send: ['{"type":"input_audio_buffer.clear"}'], counts: 'input_audio_buffer.cleared' },
  pushes: {
    ...AIMOCK,
    send: [
      JSON.stringify({
        type: 'conversation.item.create',
        item: { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'push' }] },
      }),
      '{"type":"response.create"}',
    ],
    counts: 'response.output_text.delta',
  },
};

const mockoon: Subject = {
  name: 'mockoon',
  write: (folder) => writeFileSync(join(folder, 'mock.json'), JSON.stringify(mockoonEnvironment())),
  command: (folder, port) => [
    ...[binOf(folder, 'mockoon', 'mockoon-cli'), 'start', '--data', join(folder, 'mock.json')],
    ...['--port', String(port), '--hostname', '127.0.0.1', '--disable-log-to-file'],
  ],
  replies: { path: '/replies', send: ['hello'], counts: 'hello' },
  pushes: { path: '/pushes', send: [], counts: 'transcript' },
};

const mockttp: Subject = {
  name: 'mockttp',
  write: (folder) => writeFileSync(join(folder, 'echo.mjs'), MOCKTTP_PROGRAM),
  command: (folder, port) => [join(folder, 'echo.mjs'), String(port)],
  replies: { path: '/', send: ['hello'], counts: 'hello' },
  pushes: {
    why: 'its rules for WebSockets echo, listen, pass on, refuse, close or hang, and none sends by itself (WebSocketRuleBuilder)',
  },
};

/** The yardstick first, then ours, then the others. */
export const SUBJECTS: readonly Subject[] = [bare, understudy, aimock, mockoon, mockttp];
