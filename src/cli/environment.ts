import { closest, suggestion } from '../runtime/text/closest.ts';

/** What is needed here of a flag. */
interface InEnvironment {
  readonly env?: string | undefined;
}

const OURS = 'UNDERSTUDY_';

/**
 * Variables of other commands: credentials of the runner, values for the programs that it starts, and those of tests.
 */
export const OTHERS: readonly string[] = [
  ...['TOKEN', 'ADMIN_TOKEN', 'USER_TOKEN', 'BAD_TOKEN'],
  ...['URL', 'BASE_URL', 'API_URL', 'AUDIO', 'LANGUAGE', 'STREAM_URL', 'SCENARIO', 'RUN'],
  'CLI',
].map((name) => OURS + name);

/** The variables that Docker and Kubernetes set in each container for a service called understudy. */
const SERVICE_LINK = /^UNDERSTUDY_(?:NAME|SERVICE_(?:HOST|PORT\w*)|PORT_\d+_\w+)$/;

/** Whether a value is an address that Docker and Kubernetes put into UNDERSTUDY_PORT for such a service. */
export function isServiceLink(value: string): boolean {
  return /^(?:tcp|udp|sctp):\/\//.test(value);
}

/** Lets the environment set each flag: `--max-frame` is UNDERSTUDY_MAX_FRAME. */
export function inEnvironment<All extends Readonly<Record<string, InEnvironment>>>(flags: All): All {
  return Object.fromEntries(
    Object.entries(flags).map(([name, flag]) => [
      name,
      { ...flag, env: flag.env ?? OURS + name.toUpperCase().replaceAll('-', '_') },
    ]),
  ) as All;
}

/** A sentence at the end of the help of each command that connects to others. */
export const TRUST_TOLD =
  'Over TLS, the certificates of Node.js and of this machine are trusted. SSL_CERT_FILE names a file (PEM) in place of the latter, NODE_EXTRA_CA_CERTS one of more.';

/** A sentence at the end of the help of a command that does so. */
export const ENVIRONMENT_TOLD =
  'Each flag can also be set by a variable, such as UNDERSTUDY_PORT for --port; several values are separated by commas.';

/** A sentence about each variable that looks as if it were meant for this command, but has no effect. */
export function strangers(
  flags: Readonly<Record<string, InEnvironment>>,
  environment: NodeJS.ProcessEnv,
): readonly string[] {
  const known = Object.values(flags).flatMap(({ env }) => env ?? []);
  return Object.keys(environment)
    .filter((name) => name.startsWith(OURS) && !SERVICE_LINK.test(name))
    .filter((name) => !known.includes(name) && !OTHERS.includes(name))
    .map((name) => {
      const meant = closest(
        name.slice(OURS.length),
        known.map((each) => each.slice(OURS.length)),
      );
      const hint = suggestion(meant && `${OURS}${meant}`) ?? '';
      return `${name} is not a setting of this command${hint}`;
    });
}
