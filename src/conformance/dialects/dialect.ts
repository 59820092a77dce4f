import type { RequirementId } from '../../protocol/requirements.ts';
import type { ClientSession } from '../../scenario/client-script.ts';
import type { ScenarioFile } from '../../scenario/schema/schema.ts';
import type { Conversation } from '../conversation/conversation.ts';

/** A way to present a credential. */
export type Form = NonNullable<ClientSession['form']>;

/** The steps of a client, in the form of a scenario file. */
export type ClientSteps = Extract<NonNullable<ScenarioFile['client']>, readonly unknown[]>;

/** What the runner knows about a socket, apart from its requirements. */
export interface RunnerDialect {
  /** Its name in reports, before its path. */
  readonly title: string;
  /** Its name when the context does not show the service. */
  readonly fullTitle: string;
  /** The requirement that something is served at its path. */
  readonly atPath: RequirementId;
  /** How its credential may be presented, the usual way first. */
  readonly forms: readonly [Form, ...Form[]];
  /** The parameters of a connection unless a scenario names others. */
  readonly query: Readonly<Record<string, string>>;
  /** The first steps of a client's script. */
  readonly begin: ClientSteps;
  /** What a client of the REST API does when it connects. */
  readonly visit: ClientSteps;
  /** The forms that are for access tokens, if its service issues any. */
  readonly tokenForms: readonly Form[];
  /** Whether only the upgrade shows a client that there is a session; otherwise a message does. */
  readonly isOpenAtOnce: boolean;
  /** Whether the request of a connection is valid, whatever its credential. */
  readonly isInOrder: (conversation: Conversation) => boolean;
}
