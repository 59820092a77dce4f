import { PassThrough } from 'node:stream';
import { UserError } from './errors.ts';
import { setImmediate } from './real-time.ts';

/**
 * What a test has done to Node.js so that nothing moves in it, if it has: without `process.nextTick` no stream and no
 * socket works, those of Node.js itself included. Jest puts another in the place of a copy only, which does no harm.
 */
async function isFrozen(): Promise<boolean> {
  const nextTick: unknown = Reflect.get(process, 'nextTick');
  if (typeof nextTick !== 'function' || !('clock' in nextTick)) return false;
  let isFrozen = true;
  new PassThrough().once('close', () => (isFrozen = false)).destroy();
  // What streams tell is told before this.
  await new Promise((resolve) => setImmediate(resolve));
  return isFrozen;
}

/** Says so, and what to do; an empty text when all is well. */
export async function frozenHint(): Promise<string> {
  return (await isFrozen())
    ? 'process.nextTick is faked, and without it no socket of Node.js works: name what your fake timers are to fake, such as { toFake: ["setTimeout", "setInterval", "Date"] }'
    : '';
}

/** @throws UserError in the name of `what` */
export async function refuseFrozen(what: string): Promise<void> {
  const hint = await frozenHint();
  if (hint !== '') throw new UserError(`${what}: ${hint}`);
}
