import type { RequirementId } from '../../protocol/requirements.ts';
import type { ClientSession } from '../../scenario/client-script.ts';
import type { ScenarioFile } from '../../scenario/schema.ts';
import type { Conversation } from '../conversation/conversation.ts';

/** A way to present a credential. */
export type Form = NonNullable<ClientSession['form']>;

/** What a client does, as a scenario file has it. */
export type ClientSteps = Extract<NonNullable<ScenarioFile['client']>, readonly unknown[]>;

/** What the runner knows of a socket, besides its requirements. */
export interface RunnerDialect {
  /** What it is called before its path. */
  readonly title: string;
  /** What it is called where its service is not known from the rest. */
  readonly fullTitle: string;
  /** The requirement that something is at its path. */
  readonly atPath: RequirementId;
  /** How its credential may be presented, the usual way first. */
  readonly forms: readonly [Form, ...Form[]];
  /** The parameters of a connection that says nothing else. */
  readonly query: Readonly<Record<string, string>>;
  /** What a client says first. */
  readonly begin: ClientSteps;
  /** Whether the upgrade is all that tells a client that there is a session; else there is a message. */
  readonly isOpenAtOnce: boolean;
  /** Whether what a connection asks for is in order, whoever asks. */
  readonly isInOrder: (conversation: Conversation) => boolean;
}
