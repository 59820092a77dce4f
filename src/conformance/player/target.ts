import type { ClientSession } from '../../scenario/client-script.ts';
import type { EditionNames } from '../../protocol/editions.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Redactor } from '../../wire/redact/redact.ts';
import type { NoteStalls } from '../judge/stall-notes.ts';
import type { Room } from '../wire-client/room.ts';
import type { Sounds } from './sounds.ts';

/**
 * What the runner may present to the server. Requirements that need a credential that is not given are not exercised.
 */
export interface Credentials {
  /** A credential that the server must accept. */
  readonly valid?: string | undefined;
  /** A credential with the admin scope, which may start the Scriptix service. */
  readonly admin?: string | undefined;
  /** A valid credential without the admin scope. */
  readonly user?: string | undefined;
  /** A credential that the server must refuse. */
  readonly invalid?: string | undefined;
  /** Whether the runner made up `invalid` because none was given. */
  readonly isMadeUp?: boolean;
}

/** Everything that a play needs in addition to its scenario. */
export interface Target {
  /** Origin of the WebSockets, ws or wss, without a trailing slash. */
  readonly url: string;
  /** Origin of the REST API, http or https. */
  readonly apiUrl: string;
  /** The editions that the services are expected to follow. */
  readonly editions: EditionNames;
  readonly credentials: Credentials;
  readonly sounds: Sounds;
  /** The base URL of the files for the server to fetch; undefined if the server cannot reach any. */
  readonly streamSource: string | undefined;
  /** How many times faster than real time audio is sent. */
  readonly pace: number;
  /** Real time: the pace affects only audio and waits. */
  readonly clock: Clock;
  /** Notes in a trace when the runner itself was late. Left out: nothing does. */
  readonly noteStalls?: NoteStalls | undefined;
  readonly redactor: Redactor;
  /** Limits what is recorded; shared by all plays. */
  readonly room: Room;
  readonly establishMs: number;
  readonly controlMs: number;
  /** The form of a credential if a scenario does not name one and the usual one is refused. */
  readonly form: ClientSession['form'];
  /**
   * Whether the service issues access tokens, as found out when the first one was needed; undefined: none is asked for.
   */
  readonly accessTokens?: { areIssued: boolean } | undefined;
  readonly signal?: AbortSignal | undefined;
}
