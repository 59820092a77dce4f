/** What all layers know of a dialect. What only one of them knows is in the registry of that layer. */
interface DialectFacts {
  /** Whose protocol it is a part of. */
  readonly vendor: string;
  /** What users read of its connections: the vendor and the endpoint. Undefined for one that is only calls over HTTP. */
  readonly life: string | undefined;
  /** Whose audio it is: the client sends it, or names what the server fetches; calls have none. */
  readonly audio: 'sent' | 'fetched' | undefined;
  /** The documented paths; what is in braces is the client's to fill in. */
  readonly paths: readonly string[];
}

/**
 * The one list of dialects, a line for each: a socket or an API of a vendor. A new one is a line in here; the compiler
 * then says where a layer has to say something about it.
 */
export const DIALECTS = {
  scriptix: { vendor: 'scriptix', life: 'scriptix-microphone', audio: 'sent', paths: ['/v2/realtime'] },
  'scriptix-stream': {
    vendor: 'scriptix',
    life: 'scriptix-stream',
    audio: 'fetched',
    paths: ['/v2/client/{token}'],
  },
  'scriptix-rest': {
    vendor: 'scriptix',
    life: undefined,
    audio: undefined,
    paths: ['/api/v4/realtime/initialize', '/api/v4/realtime/status'],
  },
  reson8: {
    vendor: 'reson8',
    life: 'reson8-realtime',
    audio: 'sent',
    paths: ['/v1/speech-to-text/realtime'],
  },
} as const satisfies Readonly<Record<string, DialectFacts>>;

type Facts = typeof DIALECTS;

/** A protocol, or a part of one: Scriptix has a socket for microphones, one for streams, and a REST API. */
export type Dialect = keyof Facts;

/** One that is spoken on a WebSocket. */
export type SocketDialect = {
  [Each in Dialect]: Facts[Each]['life'] extends string ? Each : never;
}[Dialect];

/** What users read of a connection: whose it is, and which endpoint. */
export type Life = Facts[SocketDialect]['life'];

/** Whose service it is. */
export type Vendor = Facts[Dialect]['vendor'];

/** All of them, in the order in which lists show them. */
export const DIALECT_NAMES = Object.keys(DIALECTS) as readonly Dialect[];

export const VENDORS: readonly Vendor[] = [...new Set(DIALECT_NAMES.map(vendorOf))];

export function vendorOf(dialect: Dialect): Vendor {
  return DIALECTS[dialect].vendor;
}

/** The vendor of a connection, by what users read of it. */
export function vendorOfLife(life: Life): Vendor | undefined {
  return Object.values(DIALECTS).find((facts) => facts.life === life)?.vendor;
}

/** The parts of a vendor's protocol: what a run about its service covers. */
export function dialectsOf(vendor: Vendor): readonly Dialect[] {
  return DIALECT_NAMES.filter((dialect) => vendorOf(dialect) === vendor);
}

export function isSocket(dialect: Dialect): dialect is SocketDialect {
  return DIALECTS[dialect].life !== undefined;
}

/** The socket that its vendor names first: what a run about its service begins with. */
export function mainSocketOf(vendor: Vendor): SocketDialect {
  const socket = dialectsOf(vendor).find(isSocket);
  if (socket === undefined) throw new TypeError(`${vendor} has no socket`);
  return socket;
}

/** The dialect that is served at a path. A proxy may have put something before it. */
export function dialectOfPath(path: string): Dialect | undefined {
  const isAt = (documented: string) => !documented.includes('{') && path.endsWith(documented);
  const isBelow = (documented: string) => path.includes(documented.slice(0, documented.indexOf('{')));
  return (
    DIALECT_NAMES.find((dialect) => DIALECTS[dialect].paths.some(isAt)) ??
    DIALECT_NAMES.find((dialect) =>
      DIALECTS[dialect].paths.some((documented) => documented.includes('{') && isBelow(documented)),
    )
  );
}
