#!/usr/bin/env node
import yargs from 'yargs';
import { messageOf, UserError } from '../runtime/errors.ts';
import { demoCommand } from './demo.ts';
import { serveCommand } from './serve.ts';
import { oneLine, say } from './terminal.ts';
import { version } from './version.ts';

/** Wrong usage, a wrong file, a port that cannot be had. */
const USAGE_ERROR = 2;
/** A fault of ours. */
const OWN_FAULT = 5;

try {
  await yargs(process.argv.slice(2))
    .scriptName('understudy')
    .usage('$0 <command>\n\nA stand-in for the Scriptix and Reson8 realtime speech-to-text services.')
    .command(serveCommand)
    .command(demoCommand)
    .demandCommand(1, 'Name a command: serve or demo.')
    .strict()
    .recommendCommands()
    .version(version())
    .help()
    .locale('en')
    // Its wrapping cuts words in the middle; terminals do better.
    .wrap(null)
    .exitProcess(false)
    .fail((message: string | null, error: Error | undefined) => {
      throw error instanceof Error
        ? error
        : new UserError(`${message ?? 'Wrong usage'}\nTry: understudy --help`);
    })
    .parseAsync();
} catch (error) {
  const wrongUse = error instanceof UserError || (error instanceof Error && error.name === 'YError');
  const text = wrongUse || !(error instanceof Error) ? messageOf(error) : (error.stack ?? error.message);
  say(text.split('\n').map(oneLine).join('\n'));
  process.exitCode = wrongUse ? USAGE_ERROR : OWN_FAULT;
}
