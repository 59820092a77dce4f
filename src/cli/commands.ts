import { tellFailure } from './failure.ts';
import { plainFlags } from './start/plain-flags.ts';
import { FLAGS, serve } from './serve/serve.ts';

export { nameOwnFaults } from './failure.ts';
export { outliveReaders } from './terminal.ts';

/** Runs the command that these arguments name, and leaves the exit code in `process.exitCode`. */
export async function runCommand(args: readonly string[]): Promise<void> {
  try {
    const [command, ...flags] = args;
    const given = command === 'serve' ? plainFlags(flags, FLAGS) : undefined;
    // A fake is started thousands of times, nearly always in the same way.
    if (given !== undefined) await serve(given);
    else await (await import('./start/parser.ts')).parse(args);
  } catch (error) {
    process.exitCode = tellFailure(error);
  }
}
