import { createRequire } from 'node:module';
import type { Argv } from 'yargs';
import { closest } from '../../runtime/text/closest.ts';
import { UserError } from '../../runtime/errors.ts';
import { serveCommand } from '../serve/serve.ts';
import { listColumns } from '../terminal.ts';
import { version } from '../../runtime/version.ts';
import { withStandardInput } from './standard-input.ts';

/** The maximum width of a help text. In fewer than 60 columns, yargs has to cut words. */
const WIDEST_HELP = 120;
const NARROWEST_HELP = 60;

// The same yargs in one file instead of thirty takes a quarter of the time to load, and every start waits for it. That
// file has no types of its own.
const yargs = createRequire(import.meta.url)('yargs') as (args: readonly string[]) => Argv;

/**
 * Reads a command line with yargs, and runs its command.
 *
 * @throws UserError and YError for wrong usage
 */
export async function parse(args: readonly string[]): Promise<void> {
  const cli = yargs(withStandardInput(args));
  await cli
    .scriptName('understudy')
    .usage('$0 <command>\n\nA stand-in for the Scriptix and Reson8 realtime speech-to-text services.')
    .command(serveCommand)
    .command(
      'demo',
      'Stream a recording to both fakes, watch partials turn into finals, and judge both',
      (argv) => argv.example('$0 demo', 'Takes about a minute'),
      // Loaded only when used, since it brings a client and a decoder.
      async () => (await import('../demo/demo.ts')).demo(),
    )
    .command('scenario', 'Check and show scenario files: validate, list, show, schema', async (argv) =>
      // It reads files with a schema that takes a while to load.
      (await import('../scenario.ts')).scenarioCommands(argv),
    )
    .command(
      'record',
      'Pass connections on to a service and record them',
      async (argv) => (await import('../record.ts')).recordFlags(argv),
      async (given) => (await import('../record.ts')).record(given),
    )
    .command(
      'load',
      'Speak to a service in many sessions at once, and measure it: load, load merge',
      async (argv) => (await import('../load/commands.ts')).loadCommands(argv),
    )
    .command('recordings', 'Recordings whose words the fake knows: add, list', async (argv) =>
      (await import('../recordings.ts')).recordingsCommands(argv),
    )
    .command(
      'convert <from> <to>',
      'Turn traces into scenarios and HAR files, and HAR files into traces',
      async (argv) => (await import('../convert.ts')).convertFlags(argv),
      async (given) => (await import('../convert.ts')).convert(given),
    )
    .command(
      'conformance',
      'Judge servers, clients and recordings: server, client, trace, merge, diff, list',
      async (argv) =>
        // Its commands bring the runner.
        (await import('../conformance/commands.ts')).conformanceCommands(argv),
    )
    .demandCommand(
      1,
      'Name a command: serve, demo, scenario, record, load, recordings, convert or conformance.',
    )
    .strict()
    .recommendCommands()
    .version(version())
    .help()
    .locale('en')
    .updateStrings({ 'Not enough arguments following: %s': '--%s: expected a value' })
    .wrap(helpColumns())
    .exitProcess(false)
    .parserConfiguration({ 'camel-case-expansion': false })
    .check(() => refuseValues(cli, args))
    .example('$0 demo', 'See it work')
    .example('$0 serve', 'Start the fake on port 8080')
    .fail((message: string | null, error: Error | undefined) => refuse(message, error, cli, args))
    .parseAsync();
}

/** The commands that were named, such as `conformance` and `diff`; the full ones with what they take: `diff <a> <b>`. */
interface Context {
  readonly commands: readonly string[];
  readonly fullCommands: readonly string[];
}

/** Reports what yargs cannot read, and what may have been meant. */
function refuse(
  message: string | null,
  error: Error | undefined,
  parser: Argv,
  args: readonly string[],
): never {
  if (error instanceof Error) throw error;
  const known = knownFlags(parser);
  const unknown = givenFlags(parser).find((flag) => !known.includes(flag));
  const meant = unknown === undefined ? undefined : closest(unknown, known);
  const hint = meant === undefined ? '' : `\nDid you mean --${meant}?`;
  // What yargs was reading when it failed; its types do not have this either.
  const { commands, fullCommands } = (
    parser as Argv & { getInternalMethods: () => { getContext: () => Context } }
  )
    .getInternalMethods()
    .getContext();
  const what = /^Not enough non-option arguments/.test(message ?? '')
    ? `Expected: ${['understudy', ...commands.slice(0, -1), ...fullCommands.slice(-1)].join(' ')}`
    : /^Did you mean/.test(message ?? '')
      ? `Unknown command: ${unknownCommand(parser, commands.length)}\n${message}`
      : asTyped(message ?? 'Wrong usage', args);
  throw new UserError(`${what}${hint}\nTry: ${['understudy', ...commands].join(' ')} --help`);
}

/** The word after this many commands, which is none of those that can follow them. */
function unknownCommand(parser: Argv, after: number): string {
  // The same is true of this.
  const { parsed } = parser as Argv & { parsed: false | { argv: { readonly _: readonly unknown[] } } };
  return parsed === false ? '' : String(parsed.argv._[after] ?? '');
}

/** yargs treats any value given to a flag without a value as false: `--tls=yes` would turn it off. */
function refuseValues(parser: Argv, args: readonly string[]): true {
  // See knownFlags().
  const { boolean } = (parser as Argv & { getOptions: () => { boolean: readonly string[] } }).getOptions();
  const end = args.indexOf('--');
  for (const each of end < 0 ? args : args.slice(0, end)) {
    const [, flag = '', name = '', value = ''] = /^(--(?:no-)?([^=]+))=(.*)$/s.exec(each) ?? [];
    if (boolean.includes(name) && value !== 'true' && value !== 'false')
      throw new UserError(`${flag}: expected true, false or no value, got "${value}"`);
  }
  return true;
}

/** yargs names an unknown flag without its dashes, and `--no-page` as `page`. */
function asTyped(message: string, args: readonly string[]): string {
  const [, head = message, names = ''] = /^(Unknown arguments?: )(.*)$/.exec(message) ?? [];
  const typed = args.map((each) => each.split('=', 1)[0]);
  const shown = names.split(', ').map((name) => {
    return [`--${name}`, `--no-${name}`, `-${name}`].find((flag) => typed.includes(flag)) ?? name;
  });
  return `${head}${shown.join(', ')}`;
}

/** The width of a help text; null, for one line per flag, if it is piped into another program. */
function helpColumns(): number | null {
  const columns = listColumns(WIDEST_HELP);
  return Number.isFinite(columns) ? Math.max(NARROWEST_HELP, columns) : null;
}

function knownFlags(parser: Argv): readonly string[] {
  // getOptions() is public in yargs and missing in its types.
  const { key } = (parser as Argv & { getOptions: () => { key: Record<string, unknown> } }).getOptions();
  return Object.keys(key);
}

/** The flags that were given, known or not. */
function givenFlags(parser: Argv): readonly string[] {
  // The same is true of this.
  const { parsed } = parser as Argv & { parsed: false | { argv: Record<string, unknown> } };
  return parsed === false ? [] : Object.keys(parsed.argv).filter((name) => name !== '_' && name !== '$0');
}
