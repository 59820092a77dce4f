import type { Argv } from 'yargs';

/** `understudy conformance …`: each command is loaded by those who want it. */
export function conformanceCommands(argv: Argv): Argv {
  return argv
    .command(
      'list',
      'List what is asked of servers and clients, where it is written, and how it is checked',
      async (command) => (await import('./conformance-list.ts')).conformanceListFlags(command),
      async (given) => (await import('./conformance-list.ts')).conformanceList(given),
    )
    .demandCommand(1, 'Name a command: conformance list.')
    .example('$0 conformance list', 'Everything that is asked');
}
