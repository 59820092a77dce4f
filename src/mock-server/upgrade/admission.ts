import type { HttpAnswer, Opening, ServerDialect, UpgradeRequest } from '../dialects/dialect.ts';
import type { Keys, KeyVerdict } from '../dialects/keys.ts';
import type { RestScenarios } from '../rest/scenarios.ts';
import { planOf, type Plan } from '../selection/plan.ts';
import type { Selection } from '../selection/selection.ts';

/** Decides who gets in, and with what. */
export interface Admission {
  /** Lets a request in, or says what to answer it. What it throws is answered with 500. */
  admit(dialect: ServerDialect, request: UpgradeRequest): Opening | HttpAnswer;
  /** What the credential of a request is worth. */
  credentialOf(dialect: ServerDialect, request: UpgradeRequest): KeyVerdict;
  /** The scenario that a request selects, if any. A UserError that it throws is answered with 400. */
  plan(dialect: ServerDialect, request: UpgradeRequest): Promise<Plan | undefined> | undefined;
}

export interface AdmissionOptions {
  readonly keys: Keys;
  readonly selection: Selection;
  readonly rest: RestScenarios;
  readonly seed: number;
  readonly maxSessions: number;
  /** The connections that are open or wait for their answer. */
  readonly size: () => number;
}

export function newAdmission({
  keys,
  selection,
  rest,
  seed,
  maxSessions,
  size,
}: AdmissionOptions): Admission {
  return {
    admit(dialect, request) {
      const ready = rest.serviceOf(dialect.tokenOf(request)).status === 'ready';
      const admitted = dialect.admit(request, { keys, ready });
      const isFull = !('status' in admitted) && size() >= maxSessions;
      return isFull ? dialect.full(`More than ${maxSessions} connections`) : admitted;
    },
    credentialOf: (dialect, request) => keys(dialect.tokenOf(request)),
    plan(dialect, request) {
      const by = { ...request, token: dialect.tokenOf(request) };
      const selecting = selection.select(dialect.name, by);
      // A REST scenario can keep its token's service from being ready; but a name is first of all the connection's own.
      const service = dialect.hasService && selecting === undefined ? rest.select(by) : undefined;
      if (service === undefined && selecting === undefined) return undefined;
      return Promise.all([selecting, service]).then(
        ([selected]) => selected && planOf(selected, dialect.name, seed),
      );
    },
  };
}
