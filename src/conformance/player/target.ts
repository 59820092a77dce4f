import type { ClientSession } from '../../scenario/client-script.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Redactor } from '../../wire/redact/redact.ts';
import type { Room } from '../peer/room.ts';
import type { Sounds } from './sounds.ts';

/** What the runner may present to the server. A requirement that needs a missing one is not exercised. */
export interface Credentials {
  /** One that the server must accept. */
  readonly valid?: string | undefined;
  /** One with the admin scope, which may start the Scriptix service. */
  readonly admin?: string | undefined;
  /** One that is valid and lacks the admin scope. */
  readonly user?: string | undefined;
  /** One that the server must refuse. */
  readonly invalid?: string | undefined;
  /** Whether the runner made `invalid` up instead of being given it. */
  readonly isMadeUp?: boolean;
}

/** Everything that a play needs besides its scenario. */
export interface Target {
  /** Origin of the WebSockets, ws or wss, without a slash at the end. */
  readonly url: string;
  /** Origin of the REST API, http or https. */
  readonly apiUrl: string;
  readonly credentials: Credentials;
  readonly sounds: Sounds;
  /** Where the files that a server shall fetch are; undefined when the server cannot reach any. */
  readonly streamSource: string | undefined;
  /** So many times as fast as it was spoken audio is sent. */
  readonly pace: number;
  /** Real time: nothing but the sending of audio and waits is hurried by the pace. */
  readonly clock: Clock;
  readonly redactor: Redactor;
  /** For what is recorded, shared by all plays. */
  readonly room: Room;
  readonly establishMs: number;
  readonly controlMs: number;
  /** How a credential is presented where a scenario does not say and the usual way is refused. */
  readonly form: ClientSession['form'];
  readonly signal?: AbortSignal | undefined;
}
