import { DIALECTS, type SocketDialect } from '../../protocol/dialects.ts';
import { RUNNER_DIALECTS } from '../dialects/dialects.ts';
import type { ClientSession } from '../../scenario/client-script.ts';
import type { TraceContext } from '../../wire/trace.ts';
import { knownOf } from './stream-source.ts';
import type { Target } from './target.ts';

/** The request of a connection. */
export interface Address {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What is known about the audio that the server is to fetch. */
  readonly known: Pick<TraceContext, 'source' | 'fetched'>;
}

/** The URL and headers of a connection, including its credential. */
export function addressOf(session: ClientSession, dialect: SocketDialect, target: Target): Address {
  const token = tokenOf(session, target);
  const { forms, query: own } = RUNNER_DIALECTS[dialect];
  const form = session.form ?? forms.find((each) => each === target.form) ?? forms[0];
  const [documented] = DIALECTS[dialect].paths;
  const path = (session.path ?? documented).replace('{token}', encodeURIComponent(token ?? ''));
  const url = new URL(`${target.url}${path}`);
  const defaults = { ...(form === 'query' && token !== undefined ? { token } : {}), ...own };
  const query: Readonly<Record<string, string | false>> = { ...defaults, ...session.query };
  for (const [name, value] of Object.entries(query)) {
    if (value === false) continue;
    const isFile = name === 'url' && value.startsWith('/');
    url.searchParams.set(name, isFile ? `${target.streamSource ?? ''}${value}` : value);
  }
  const { subprotocols } = session;
  return {
    url: url.href,
    headers: {
      ...(token === undefined ? {} : credentialHeaders(form, token)),
      ...(subprotocols === undefined ? {} : { 'sec-websocket-protocol': subprotocols.join(', ') }),
      ...session.headers,
    },
    known: DIALECTS[dialect].audio === 'fetched' ? knownOf(query['url']) : {},
  };
}

/** The token to present; undefined for none. */
export function tokenOf(session: ClientSession, { credentials }: Target): string | undefined {
  if (session.token !== undefined) return session.token === '' ? undefined : session.token;
  const { credential } = session;
  if (credential === 'missing') return undefined;
  // A token that may start the service may do everything else too.
  if (credential === 'valid') return credentials.valid ?? credentials.admin;
  return credential === 'admin' ? (credentials.admin ?? credentials.valid) : credentials[credential];
}

/** The headers that present a credential in a form; none for forms in the URL. */
export function credentialHeaders(
  form: NonNullable<ClientSession['form']>,
  token: string,
): Readonly<Record<string, string>> {
  switch (form) {
    case 'query':
    case 'path':
      return {};
    case 'x-zoom-s2t-key':
    case 'x-api-key':
    case 'api-key':
      return { [form]: token };
    case 'apikey':
      return { authorization: `ApiKey ${token}` };
    case 'bearer':
      return { authorization: `Bearer ${token}` };
    case 'subprotocol':
      return { 'sec-websocket-protocol': `bearer, ${token}` };
  }
}
