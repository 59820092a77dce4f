import type { SocketDialect } from '../protocol/dialects.ts';
import { dialectOfPath, isSocket } from '../protocol/dialects.ts';
import { UserError } from '../runtime/errors.ts';
import type { TraceEvent } from '../wire/trace.ts';
import { BYTES_PER_MS, type Sounds } from '../conformance/player/sounds.ts';
import { cut, FRAME_MS, PLAIN, SPEECH, type Material, type Sent } from './material.ts';

/** Parameters that hold a credential, or what a recording has in place of a URL that did. */
const SECRET = /token|key|secret|signature|^url$/i;

/**
 * What the client of a recording sent, at the times at which it did. Audio whose bytes were not kept is replaced by as
 * much of the bundled speech.
 *
 * @throws UserError for a recording without a session of the dialect
 */
export function recordedMaterial(
  events: readonly TraceEvent[],
  dialect: SocketDialect,
  sounds: Sounds,
  file: string,
): Material {
  const request = events.find((event) => {
    if (event.kind !== 'request') return false;
    const at = dialectOfPath(event.target.split('?', 1)[0] ?? '');
    return at === dialect && isSocket(at);
  });
  if (request?.kind !== 'request') {
    throw new UserError(`there is no session of ${dialect} in it`, { flag: 'from', file });
  }
  const own = events.filter(({ session }) => session === request.session);
  const open = own.find((event) => event.kind === 'response');
  const beganMs = open?.atMs ?? request.atMs;
  const { pcm } = sounds.sound(SPEECH);
  const sends: Sent[] = [];
  let at = 0;
  for (const event of own) {
    const atMs = Math.max(0, event.atMs - beganMs);
    if (event.kind === 'text' && event.from === 'client') sends.push({ atMs, what: event.text });
    if (event.kind !== 'binary' || event.from !== 'client') continue;
    if (event.base64 !== undefined) {
      sends.push({ atMs, what: Buffer.from(event.base64, 'base64') });
      continue;
    }
    const { frameCount = 1, byteCount } = event;
    for (let i = 0; i < frameCount; i++) {
      const to = at + (Math.floor(byteCount / frameCount / 2) * 2 || 2);
      sends.push({ atMs: atMs + i * FRAME_MS, what: cut(pcm, at, to) });
      at = to;
    }
  }
  sends.sort((a, b) => a.atMs - b.atMs);
  const last = own.reduce((most, event) => Math.max(most, event.atMs), 0) - beganMs;
  const query = new URLSearchParams(request.target.slice(request.target.indexOf('?') + 1));
  const kept = [...query].filter(([name]) => !SECRET.test(name) && request.target.includes('?'));
  return {
    session: { ...PLAIN, query: Object.fromEntries(kept), steps: [] },
    sends,
    holdMs: Math.max(last, sends.at(-1)?.atMs ?? 0, at / BYTES_PER_MS),
    hasSpeech: false,
  };
}
