import { readFileSync, statSync } from 'node:fs';
import { extname } from 'node:path';
import { openSounds } from '../../conformance/player/sounds.ts';
import { spokenMaterial, materialOf, type Material } from '../../load/material.ts';
import { recordedMaterial } from '../../load/recorded.ts';
import type { SocketDialect } from '../../protocol/dialects.ts';
import { unreadable, UserError } from '../../runtime/errors.ts';
import { utf8Of } from '../../runtime/text/utf8.ts';
import { readFileAs } from '../../scenario/catalog.ts';
import { clientScriptOf } from '../../scenario/client-script.ts';
import { readTrace } from '../../wire/trace-file.ts';

const LONGEST_TRACE = 256 * 2 ** 20;
const USUAL_HOLD_MS = 10_000;
/** A longer session would no longer be a session. */
export const LONGEST_HOLD_MS = 24 * 3_600_000;

/** The flags that decide what a session sends. */
export interface Wanted {
  readonly dialect: SocketDialect;
  readonly holdMs: number | undefined;
  readonly from: string | undefined;
  readonly audio: string | undefined;
}

/** What every session of a load sends. @throws UserError */
export async function loadMaterial({ dialect, holdMs, from, audio }: Wanted): Promise<Material> {
  const sounds = openSounds(audio);
  if (from === undefined) return spokenMaterial(dialect, holdMs ?? USUAL_HOLD_MS, sounds);
  if (holdMs !== undefined)
    throw new UserError('not with --from: a session lasts as long as what it is made from', { flag: 'hold' });
  const ending = extname(from).toLowerCase();
  const material =
    ending === '.ndjson'
      ? recordedMaterial(readTrace(traceText(from), from).events, dialect, sounds, from)
      : ending === '.yaml' || ending === '.yml'
        ? await ofScenario(from, dialect, audio)
        : undefined;
  if (material === undefined)
    throw new UserError('expected a trace (.ndjson) or a scenario (.yaml)', { flag: 'from', file: from });
  if (material.holdMs < 1 || material.holdMs > LONGEST_HOLD_MS)
    throw new UserError(`a session of it lasts ${material.holdMs} ms, expected 1 ms to a day`, {
      flag: 'from',
      file: from,
    });
  return material;
}

async function ofScenario(
  path: string,
  dialect: SocketDialect,
  audio: string | undefined,
): Promise<Material> {
  const scenario = await readFileAs(path);
  if (scenario.file.dialect !== dialect) {
    throw new UserError(`it is for ${scenario.file.dialect}, and the load is on ${dialect}`, {
      flag: 'from',
      file: path,
    });
  }
  const { sessions } = clientScriptOf(scenario);
  const [session, ...others] = sessions;
  if (session === undefined || others.length > 0) {
    throw new UserError(`its client has ${sessions.length} sessions, expected one`, {
      flag: 'from',
      file: path,
    });
  }
  return materialOf(session, openSounds(audio));
}

function traceText(path: string): string {
  try {
    const { size } = statSync(path);
    if (size > LONGEST_TRACE)
      throw new UserError(`it has ${size} bytes; at most ${LONGEST_TRACE} are read`, { file: path });
    return utf8Of(readFileSync(path), path);
  } catch (error) {
    throw unreadable(path, error, { flag: 'from' });
  }
}
