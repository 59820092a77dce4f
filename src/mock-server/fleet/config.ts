import { createHash } from 'node:crypto';
import { version } from '../../runtime/version.ts';
import type { ReadOptions } from '../options.ts';

/** The options that must be the same for all replicas, as digests, since some are secrets. */
export function configOf(options: ReadOptions): string {
  const { keys, controlToken = '', editions, scenario, seed, speed, clock, service, speakers } = options;
  const alike = { keys, controlToken, editions, scenario, seed, speed, clock, service, speakers };
  const digests = Object.entries({ version: version(), ...alike }).map(([name, value]) => [
    name,
    createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, DIGEST_CHARACTERS),
  ]);
  return JSON.stringify(Object.fromEntries(digests));
}

/** Too short to find a secret by trying, but long enough to show that two differ. */
const DIGEST_CHARACTERS = 4;

/** The options that differ. */
export function differences(own: string, other: string): readonly string[] {
  const [a, b] = [own, other].map((text) => JSON.parse(text) as Readonly<Record<string, string>>);
  return Object.keys({ ...a, ...b }).filter((name) => a?.[name] !== b?.[name]);
}
