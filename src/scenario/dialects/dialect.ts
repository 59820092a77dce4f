import type { ClientStepFile } from '../schema/client.ts';
import type { Step } from '../script.ts';

/** What a message of a client may ask for. */
export type Command = 'start' | 'stop' | 'flush';

/** What a message of a server is, in the words of all dialects. */
export type Saying = 'partial' | 'final' | 'state' | 'error' | 'confirmation' | 'other';

type Fields = Readonly<Record<string, unknown>>;

/** What scenarios know of a dialect. */
export interface ScenarioDialect {
  /** How a connection begins, up to where the server takes audio; nothing for calls over HTTP. */
  readonly opening: readonly Step[];
  /** What a client does that does everything right, as a file has it. */
  readonly clientSteps: readonly ClientStepFile[];
  /** What its clients send that can be filled into a message, besides what a request has. */
  readonly placeholders: readonly string[];
  /** What its clients never say, by the condition about it, and why. */
  readonly unsaid: Readonly<Partial<Record<'start' | 'message', string>>>;
  /** What a message of a client asks for. */
  readonly commandOf: (fields: Fields) => Command | undefined;
  /** What a message of a server is, however wrong it may be otherwise. */
  readonly sayingOf: (fields: Fields) => Saying;
}
