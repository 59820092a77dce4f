/**
 * Stands for standard input among the paths of a command. It is not `-`, since yargs drops that from a list of paths.
 */
export const STANDARD_INPUT = '<standard input>';

/** The arguments, with `-` as a path of `scenario validate` replaced by something that yargs keeps. */
export function withStandardInput(args: readonly string[]): readonly string[] {
  const [command, name] = args;
  if (command !== 'scenario' || name !== 'validate') return args;
  return args.map((arg) => (arg === '-' ? STANDARD_INPUT : arg));
}
