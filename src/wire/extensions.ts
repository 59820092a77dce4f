import { ws } from './ws.ts';

/** The parameters of an extension, each with its values; true for a parameter without a value. */
type Parameters = Readonly<Record<string, readonly (string | true)[]>>;
/** Extensions by name; each may occur several times with different parameters. */
type Extensions = Readonly<Record<string, readonly Parameters[]>>;

/** The parser of Sec-WebSocket-Extensions in `ws`, which its types do not mention. */
const { extension } = ws as unknown as { readonly extension: { parse(header: string): Extensions } };

const DEFLATE = 'permessage-deflate';
const WINDOW_BITS = /^(?:[89]|1[0-5])$/;
const MOST_BITS = 15;

/** How messages are compressed (RFC 7692). */
export interface Deflate {
  /** Whether the messages of the server refer to those before them. */
  readonly serverKeepsContext: boolean;
  /** The size of the server's window for messages of the client. */
  readonly clientWindowBits: number;
  /** Whether the client has offered it; otherwise it does not compress its own messages. */
  readonly isOffered: boolean;
}

/**
 * How messages are compressed after this answer to an upgrade; undefined if they are not. An answer that was not
 * offered is taken at its word, because an observer sees the messages that follow; the answer is judged separately.
 *
 * @param offer the header Sec-WebSocket-Extensions of the request, empty if there was none
 * @param answer that of the answer
 */
export function deflateOf(offer: string, answer: string): Deflate | undefined {
  const agreed = parsed(answer)?.[DEFLATE]?.[0];
  if (agreed === undefined) return undefined;
  return {
    serverKeepsContext: agreed['server_no_context_takeover'] === undefined,
    clientWindowBits: bitsOf(agreed['client_max_window_bits']),
    isOffered: parsed(offer)?.[DEFLATE] !== undefined,
  };
}

/**
 * What an answer to an upgrade agrees on without an offer, in words (RFC 6455 §9.1, RFC 7692 §7.1); undefined if
 * nothing.
 */
export function notOffered(offer: string, answer: string): string | undefined {
  const offered = parsed(offer);
  // There is no right answer to an unreadable offer.
  if (answer === '' || offered === undefined) return undefined;
  const agreed = parsed(answer);
  if (agreed === undefined) return 'a list of extensions that cannot be read';
  for (const [name, [parameters = {}, ...others]] of Object.entries(agreed)) {
    const offers = offered[name];
    if (offers === undefined) return `the extension ${name}, which was not offered`;
    if (others.length > 0) return `the extension ${name} more than once`;
    if (name !== DEFLATE) continue;
    const wrong = Object.entries(parameters).find((parameter) => !isParameter(parameter));
    if (wrong !== undefined) return `${name} with a parameter that it does not have: ${shown(wrong)}`;
    if (!offers.some((each) => isWithin(parameters, each)))
      return `${name} with other parameters than offered`;
  }
  return undefined;
}

function parsed(header: string): Extensions | undefined {
  if (header.trim() === '') return {};
  try {
    return extension.parse(header);
  } catch {
    return undefined;
  }
}

/** Whether a parameter of an answer is one of RFC 7692, with a valid value. */
function isParameter([name, [value, ...others]]: readonly [string, readonly (string | true)[]]): boolean {
  if (others.length > 0) return false;
  switch (name) {
    case 'server_no_context_takeover':
    case 'client_no_context_takeover':
      return value === true;
    case 'server_max_window_bits':
    case 'client_max_window_bits':
      return typeof value === 'string' && WINDOW_BITS.test(value);
    default:
      return false;
  }
}

/** Whether an answer meets the demands of an offer and uses no more than the offer allows. */
function isWithin(answer: Parameters, offer: Parameters): boolean {
  const { server_no_context_takeover: isBare, server_max_window_bits: serverBits } = offer;
  const { client_max_window_bits: clientBits } = offer;
  if (isBare !== undefined && answer['server_no_context_takeover'] === undefined) return false;
  if (serverBits !== undefined && answer['server_max_window_bits'] === undefined) return false;
  if (bitsOf(answer['server_max_window_bits']) > bitsOf(serverBits)) return false;
  const taken = answer['client_max_window_bits'];
  return taken === undefined || (clientBits !== undefined && bitsOf(taken) <= bitsOf(clientBits));
}

function bitsOf(values: readonly (string | true)[] | undefined): number {
  const [value] = values ?? [];
  return typeof value === 'string' && WINDOW_BITS.test(value) ? Number(value) : MOST_BITS;
}

function shown([name, values]: readonly [string, readonly (string | true)[]]): string {
  return values.map((value) => (value === true ? name : `${name}=${value}`)).join('; ');
}
