import { isPartOf } from './is-part-of.ts';

/** The address of the fake in the words of its client. */
export interface Place {
  readonly scheme: 'ws' | 'wss';
  /** Including the port. */
  readonly host: string;
  readonly port: string;
}

/** What a client has requested and sent so far, which scripts may depend on. */
export interface Told {
  readonly query: Readonly<Record<string, string>>;
  readonly place: Place;
  readonly credential?: Credential;
  /** In an answer to a request for one: an access token for the key that was presented. */
  readonly 'access-token'?: string | undefined;
  /** Its start command. */
  readonly start?: Message;
  /** Its last message. */
  readonly message?: Message;
  /** The id of its last flush request; null without one. */
  readonly id?: string | null;
}

/** The result of checking the credential that a client presented. */
export type Credential = 'admin' | 'user' | 'expired' | 'invalid' | 'missing';

/** A message as an object. */
export type Message = Readonly<Record<string, unknown>>;

/** Milliseconds of scenario time since something began. */
export interface Ages {
  readonly connection: number;
  readonly server: number;
}

/** The conditions for steps to be performed; all of them must hold. */
export interface Condition {
  /** A parameter with this value; true for one that is present, false for one that is absent. */
  readonly query?: Readonly<Record<string, string | boolean>>;
  readonly credential?: Credential;
  /** The start command, or the last message, has at least these fields. */
  readonly start?: Message;
  readonly message?: Message;
  /** The time since the connection or the server began is within these limits. */
  readonly age?: { readonly of: keyof Ages; readonly minMs: number; readonly maxMs: number };
}

/** No request yet, and no address. */
export const NOTHING_TOLD: Told = { query: {}, place: { scheme: 'ws', host: '127.0.0.1', port: '0' } };

/** Whether a condition holds, given what the client has said. */
export function holds(
  { query = {}, credential, start, message, age }: Condition,
  told: Told,
  ages: Ages,
): boolean {
  const isAsked = Object.entries(query).every(([name, expected]) => {
    const given = Object.hasOwn(told.query, name) ? told.query[name] : undefined;
    return typeof expected === 'boolean' ? (given !== undefined) === expected : given === expected;
  });
  const isPresented = credential === undefined || credential === told.credential;
  const isSaid =
    (start === undefined || isPartOf(start, told.start)) &&
    (message === undefined || isPartOf(message, told.message));
  const isTime = age === undefined || (ages[age.of] >= age.minMs && ages[age.of] <= age.maxMs);
  return isAsked && isPresented && isSaid && isTime;
}
