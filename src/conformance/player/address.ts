import type { Dialect } from '../../protocol/dialects.ts';
import { PATHS as RESON8 } from '../../protocol/reson8/handshake.ts';
import { PATHS as SCRIPTIX } from '../../protocol/scriptix/handshake.ts';
import type { ClientSession } from '../../scenario/client-script.ts';
import type { TraceContext } from '../../wire/trace.ts';
import { sourceOf } from './stream-source.ts';
import type { Target } from './target.ts';

/** What a connection asks for. */
export interface Address {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly source: TraceContext['source'];
}

type Socketed = Exclude<Dialect, 'scriptix-rest'>;

const DEFAULT_FORM = { scriptix: 'query', 'scriptix-stream': 'path', reson8: 'apikey' } as const;

/** The URL and headers of a connection, with its credential in its place. */
export function addressOf(session: ClientSession, dialect: Socketed, target: Target): Address {
  const token = tokenOf(session, target);
  const form =
    session.form ?? (dialect === 'scriptix-stream' ? 'path' : target.form) ?? DEFAULT_FORM[dialect];
  const path =
    dialect === 'scriptix-stream'
      ? SCRIPTIX.stream.replace('{token}', encodeURIComponent(token ?? ''))
      : dialect === 'reson8'
        ? RESON8.realtime
        : SCRIPTIX.microphone;
  const url = new URL(`${target.url}${path}`);
  const defaults: Readonly<Record<string, string>> = {
    ...(form === 'query' && token !== undefined ? { token } : {}),
    ...(dialect === 'reson8' ? { encoding: 'pcm_s16le' } : { type: 'fast' }),
    ...(dialect === 'scriptix-stream' ? { url: '/en-appointment.mp3' } : {}),
  };
  const query = { ...defaults, ...session.query };
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
    source: dialect === 'scriptix-stream' ? sourceOf(query['url']) : undefined,
  };
}

/** What stands in its place; undefined for none. */
export function tokenOf(session: ClientSession, { credentials }: Target): string | undefined {
  if (session.token !== undefined) return session.token === '' ? undefined : session.token;
  const { credential } = session;
  if (credential === 'missing') return undefined;
  // Who may start the service may do everything else, too.
  if (credential === 'valid') return credentials.valid ?? credentials.admin;
  return credential === 'admin' ? (credentials.admin ?? credentials.valid) : credentials[credential];
}

function credentialHeaders(
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
