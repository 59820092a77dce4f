import { PassThrough } from 'node:stream';
import { UserError } from './errors.ts';
import { areTimersReal, setImmediate } from './real-time.ts';

/**
 * Describes what a test has done to Node.js that stops everything in it: without `process.nextTick` no stream and no
 * socket works, including those of Node.js itself. Jest replaces it only in a copy, which does no harm.
 */
async function isFrozen(): Promise<boolean> {
  const nextTick: unknown = Reflect.get(process, 'nextTick');
  if (typeof nextTick !== 'function' || !('clock' in nextTick)) return false;
  let isFrozen = true;
  new PassThrough().once('close', () => (isFrozen = false)).destroy();
  // Events of streams are emitted before this.
  await new Promise((resolve) => setImmediate(resolve));
  return isFrozen;
}

/** Describes the problem and what to do; an empty text if there is none. */
export async function frozenHint(): Promise<string> {
  if (!areTimersReal)
    return 'this was imported while the mock timers of node:test were enabled, so it has no real ones: import it before mock.timers.enable()';
  return (await isFrozen())
    ? 'process.nextTick is faked, and without it no socket of Node.js works: list what your fake timers should fake, such as { toFake: ["setTimeout", "setInterval", "Date"] }'
    : '';
}

/** @param command the function that cannot work then. @throws UserError */
export async function refuseFrozen(command: string): Promise<void> {
  const hint = await frozenHint();
  if (hint !== '') throw new UserError(hint, { command });
}
