import type { Argv } from 'yargs';

/** `understudy conformance …`: each command is loaded only when it is used. */
export function conformanceCommands(argv: Argv): Argv {
  return argv
    .command(
      'server',
      'Judge a server, with probes and generated sessions',
      async (command) => (await import('./server.ts')).conformanceServerFlags(command),
      async (given) => (await import('./server.ts')).conformanceServer(given),
    )
    .command(
      'client',
      'Judge a client: run it once for every scenario, or wait for one that you start',
      async (command) => (await import('./client.ts')).conformanceClientFlags(command),
      async (given) => (await import('./client.ts')).conformanceClient(given),
    )
    .command(
      'trace <file>',
      'Judge a recording: a trace, or what a browser saved',
      async (command) => (await import('./trace.ts')).conformanceTraceFlags(command),
      async (given) => (await import('./trace.ts')).conformanceTrace(given),
    )
    .command(
      'merge <files..>',
      'Put the reports of parts of a run together, or those of several subjects side by side',
      async (command) => (await import('./merge.ts')).mergeFlags(command),
      async (given) => (await import('./merge.ts')).conformanceMerge(given),
    )
    .command(
      'diff <a> <b>',
      'Compare two reports, or two sets of traces by their shape',
      async (command) => (await import('./diff.ts')).diffFlags(command),
      async (given) => (await import('./diff.ts')).diff(given),
    )
    .command(
      'list',
      'List the requirements for servers and clients, where they are written, and how they are checked',
      async (command) => (await import('./list.ts')).conformanceListFlags(command),
      async (given) => (await import('./list.ts')).conformanceList(given),
    )
    .demandCommand(1, 'Name a command: conformance server, client, trace, merge, diff or list.')
    .example('$0 conformance list', 'All requirements');
}
