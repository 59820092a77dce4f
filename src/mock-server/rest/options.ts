import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../runtime/clock.ts';
import type { Keys } from '../dialects/keys.ts';
import type { Tokens } from '../dialects/reson8/tokens.ts';
import type { Caller } from '../upgrade/admission.ts';
import type { Forms } from './answers.ts';
import type { Models } from './reson8/models.ts';
import type { PrerecordedOptions } from './reson8/prerecorded.ts';
import type { RestScenarios } from './scenarios.ts';

/** What the calls of both services need from the server. */
export interface RestOptions extends Forms {
  readonly scenarios: RestScenarios;
  readonly clock: Clock;
  readonly keys: Keys;
  readonly tokens: Tokens;
  readonly prerecorded: PrerecordedOptions;
  /** Does something to the custom models of a key, which may have another name there. */
  readonly withModels: <T>(key: string, act: (models: Models, key: string) => T) => T | Promise<T>;
  /** What every request waits for; left out: nothing. */
  readonly before?: () => Promise<void>;
  /** Limits the time that a client takes for the body of a request. */
  readonly limitBody: (request: IncomingMessage, response: ServerResponse) => void;
  /** Called with the sender of a request, if it may present a token instead of its key. */
  readonly onCaller: (request: IncomingMessage, caller: Caller) => void;
  /** Called when there is nothing at the path of a request. */
  readonly onNotFound: (request: IncomingMessage) => void;
}
