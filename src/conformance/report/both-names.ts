/**
 * How a sentence names an option, for users of the command line and of the library: a run does not know which of them
 * it has, and a report may be read by others.
 */
export function bothNames(flag: string, option: string): string {
  return `${flag} (${option} in the library)`;
}
