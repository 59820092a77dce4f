import * as ws from 'ws';

/** The parameters of an extension, each with the values that it was given; true for none. */
type Parameters = Readonly<Record<string, readonly (string | true)[]>>;
/** Extensions by name; each may be there several times, with other parameters. */
type Extensions = Readonly<Record<string, readonly Parameters[]>>;

/** The reader of Sec-WebSocket-Extensions of `ws`, which its types do not mention. */
const { extension } = ws as unknown as { readonly extension: { parse(header: string): Extensions } };

const DEFLATE = 'permessage-deflate';
const WINDOW_BITS = /^(?:[89]|1[0-5])$/;
const MOST_BITS = 15;

/** How messages are compressed (RFC 7692). */
export interface Deflate {
  /** Whether the messages of the server lean on those before them. */
  readonly serverKeepsContext: boolean;
  /** Of the window that the server has for messages of the client. */
  readonly clientWindowBits: number;
  /** Whether the client has offered it; otherwise it compresses nothing itself. */
  readonly isOffered: boolean;
}

/**
 * How messages are compressed after this answer to an upgrade; undefined when they are not. An answer that nobody has offered is
 * taken for what it says: whoever reads along sees what follows, and judges the answer by itself.
 *
 * @param offer the header Sec-WebSocket-Extensions of the request, empty when there was none
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
 * What an answer to an upgrade agrees on without having been offered it, in words (RFC 6455 §9.1, RFC 7692 §7.1);
 * undefined when there is nothing.
 */
export function notOffered(offer: string, answer: string): string | undefined {
  const offered = parsed(offer);
  // Whoever offers what cannot be read cannot be answered rightly.
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

/** Whether a parameter of an answer is one of RFC 7692, with a value that it may have. */
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

/** Whether an answer gives an offer what it demands, and takes from it no more than it allows. */
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
