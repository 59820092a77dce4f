import { createHash } from 'node:crypto';
import { version } from '../../runtime/version.ts';
import type { ReadOptions } from '../options.ts';

/** What all replicas have to be started with alike, as digests: some are secrets. */
export function configOf(options: ReadOptions): string {
  const { keys, controlToken = '', editions, scenario, seed, speed, clock, service, speakers } = options;
  const alike = { keys, controlToken, editions, scenario, seed, speed, clock, service, speakers };
  const digests = Object.entries({ version: version(), ...alike }).map(([name, value]) => [
    name,
    createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, DIGEST_CHARACTERS),
  ]);
  return JSON.stringify(Object.fromEntries(digests));
}

/** Few enough that nobody finds a secret by trying, and enough to see that two differ. */
const DIGEST_CHARACTERS = 4;

/** The options that differ. */
export function differences(own: string, other: string): readonly string[] {
  const [a, b] = [own, other].map((text) => JSON.parse(text) as Readonly<Record<string, string>>);
  return Object.keys({ ...a, ...b }).filter((name) => a?.[name] !== b?.[name]);
}
