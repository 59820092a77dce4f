import { messageOf, UserError } from '../runtime/errors.ts';
import { visibleLines, withoutCommands } from '../runtime/text/plain.ts';
import { OWN_FAULT, say } from './terminal.ts';

/** Wrong usage, a wrong file, or a port that is not available. */
const USAGE_ERROR = 2;
/** With which Node.js ends a program that waits for something that nothing brings about any more. */
const UNSETTLED = 13;

/** Prints why a command failed, with the stack of a fault of ours. Returns its exit code. */
export function tellFailure(error: unknown): number {
  const wrongUse = error instanceof UserError || (error instanceof Error && error.name === 'YError');
  const text = wrongUse || !(error instanceof Error) ? messageOf(error) : (error.stack ?? error.message);
  // It may repeat what was given, which must not become a command to the runner of a job in whose log it appears.
  say(withoutCommands(visibleLines(text).join('\n')));
  return wrongUse ? USAGE_ERROR : OWN_FAULT;
}

/**
 * Gives errors that nothing catches the exit code of what they are. Node.js would exit with 1 or 13, and 1 is a
 * verdict: a service would be blamed for a fault of ours.
 */
export function nameOwnFaults(): void {
  process.on('uncaughtException', (error: unknown) => process.exit(tellFailure(error)));
  process.once('exit', (code) => {
    // Some versions of Node.js set it in a listener of their own, after they have passed the code to this one.
    if (code === UNSETTLED || process.exitCode === UNSETTLED) process.exitCode = OWN_FAULT;
  });
}
