import type { SocketDialect } from '../../protocol/dialects.ts';
import type { EditionNames } from '../../protocol/editions.ts';
import type { IncomingHttpHeaders } from 'node:http';
import type { Ear } from '../../audio/ear.ts';
import type { Problem, ServerSay, Step, TurnPauses } from '../../scenario/script.ts';
import type { Message, Told } from '../../scenario/told.ts';
import type { Frame } from '../../wire/frame.ts';
import type { Failure } from './failure.ts';
import type { Keys } from './keys.ts';
import type { ClientInput } from '../engine/messages.ts';

/** A request to upgrade to WebSocket, as far as an admission looks at it. */
export interface UpgradeRequest {
  /** The path as it was sent, percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
}

/** What an admission knows of the server. */
export interface AdmissionContext {
  readonly keys: Keys;
  /** Whether the realtime service runs (Scriptix only; it can be scaled down). */
  readonly ready: boolean;
  /** Of this request. */
  readonly editions: EditionNames;
}

/** An HTTP answer. The body is sent as JSON, a text as it is; undefined means none. */
export interface HttpAnswer {
  /** The HTTP status. */
  readonly status: number;
  /** Headers besides those that every answer has. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Text as it is, anything else as JSON; undefined for none. */
  readonly body: unknown;
}

/** The session that something is said on. */
export interface SpokenOn {
  /** The id of the log and the control API. */
  readonly id: string;
  /** The start command of the client, once it has come. */
  readonly start: Message | undefined;
  /** The time of day by the clock of scenarios, in milliseconds since 1970. */
  readonly unixMs: () => number;
}

/** How one admitted connection is spoken with. All three are pure. */
export interface Codec {
  /** What a frame of the client means; undefined when this kind of connection ignores it. */
  readonly hear: (frame: Frame) => ClientInput | undefined;
  /** The frames that say it. None is an answer: some clients do not want partials. */
  readonly speak: (say: ServerSay, session: SpokenOn) => readonly Frame[];
  /** The close code of a normal end, or of the end after an error. */
  readonly closeCode: (problem: Problem | undefined) => number;
  /** Whether a text message is a result, partial or final. */
  readonly isResult: (text: string) => boolean;
}

/** A connection that is let in. */
export interface Opening {
  readonly dialect: SocketDialect;
  readonly language: string | undefined;
  readonly ear: Ear;
  readonly codec: Codec;
  /** The subprotocol to select. */
  readonly subprotocol?: string;
  /** What the request asks for, if a scenario may depend on it. */
  readonly asked?: Told;
  /** How much silence ends a turn, where the dialect has turns. */
  readonly turns?: TurnPauses;
  /** What a scenario makes of it instead of the dialect's own life. */
  readonly plan?: { readonly name: string; readonly steps: readonly Step[]; readonly seed: number };
  /** What the server is to fetch and play. */
  readonly streamUrl?: string;
  /** Admitted only to learn what is wrong. */
  readonly failure?: Failure;
}

/** What a vendor's sockets have in common. */
export interface VendorForm {
  /** Whether clients may present an access token that the fake has made from their key. */
  readonly takesTokens?: true;
  /** Whether a path (as sent) is in this vendor's part of the server, which is answered in its form. */
  readonly owns: (path: string) => boolean;
  /** What a refusal is called inside. */
  readonly failureOf: (answer: HttpAnswer) => Failure;
  /** This vendor's form of an error before the upgrade. */
  readonly problem: (status: number, message: string) => HttpAnswer;
  /** A refusal of an upgrade, or the answer to a call, as these editions have it; left out: as it is. */
  readonly inEdition?: (answer: HttpAnswer, editions: EditionNames, to: 'upgrade' | 'call') => HttpAnswer;
  /** The answer when the fake has as many connections as it takes. */
  readonly full: (message: string) => HttpAnswer;
}

/** How the fake speaks on one kind of socket. */
export interface ServerDialect extends VendorForm {
  readonly name: SocketDialect;
  /** Whether a path (as sent) is that of this socket, in any edition. */
  readonly isAt: (path: string) => boolean;
  /** Whether it is so in these; left out: in all of them. */
  readonly isServed?: (path: string, editions: EditionNames) => boolean;
  /** Whether there is a service behind it that may have to be started (see the REST API). */
  readonly hasService: boolean;
  /** Whatever the client authenticates with. */
  readonly tokenOf: (request: UpgradeRequest) => string | undefined;
  /** Lets a request in, or says what to answer it. */
  readonly admit: (request: UpgradeRequest, context: AdmissionContext) => Opening | HttpAnswer;
  /** Admits a refused request, so that the refusal is sent in a message. */
  readonly letIn: (request: UpgradeRequest, failure: Failure, editions: EditionNames) => Opening;
}

/** The socket in whose vendor's part of the server a path is. */
export function ownerOf(dialects: readonly ServerDialect[], path: string): ServerDialect | undefined {
  return dialects.find(({ owns }) => owns(path));
}

/** What is not there, in the form of the vendor whose part of the server it would be in. */
export function notFound(dialects: readonly ServerDialect[], path: string): HttpAnswer {
  return ownerOf(dialects, path)?.problem(404, 'Not Found') ?? { status: 404, body: { detail: 'Not Found' } };
}

/** The socket that is at a path. */
export function dialectAt(dialects: readonly ServerDialect[], path: string): ServerDialect | undefined {
  return dialects.find(({ isAt }) => isAt(path));
}
