import type { TraceContext } from '../../wire/trace.ts';
import type { Credentials } from '../player/target.ts';
import type { Named } from './sentences.ts';

const FLAGS = {
  valid: '--token',
  admin: '--admin-token',
  user: '--user-token',
  invalid: '--bad-token',
} as const;

/**
 * The names of what the user of a run has given. A credential that stands in for another has the flag of that other
 * one.
 */
export function namedBy({
  credentials = {},
  apiUrl,
}: {
  readonly credentials?: Credentials;
  readonly apiUrl?: string | undefined;
}): Named {
  const flagOf = (credential: TraceContext['credential']): string => {
    if (credential === undefined || credential === 'missing') return 'none';
    const { valid, admin } = credentials;
    if (credential === 'valid') return FLAGS[valid === undefined ? 'admin' : 'valid'];
    if (credential === 'admin') return FLAGS[admin === undefined || admin === valid ? 'valid' : 'admin'];
    return FLAGS[credential];
  };
  return {
    credentialOf: flagOf,
    url: '--url',
    apiUrl: apiUrl === undefined ? '--url' : '--api-url',
    isWithoutAny: credentials.valid === undefined && credentials.admin === undefined,
  };
}
