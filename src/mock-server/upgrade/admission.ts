import type { EditionNames } from '../../protocol/editions.ts';
import { UserError } from '../../runtime/errors.ts';
import type { HttpAnswer, Opening, ServerDialect, UpgradeRequest } from '../dialects/dialect.ts';
import type { Keys, KeyVerdict } from '../dialects/keys.ts';
import type { Tokens } from '../dialects/reson8/tokens.ts';
import type { RestScenarios } from '../rest/scenarios.ts';
import { editionsFor } from '../selection/editions.ts';
import { planOf, type Plan } from '../selection/plan.ts';
import type { Selection } from '../selection/selection.ts';

/** Decides which requests are accepted, and with what. */
export interface Admission {
  /** Accepts a request, or returns the answer to it. Errors that it throws are answered with 500. */
  admit(dialect: ServerDialect, request: UpgradeRequest, editions: EditionNames): Opening | HttpAnswer;
  /** Who presents a request. */
  callerOf(dialect: ServerDialect, request: UpgradeRequest): Caller;
  /** What the credential of a request is worth. */
  credentialOf(dialect: ServerDialect, request: UpgradeRequest): KeyVerdict;
  /** The editions that a request asks for, or those of the server where that means nothing. */
  editionsOf(dialect: ServerDialect, request: UpgradeRequest): EditionNames;
  /** What a request selects. A UserError that it throws is answered with 400. */
  select(dialect: ServerDialect, request: UpgradeRequest): Chosen | Promise<Chosen>;
}

/** Who has sent a request, for scenarios, assignments and tests that wait for one client. */
export interface Caller {
  /** What it authenticates with: of an access token that the fake has made, the key that it came from. */
  readonly token: string | undefined;
  /** Whether it has presented an access token of ours instead of the key. */
  readonly hasAccessToken: boolean;
}

/** What a request has selected. */
export interface Chosen {
  readonly editions: EditionNames;
  /** Of its scenario, if it has one. */
  readonly plan: Plan | undefined;
}

export interface AdmissionOptions {
  readonly keys: Keys;
  readonly tokens: Tokens;
  readonly selection: Selection;
  readonly rest: RestScenarios;
  readonly editions: EditionNames;
  readonly seed: number;
  readonly maxSessions: number;
  /** The connections that are open or wait for their answer. */
  readonly size: () => number;
}

export function newAdmission({
  keys,
  tokens,
  selection,
  rest,
  editions: ofServer,
  seed,
  maxSessions,
  size,
}: AdmissionOptions): Admission {
  const keysOf = ({ takesTokens }: ServerDialect) => (takesTokens === true ? tokens.keys : keys);
  const callerOf = (dialect: ServerDialect, request: UpgradeRequest): Caller => {
    const token = dialect.tokenOf(request);
    const read = token === undefined || dialect.takesTokens !== true ? undefined : tokens.read(token);
    if (read === undefined || read === 'forged') return { token, hasAccessToken: false };
    return { token: read.key, hasAccessToken: true };
  };
  return {
    callerOf,
    admit(dialect, request, editions) {
      const ready = rest.serviceOf(dialect.tokenOf(request)).status === 'ready';
      const admitted = dialect.admit(request, { keys: keysOf(dialect), ready, editions });
      const isFull = !('status' in admitted) && size() >= maxSessions;
      return isFull ? dialect.full(`More than ${maxSessions} connections`) : admitted;
    },
    credentialOf: (dialect, request) => keysOf(dialect)(dialect.tokenOf(request)),
    editionsOf(dialect, request) {
      try {
        return editionsFor(dialect.name, request, undefined, ofServer);
      } catch (error) {
        if (error instanceof UserError) return ofServer;
        throw error;
      }
    },
    select(dialect, request) {
      const by = { ...request, token: callerOf(dialect, request).token };
      const selecting = selection.select(dialect.name, by);
      // A REST scenario can keep its token's service from being ready; but a name is first of all the connection's own.
      const service = dialect.hasService && selecting === undefined ? rest.select(by) : undefined;
      const editions = editionsFor(dialect.name, request, undefined, ofServer);
      if (service === undefined && selecting === undefined) return { editions, plan: undefined };
      return Promise.all([selecting, service]).then(async ([selected]) => {
        if (selected === undefined) return { editions, plan: undefined };
        const own = editionsFor(dialect.name, request, selected.scenario.file.edition, ofServer);
        return { editions: own, plan: await planOf(selected, dialect.name, seed, own) };
      });
    },
  };
}
