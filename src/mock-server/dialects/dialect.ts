import type { SocketDialect } from '../../protocol/dialects.ts';
import type { EditionNames } from '../../protocol/editions.ts';
import type { IncomingHttpHeaders } from 'node:http';
import type { Ear } from '../../audio/ear.ts';
import type { Problem, ServerSay, Step, TurnPauses } from '../../scenario/script.ts';
import type { Additions } from '../../scenario/speech/additions.ts';
import type { Message, Told } from '../../scenario/told.ts';
import type { Frame } from '../../wire/frame.ts';
import type { Failure } from './failure.ts';
import type { Keys } from './keys.ts';
import type { ClientInput } from '../engine/messages.ts';

/** The parts of an upgrade request that decide whether it is admitted. */
export interface UpgradeRequest {
  /** The path as it was sent, percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
}

/** What a dialect learns about the server when it admits a client. */
export interface AdmissionContext {
  readonly keys: Keys;
  /** Whether the realtime service is running (only that of Scriptix can be scaled down). */
  readonly ready: boolean;
  /** The editions that apply to this request. */
  readonly editions: EditionNames;
  /** The phrases of a custom model that belongs to the key in this request; undefined for an unknown id. */
  readonly phrasesOf: (modelId: string) => readonly string[] | undefined;
}

/** An HTTP answer. */
export interface HttpAnswer {
  /** The HTTP status. */
  readonly status: number;
  /** Headers in addition to those that every answer has. */
  readonly headers?: Readonly<Record<string, string>>;
  /** A string is sent unchanged, anything else as JSON; undefined for no body. */
  readonly body: unknown;
}

/** The session on which the fake speaks. */
export interface SpokenOn {
  /** The id in the log and the control API. */
  readonly id: string;
  /** The start command of the client, once it has come. */
  readonly start: Message | undefined;
  /** The speakers that finals have named so far, in the order of their first final; at most a hundred. */
  readonly speakers: readonly string[];
  /** The speaker whom the last final has named. */
  readonly lastSpeaker: string | undefined;
  /** The time of day by the clock of scenarios, in milliseconds since 1970. */
  readonly unixMs: () => number;
}

/** How one admitted connection is read and written. All functions are pure. */
export interface Codec {
  /** What a frame from the client means; undefined if this kind of connection ignores it. */
  readonly hear: (frame: Frame) => ClientInput | undefined;
  /** The frames for a message. There may be none: some clients do not want partials. */
  readonly speak: (say: ServerSay, session: SpokenOn) => readonly Frame[];
  /** The close code after a problem, or after a normal end. */
  readonly closeCode: (problem: Problem | undefined) => number;
  /** Whether a text message is a result, partial or final. */
  readonly isResult: (text: string) => boolean;
}

/** How a connection that was admitted begins. */
export interface Opening {
  readonly dialect: SocketDialect;
  readonly language: string | undefined;
  /** What made-up speech contains in addition to its sentences. */
  readonly additions?: Additions;
  /** The maximum number of speakers that are distinguished. Left out: results need not name a speaker. */
  readonly mostSpeakers?: number;
  readonly ear: Ear;
  readonly codec: Codec;
  /** The subprotocol to select. */
  readonly subprotocol?: string;
  /** What the request asks for, where a scenario may depend on it. */
  readonly asked?: Told;
  /** How much silence ends a turn, if the dialect has turns. */
  readonly turns?: TurnPauses;
  /** What a scenario plays instead of the dialect's usual session. */
  readonly plan?: { readonly name: string; readonly steps: readonly Step[]; readonly seed: number };
  /** The address of the audio that the server fetches and plays. */
  readonly streamUrl?: string;
  /** Why the client is refused, if it was admitted only to receive the reason. */
  readonly failure?: Failure;
}

/** The opening of a connection that plays a scenario. */
export function playing(
  opening: Opening,
  { plan, asked }: Required<Pick<Opening, 'plan' | 'asked'>>,
): Opening {
  // The other order would give each opening a hidden class of its own, which would slow down each frame.
  return { plan, asked, ...opening };
}

/** What all sockets of a vendor have in common. */
export interface VendorForm {
  /** Whether clients may present an access token that the fake has issued for their key. */
  readonly takesTokens?: true;
  /** Whether a path (as sent) belongs to this vendor, so that errors are answered in its form. */
  readonly owns: (path: string) => boolean;
  /** The failure that a refusal becomes when it is sent in a message after the upgrade. */
  readonly failureOf: (answer: HttpAnswer) => Failure;
  /** An error before the upgrade, in this vendor's form. */
  readonly problem: (status: number, message: string) => HttpAnswer;
  /** Changes the refusal of an upgrade, or the answer to a call, to what these editions send. Left out: unchanged. */
  readonly inEdition?: (answer: HttpAnswer, editions: EditionNames, to: 'upgrade' | 'call') => HttpAnswer;
  /** The answer when the fake has reached its limit of connections. */
  readonly full: (message: string) => HttpAnswer;
}

/** How the fake speaks on one kind of socket. */
export interface ServerDialect extends VendorForm {
  readonly name: SocketDialect;
  /** Whether this socket is at a path (as sent), in any edition. */
  readonly isAt: (path: string) => boolean;
  /** Whether the socket exists at a path in these editions. Left out: in all of them. */
  readonly isServed?: (path: string, editions: EditionNames) => boolean;
  /** Whether a service behind it may have to be started (see the REST API). */
  readonly hasService: boolean;
  /** The credential that the client presents. */
  readonly tokenOf: (request: UpgradeRequest) => string | undefined;
  /** Admits a request, or returns the answer that refuses it. */
  readonly admit: (request: UpgradeRequest, context: AdmissionContext) => Opening | HttpAnswer;
  /** Admits a request that was refused, so that the refusal can be sent in a message. */
  readonly letIn: (request: UpgradeRequest, failure: Failure, editions: EditionNames) => Opening;
}

/** One of the sockets of the vendor to which a path belongs. */
export function ownerOf(dialects: readonly ServerDialect[], path: string): ServerDialect | undefined {
  return dialects.find(({ owns }) => owns(path));
}

/** A 404 in the form of the vendor that the path belongs to. */
export function notFound(dialects: readonly ServerDialect[], path: string): HttpAnswer {
  return ownerOf(dialects, path)?.problem(404, 'Not Found') ?? { status: 404, body: { detail: 'Not Found' } };
}

/** The socket at a path. */
export function dialectAt(dialects: readonly ServerDialect[], path: string): ServerDialect | undefined {
  return dialects.find(({ isAt }) => isAt(path));
}
