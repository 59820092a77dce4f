/** What all layers need to know about a dialect. Facts that only one layer needs are in the registry of that layer. */
interface DialectFacts {
  /** The vendor whose protocol it is a part of. */
  readonly vendor: string;
  /** The name of its connections for users: vendor and endpoint. Undefined for a dialect of HTTP calls only. */
  readonly life: string | undefined;
  /** Whether the client sends the audio or names a source that the server fetches; undefined for HTTP calls. */
  readonly audio: 'sent' | 'fetched' | undefined;
  /** The documented paths; the client fills in the parts in braces. */
  readonly paths: readonly string[];
  /** Other paths at which some editions of its service have it. */
  readonly otherPaths: readonly string[];
  /** Set if not every server of the vendor has it, so that it can be judged separately. */
  readonly isSeparate?: true;
}

/**
 * The only list of dialects: sockets and APIs of vendors. A new dialect is one more entry; the compiler then names
 * every layer that has to know about it.
 */
export const DIALECTS = {
  scriptix: {
    vendor: 'scriptix',
    life: 'scriptix-microphone',
    audio: 'sent',
    paths: ['/v2/realtime'],
    otherPaths: ['/realtime'],
  },
  'scriptix-stream': {
    vendor: 'scriptix',
    life: 'scriptix-stream',
    audio: 'fetched',
    paths: ['/v2/client/{token}'],
    otherPaths: [],
  },
  'scriptix-rest': {
    vendor: 'scriptix',
    life: undefined,
    audio: undefined,
    paths: ['/api/v4/realtime/initialize', '/api/v4/realtime/status'],
    otherPaths: [],
  },
  reson8: {
    vendor: 'reson8',
    life: 'reson8-realtime',
    audio: 'sent',
    paths: ['/v1/speech-to-text/realtime'],
    otherPaths: [],
  },
  'reson8-turns': {
    vendor: 'reson8',
    life: 'reson8-turns',
    audio: 'sent',
    paths: ['/v1/speech-to-text/turns'],
    otherPaths: [],
    isSeparate: true,
  },
  'reson8-rest': {
    vendor: 'reson8',
    life: undefined,
    audio: undefined,
    paths: ['/v1/auth/token', '/v1/speech-to-text/prerecorded', '/v1/custom-model', '/v1/custom-model/{id}'],
    otherPaths: [],
  },
} as const satisfies Readonly<Record<string, DialectFacts>>;

type Facts = typeof DIALECTS;

/** A protocol or a part of one: Scriptix has a socket for microphones, one for streams, and a REST API. */
export type Dialect = keyof Facts;

/** A dialect that is spoken on a WebSocket. */
export type SocketDialect = {
  [Each in Dialect]: Facts[Each]['life'] extends string ? Each : never;
}[Dialect];

/** The name of a kind of connection for users: vendor and endpoint. */
export type Life = Facts[SocketDialect]['life'];

/** The vendors of the services. */
export type Vendor = Facts[Dialect]['vendor'];

/** The names of all dialects, in the order in which lists show them. */
// Object.keys() returns texts, as for the compiler an object may have further keys; this one has none.
export const DIALECT_NAMES = Object.keys(DIALECTS) as readonly Dialect[];

/** The names of all vendors. */
export const VENDORS: readonly Vendor[] = [...new Set(DIALECT_NAMES.map(vendorOf))];

/** The vendor of a dialect. */
export function vendorOf(dialect: Dialect): Vendor {
  return DIALECTS[dialect].vendor;
}

/** The vendor of a kind of connection. */
export function vendorOfLife(life: Life): Vendor | undefined {
  return Object.values(DIALECTS).find((facts) => facts.life === life)?.vendor;
}

/** The dialects of a vendor, all of which a run against its service covers. */
export function dialectsOf(vendor: Vendor): readonly Dialect[] {
  return DIALECT_NAMES.filter((dialect) => vendorOf(dialect) === vendor);
}

/** Whether a dialect is spoken on a WebSocket. */
export function isSocket(dialect: Dialect): dialect is SocketDialect {
  return DIALECTS[dialect].life !== undefined;
}

/** The first socket of a vendor, with which a run about its service begins. */
export function mainSocketOf(vendor: Vendor): SocketDialect {
  const socket = dialectsOf(vendor).find(isSocket);
  if (socket === undefined) throw new TypeError(`${vendor} has no socket`);
  return socket;
}

/** A socket that not every server of its vendor has, so that it can be judged separately. */
export type Separate = {
  [Each in SocketDialect]: Facts[Each] extends {
    /** The mark of such a socket in the list of dialects. */
    readonly isSeparate: true;
  }
    ? Each
    : never;
}[SocketDialect];

/** What a run against a server covers: the service of a vendor, or a socket that is judged separately. */
export type Scope = Vendor | Separate;

/** All scopes, in the order in which lists show them. */
export const SCOPES: readonly Scope[] = [...VENDORS, ...DIALECT_NAMES.filter(isSeparate)];

/** Whether a server of the vendor need not have it. */
export function isSeparate(dialect: Dialect): dialect is Separate {
  return 'isSeparate' in DIALECTS[dialect];
}

/** The dialects that a run covers. */
export function dialectsIn(scope: Scope): readonly Dialect[] {
  return isVendor(scope) ? dialectsOf(scope) : [scope];
}

/** The socket with which a run begins. */
export function mainSocketIn(scope: Scope): SocketDialect {
  return isVendor(scope) ? mainSocketOf(scope) : scope;
}

/** The vendor whose service a run is about. */
export function vendorIn(scope: Scope): Vendor {
  return isVendor(scope) ? scope : vendorOf(scope);
}

function isVendor(scope: Scope): scope is Vendor {
  return VENDORS.some((vendor) => vendor === scope);
}

/** The dialect that is served at a path, which a proxy may have prefixed. */
export function dialectOfPath(path: string): Dialect | undefined {
  const isAt = (documented: string) => !documented.includes('{') && path.endsWith(documented);
  const isBelow = (documented: string) => path.includes(documented.slice(0, documented.indexOf('{')));
  return (
    DIALECT_NAMES.find((dialect) => DIALECTS[dialect].paths.some(isAt)) ??
    DIALECT_NAMES.find((dialect) =>
      DIALECTS[dialect].paths.some((documented) => documented.includes('{') && isBelow(documented)),
    ) ??
    // Checked last, because a longer path may have the same end.
    DIALECT_NAMES.find((dialect) => DIALECTS[dialect].otherPaths.some(isAt))
  );
}
