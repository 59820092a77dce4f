import { openSounds } from '../../../src/conformance/player/sounds.ts';
import type { Target } from '../../../src/conformance/player/target.ts';
import { DEFAULT_EDITIONS } from '../../../src/protocol/editions.ts';
import { Room, roomOfRun } from '../../../src/conformance/wire-client/room.ts';
import { realClock } from '../../../src/runtime/clock.ts';
import { newRedactor } from '../../../src/wire/redact/redact.ts';

/** What plays need besides a scenario, for a server at this origin, at full speed. */
export function targetAt(url: string, given: Partial<Target> = {}): Target {
  return {
    url,
    apiUrl: url.replace(/^ws/, 'http'),
    editions: DEFAULT_EDITIONS,
    credentials: { valid: 'right-key', user: 'user-key', invalid: 'invalid-key' },
    sounds: openSounds(),
    streamSource: undefined,
    pace: 100,
    clock: realClock(),
    redactor: newRedactor(),
    room: new Room(roomOfRun(1)),
    establishMs: 2000,
    controlMs: 2000,
    form: undefined,
    ...given,
  };
}
