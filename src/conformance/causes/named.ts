import type { TraceContext } from '../../wire/trace.ts';
import type { Credentials } from '../player/target.ts';
import type { Named } from './sentences.ts';
import { bothNames } from '../report/both-names.ts';

const FLAGS = {
  valid: bothNames('--token', 'credentials.valid'),
  admin: bothNames('--admin-token', 'credentials.admin'),
  user: bothNames('--user-token', 'credentials.user'),
  invalid: bothNames('--bad-token', 'credentials.invalid'),
} as const;

const URL = bothNames('--url', 'url');

/**
 * The names of what the user of a run has given. A credential that stands in for another has the name of that
 * other one.
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
    url: URL,
    apiUrl: apiUrl === undefined ? URL : bothNames('--api-url', 'apiUrl'),
    isWithoutAny: credentials.valid === undefined && credentials.admin === undefined,
  };
}
