import { messageOf, UserError } from '../runtime/errors.ts';
import { visibleLines, withoutCommands } from '../runtime/text/plain.ts';
import { plainFlags } from './start/plain-flags.ts';
import { FLAGS, serve } from './serve.ts';
import { OWN_FAULT, say } from './terminal.ts';

export { outliveReaders } from './terminal.ts';

/** Wrong usage, a wrong file, or a port that is not available. */
const USAGE_ERROR = 2;

/** Runs the command that these arguments name, and leaves the exit code in `process.exitCode`. */
export async function runCommand(args: readonly string[]): Promise<void> {
  try {
    const [command, ...flags] = args;
    const given = command === 'serve' ? plainFlags(flags, FLAGS) : undefined;
    // A fake is started thousands of times, nearly always in the same way.
    if (given !== undefined) await serve(given);
    else await (await import('./start/parser.ts')).parse(args);
  } catch (error) {
    const wrongUse = error instanceof UserError || (error instanceof Error && error.name === 'YError');
    const text = wrongUse || !(error instanceof Error) ? messageOf(error) : (error.stack ?? error.message);
    // It may repeat what was given, which must not become a command to the runner of a job in whose log it appears.
    say(withoutCommands(visibleLines(text).join('\n')));
    process.exitCode = wrongUse ? USAGE_ERROR : OWN_FAULT;
  }
}
