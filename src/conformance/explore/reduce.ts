import { isFields, valueAt } from '../../runtime/json/fields.ts';
import type { ScenarioFile } from '../../scenario/schema/schema.ts';

type Client = Exclude<NonNullable<ScenarioFile['client']>, readonly unknown[]>;
type Session = NonNullable<Client['sessions']>[number];
type Step = NonNullable<Session['steps']>[number];

/**
 * Scenarios smaller than the given one, the boldest reductions first: without a connection, without a step, with two
 * steps of audio merged, without a parameter, with shorter audio. Shrinking misses these because it looks at one value
 * at a time.
 */
export function* smaller(file: ScenarioFile): Generator<ScenarioFile> {
  const sessions = sessionsOf(file);
  if (sessions.length > 1) {
    for (const i of sessions.keys()) yield withSessions(file, without(sessions, i));
  }
  for (const [i, session] of sessions.entries()) {
    for (const one of smallerSessions(session)) yield withSessions(file, replaced(sessions, i, one));
  }
}

/** The number of steps of a scenario's client. */
export function stepCountOf(file: ScenarioFile): number {
  return sessionsOf(file).reduce((sum, { steps = [] }) => sum + steps.length, 0);
}

function sessionsOf({ client }: ScenarioFile): readonly Session[] {
  if (client === undefined) return [];
  if (Array.isArray(client)) return [{ steps: client }];
  return client.sessions ?? [client];
}

function withSessions(file: ScenarioFile, sessions: readonly Session[]): ScenarioFile {
  return { ...file, client: { sessions: [...sessions] } };
}

function* smallerSessions(session: Session): Generator<Session> {
  const { steps = [], query = {} } = session;
  for (const i of steps.keys()) yield { ...session, steps: without(steps, i) };
  for (const i of steps.keys()) {
    const merged = mergedAudio(steps[i], steps[i + 1]);
    if (merged !== undefined) yield { ...session, steps: replaced(without(steps, i + 1), i, merged) };
  }
  for (const name of Object.keys(query)) {
    const rest = Object.entries(query).filter(([other]) => other !== name);
    yield { ...session, query: Object.fromEntries(rest) };
  }
  for (const [i, step] of steps.entries()) {
    const shorter = shorterAudio(step);
    if (shorter !== undefined) yield { ...session, steps: replaced(steps, i, shorter) };
  }
}

interface Audio {
  readonly file?: string;
  readonly silence?: true;
  readonly for?: string;
  readonly frame?: string;
}

function audioOf(step: Step | undefined): Audio | undefined {
  const audio = valueAt(step, ['audio']);
  return isFields(audio) ? audio : undefined;
}

function msOf(audio: Audio): number {
  return Number(/^(\d+)ms$/.exec(audio.for ?? '')?.[1] ?? 0);
}

/** Longer than a step of generated audio, because several steps may be merged. */
const LONGEST_MERGED_MS = 60_000;

function mergedAudio(one: Step | undefined, next: Step | undefined): Step | undefined {
  const [a, b] = [audioOf(one), audioOf(next)];
  if (a === undefined || b === undefined || a.silence !== b.silence) return undefined;
  const ms = msOf(a) + msOf(b);
  return ms > LONGEST_MERGED_MS ? undefined : { audio: { ...a, for: `${ms}ms` } };
}

function shorterAudio(step: Step): Step | undefined {
  const audio = audioOf(step);
  if (audio === undefined) return undefined;
  const ms = msOf(audio);
  if (audio.frame !== undefined && audio.frame !== '100ms') return { audio: { ...audio, frame: '100ms' } };
  return ms < 1000 ? undefined : { audio: { ...audio, for: `${Math.floor(ms / 1000) * 500}ms` } };
}

function without<T>(list: readonly T[], at: number): T[] {
  return list.filter((_, i) => i !== at);
}

function replaced<T>(list: readonly T[], at: number, value: T): T[] {
  return list.map((each, i) => (i === at ? value : each));
}
