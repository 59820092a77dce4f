import { happyPath } from '../happy-path.ts';
import { DEFAULT_EDITIONS, type EditionNames } from '../../protocol/editions.ts';
import type { SocketDialect } from '../../protocol/dialects.ts';
import { conditionOf } from './condition.ts';
import { inEdition } from './in-edition.ts';
import { compileSteps, type Compiler } from './steps.ts';
import { durationMsOf } from './values.ts';
import type { Scenario } from '../scenario.ts';
import type { HandshakeFile, PlainHandshakeFile } from '../schema/server.ts';
import type { ServerStepFile } from '../schema/server-steps.ts';
import type { Step } from '../script.ts';
import type { Condition } from '../told.ts';

/** The answer to an upgrade: always the same, or dependent on its request. */
export type Handshake = PlainHandshake | HandshakeWhen;

/** An answer that depends on a condition. */
export interface HandshakeWhen {
  readonly kind: 'when';
  readonly condition: Condition;
  readonly then: PlainHandshake;
  readonly otherwise: PlainHandshake | undefined;
}

/** What happens to an upgrade instead of a plain 101. */
export type PlainHandshake =
  | { readonly kind: 'hang' | 'drop' | 'reset' | 'unreachable' }
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: unknown;
      readonly afterMs: number;
    }
  | {
      readonly kind: 'open';
      readonly headers: Readonly<Record<string, string>>;
      readonly afterMs: number;
      /** Selects this subprotocol, or none; if omitted, the one that the dialect selects. */
      readonly subprotocol?: string | false;
    };

/** What the server does on one connection of a scenario. */
export interface CompiledAttempt {
  readonly handshake: Handshake | undefined;
  /** How a client is refused, other than by an answer to the upgrade. */
  readonly refusals?: 'in-band' | 'close';
  readonly steps: readonly Step[];
}

/** What the script of a connection depends on in addition to its scenario. */
export interface CompileOptions {
  readonly dialect: SocketDialect;
  /** The editions of the services (`documents`). */
  readonly editions?: EditionNames;
  readonly seed: number;
  /**
   * Which connection of its token this is, from 0: the scenario's attempts are used in turn, and the last one repeats.
   */
  readonly attempt: number;
}

/** What a scenario's server does on its `attempt`-th connection. Pure: chance comes from the seed. */
export function compileAttempt({ file }: Scenario, options: CompileOptions): CompiledAttempt {
  const { server } = file;
  const { dialect, editions = DEFAULT_EDITIONS } = options;
  const seed = file.seed ?? options.seed;
  const given = pickAttempt(server, options.attempt);
  const compiler: Compiler = {
    dialect,
    seed,
    attempt: options.attempt,
  };
  return {
    handshake: given.handshake === undefined ? undefined : compileHandshake(given.handshake),
    ...(given.refusals === undefined ? {} : { refusals: given.refusals }),
    steps:
      given.steps === undefined
        ? happyPath(dialect, editions)
        : inEdition(compileSteps(given.steps, compiler, 'server'), dialect, editions),
  };
}

/** For how many connections of one token a scenario has a script. */
export function attemptCountOf({ file: { server } }: Scenario): number {
  return server !== undefined && 'attempts' in server ? server.attempts.length : 1;
}

interface AttemptFile {
  readonly handshake?: HandshakeFile | undefined;
  readonly refusals?: 'in-band' | 'close' | undefined;
  readonly steps?: readonly ServerStepFile[] | undefined;
}

function pickAttempt(server: Scenario['file']['server'], attempt: number): AttemptFile {
  if (server === undefined) return {};
  if (Array.isArray(server)) return { steps: server };
  if ('attempts' in server) {
    const one = server.attempts[Math.min(attempt, server.attempts.length - 1)] ?? [];
    return Array.isArray(one) ? { steps: one } : one;
  }
  return 'handshake' in server || 'refusals' in server || 'steps' in server ? server : {};
}

function compileHandshake(value: HandshakeFile): Handshake {
  if (typeof value === 'string' || !('when' in value)) return compilePlain(value);
  const { when, then, else: otherwise } = value;
  return {
    kind: 'when',
    condition: conditionOf(when),
    then: compilePlain(then),
    otherwise: otherwise === undefined ? undefined : compilePlain(otherwise),
  };
}

function compilePlain(value: PlainHandshakeFile): PlainHandshake {
  if (typeof value === 'string') return { kind: value };
  const { headers = {}, after } = value;
  const afterMs = durationMsOf(after) ?? 0;
  if ('status' in value) return { kind: 'answer', status: value.status, headers, body: value.body, afterMs };
  const { subprotocol } = value;
  return { kind: 'open', headers, afterMs, ...(subprotocol === undefined ? {} : { subprotocol }) };
}
