import { UserError } from '../../runtime/errors.ts';
import { failureOf, doubtOf, plainly } from '../../runtime/network/unreachable.ts';
import { problem } from './problem.ts';
import { authorityOf, describe, type FetchTarget } from './target.ts';

const CUT = 'the connection was cut';
const REASONS: ReadonlyMap<string, string> = new Map([
  ['ENOTFOUND', 'its host is unknown'],
  ['EAI_AGAIN', 'its host could not be looked up'],
  ['ECONNREFUSED', 'the connection was refused'],
  ['ECONNRESET', CUT],
  ['EPIPE', CUT],
  ['ERR_STREAM_PREMATURE_CLOSE', CUT],
  ['EHOSTUNREACH', 'its host cannot be reached'],
  ['ENETUNREACH', 'its host cannot be reached'],
]);

/**
 * The SourceError for what a socket, TLS or the HTTP parser threw. Nothing of Node's messages is repeated, because they
 * name addresses and hosts. Anything other than a network problem (a SourceError, a bug of ours) is returned unchanged.
 *
 * @param isAnswered whether an answer had begun, so that the server speaks what was spoken
 */
export function networkProblem(error: unknown, target: FetchTarget, isAnswered: boolean): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  const cannot = (why: string) => problem('invalid', `${describe(target)} cannot be fetched: ${why}`);
  const [mistake] = error instanceof UserError ? error.mistakes : [];
  // The path is for whoever started this program, not for its clients.
  if (mistake?.variable !== undefined) return cannot(`${mistake.variable} names no file with certificates`);
  const failure = failureOf(error);
  const { code } = failure;
  if (code === 'ERROR' || (/^ERR_(?!SSL|TLS)/.test(code) && !REASONS.has(code))) return error;
  if (code === 'ETIMEDOUT') return problem('timeout', `${describe(target)} cannot be connected to`);
  const reason = REASONS.get(code);
  if (reason === CUT && !isAnswered) return cannot(`${reason}${doubtOf(`${target.scheme}:`)}`);
  const plain = plainly(failure, `${target.scheme}://${authorityOf(target)}`);
  return cannot(reason ?? (plain === undefined ? code : `${plain} (${code})`));
}
