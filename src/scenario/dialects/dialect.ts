import { TURN_EVENTS } from '../../protocol/reson8-turns/events.ts';
import type { ClientStepFile } from '../schema/client.ts';
import type { Step } from '../script.ts';
import type { Call } from './calls.ts';

/** A request in a message of a client. */
export type Command = 'start' | 'stop' | 'flush';

/** The kind of a server's message, in words shared by all dialects. */
export type Saying = 'partial' | 'final' | 'state' | 'error' | 'confirmation' | TurnEvent | 'other';

/** What a server says about a turn. */
export type TurnEvent = (typeof TURN_EVENTS)[number];

type Fields = Readonly<Record<string, unknown>>;

/** Messages of clients and servers that some dialects have and others lack. */
export const MESSAGES = [
  ...(['state', 'partial', 'final', 'confirmation', ...TURN_EVENTS] as const),
  ...(['start', 'stop', 'flush'] as const),
] as const satisfies readonly (Saying | Command)[];

/** What a scenario can ask for that some dialects have and others lack. */
export type Feature =
  | (typeof MESSAGES)[number]
  /** Where the audio comes from: frames of the client, or a stream that the server fetches. */
  | 'frames'
  | 'source'
  /** Fields of results. */
  | 'stability'
  | 'offset'
  | 'spaces'
  | 'confidence'
  /** Partials with the words and times that finals have. */
  | 'detailed-partial'
  /** Flushes that are answered by a confirmation, rather than by what they end. */
  | 'confirmed-flush'
  /** A socket, or calls, and the access tokens that these issue. */
  | 'socket'
  | 'call'
  | 'access-token';

/** What scenarios need to know about a dialect. */
export interface ScenarioDialect {
  /** What it has of all that a scenario can ask for. */
  readonly has: readonly Feature[];
  /** How a connection begins, until the server accepts audio; empty for calls over HTTP. */
  readonly opening: readonly Step[];
  /** The steps of a correct client, in the form of a file. */
  readonly clientSteps: readonly ClientStepFile[];
  /** For calls over HTTP: those whose answers a scenario can determine. */
  readonly calls?: readonly Call[];
  /** For calls over HTTP: what else a scenario can specify about the server. */
  readonly serverKeys?: readonly string[];
  /** Whether it is the same in all editions of its service, so that a scenario cannot choose one. */
  readonly isInOneEdition?: true;
  /** Parts of its clients' messages that can be inserted into a message, in addition to those of a request. */
  readonly placeholders: readonly string[];
  /** What its clients never send, by the condition about it, and the reason. */
  readonly unsaid: Readonly<Partial<Record<'start' | 'message', string>>>;
  /** The request in a message of a client. */
  readonly commandOf: (fields: Fields) => Command | undefined;
  /** The kind of a server's message, however wrong it may be otherwise. */
  readonly sayingOf: (fields: Fields) => Saying;
}
