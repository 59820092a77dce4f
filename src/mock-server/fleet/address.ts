import { get, type Server } from 'node:http';
import { networkInterfaces } from 'node:os';
import type { Clock } from '../../runtime/clock.ts';
import { codeOf, UserError } from '../../runtime/errors.ts';
import { listen } from '../start/listen.ts';
import type { StateAddress } from './client.ts';
import { pathOfSign } from './questions.ts';

/** How long it may take to be reached by oneself, in real time. */
const REACH_MS = 5000;

/**
 * Lets a replica listen to the others. Returns where they reach it, `http://host:port`.
 *
 * @param host what the replica listens on
 * @throws UserError for a port that is in use
 */
export async function listenToOthers(
  server: Server,
  host: string,
  given: StateAddress | undefined,
): Promise<string> {
  let port: number;
  try {
    port = await listen(server, given?.port ?? 0, host);
  } catch (error) {
    const isPort = error instanceof UserError && error.mistakes.some(({ option }) => option === 'port');
    if (given === undefined || !isPort) throw error;
    throw mistake(
      given,
      'the port is in use, or may not be listened on; without a port, a free one is taken',
    );
  }
  const own = given?.host ?? (['0.0.0.0', '::'].includes(host) ? (outside() ?? '127.0.0.1') : host);
  return `http://${own.includes(':') ? `[${own}]` : own}:${port}`;
}

/**
 * Asks a replica at the address at which the others are to reach it.
 *
 * @param sign that of the replica
 * @throws UserError if nothing answers there, or something else
 */
export async function refuseUnreachable(
  wall: Clock,
  given: StateAddress,
  address: string,
  sign: string,
): Promise<void> {
  const failure = await new Promise<string | undefined>((resolve) => {
    const asked = get(new URL(pathOfSign(sign), address), { agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 204 ? undefined : 'another server answers there');
    });
    const cancel = wall.at(wall.now() + REACH_MS, () => asked.destroy(new Error('no answer')));
    asked.on('error', (error) => resolve(codeOf(error) ?? error.message));
    asked.on('close', cancel);
  });
  if (failure === undefined) return;
  const what = `this replica is not reached there (${failure}); expected the name or address at which the others reach it, and a --host that it listens on`;
  throw mistake(given, what);
}

function mistake({ host, port }: StateAddress, what: string): UserError {
  const shown = host.includes(':') && port > 0 ? `[${host}]` : host;
  return new UserError(what, { option: 'stateAddress', value: port > 0 ? `${shown}:${port}` : shown });
}

/** The first address of this machine that others can reach. */
function outside(): string | undefined {
  const all = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  const reachable = all.filter(({ internal }) => !internal);
  return (reachable.find(({ family }) => family === 'IPv4') ?? reachable[0])?.address;
}
