import { codeOf } from '../../runtime/errors.ts';
import { problem } from './problem.ts';
import { describe, type FetchTarget } from './target.ts';

const REASONS: ReadonlyMap<string, string> = new Map([
  ['ENOTFOUND', 'its host is unknown'],
  ['EAI_AGAIN', 'its host could not be looked up'],
  ['ECONNREFUSED', 'the connection was refused'],
  ['ECONNRESET', 'the connection was cut'],
  ['EPIPE', 'the connection was cut'],
  ['ERR_STREAM_PREMATURE_CLOSE', 'the connection was cut'],
  ['EHOSTUNREACH', 'its host cannot be reached'],
  ['ENETUNREACH', 'its host cannot be reached'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'its certificate is for another host'],
]);

/**
 * The SourceError for what a socket, TLS or the HTTP parser threw. Only the error's code is used, because Node's
 * messages name addresses and hosts. Anything other than a network problem (a SourceError, a bug of ours) is returned
 * unchanged.
 */
export function networkProblem(error: unknown, target: FetchTarget): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  const code = codeOf(error);
  if (code === undefined || (/^ERR_(?!SSL|TLS)/.test(code) && !REASONS.has(code))) return error;
  if (code === 'ETIMEDOUT') return problem('timeout', `${describe(target)} cannot be connected to`);
  return problem('invalid', `${describe(target)} cannot be fetched: ${reasonOf(code)}`);
}

function reasonOf(code: string): string {
  if (code.startsWith('HPE_')) return 'its answer is not valid HTTP';
  if (/CERT|UNABLE_TO/.test(code) && !REASONS.has(code)) return `its certificate is not trusted (${code})`;
  return REASONS.get(code) ?? code;
}
