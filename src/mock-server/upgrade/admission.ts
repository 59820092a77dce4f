import type { EditionNames } from '../../protocol/editions.ts';
import { UserError } from '../../runtime/errors.ts';
import type {
  AdmissionContext,
  HttpAnswer,
  Opening,
  ServerDialect,
  UpgradeRequest,
} from '../dialects/dialect.ts';
import type { Keys, KeyVerdict } from '../dialects/keys.ts';
import type { Tokens } from '../dialects/reson8/tokens.ts';
import type { Models } from '../rest/reson8/models.ts';
import type { RestScenarios } from '../rest/scenarios.ts';
import { editionsFor } from '../selection/editions.ts';
import { planOf, type Plan } from '../selection/plan.ts';
import type { Selection } from '../selection/selection.ts';
import type { SharedUpgrades } from './shared.ts';

/** Decides which upgrade requests are admitted, and with what settings. */
export interface Admission {
  /**
   * Admits a request, or returns the answer that refuses it. A plan may admit refused clients, to tell them why in the
   * session, but not beyond the limit of connections. Errors that it throws are answered with 500.
   */
  admit(
    dialect: ServerDialect,
    request: UpgradeRequest,
    editions: EditionNames,
    plan: Plan | undefined,
  ): Opening | HttpAnswer;
  /** What the admission of a request depends on that other processes do not know. */
  groundsOf(dialect: ServerDialect, request: UpgradeRequest, editions: EditionNames): Grounds;
  /** The answer when the limit of connections is reached; undefined while there is room. */
  fullAnswer(dialect: ServerDialect): HttpAnswer | undefined;
  /** The sender of a request. */
  callerOf(dialect: ServerDialect, request: UpgradeRequest): Caller;
  /** Whether the credential of a request is valid, and what it allows. */
  credentialOf(dialect: ServerDialect, request: UpgradeRequest): KeyVerdict;
  /** The editions that a request asks for; those of the server if it asks for unknown ones. */
  editionsOf(dialect: ServerDialect, request: UpgradeRequest): EditionNames;
  /** The editions and the scenario for a request. A UserError that it throws, or rejects with, is answered with 400. */
  select(dialect: ServerDialect, request: UpgradeRequest): Chosen | Promise<Chosen>;
}

/** The sender of a request, by which scenarios are assigned and tests wait for one client. */
export interface Caller {
  /** Its credential; for an access token of the fake, the key that the token was issued for. */
  readonly token: string | undefined;
  /** Whether it presented an access token of the fake rather than the key. */
  readonly hasAccessToken: boolean;
}

/** What was selected for a request. */
export interface Chosen {
  readonly editions: EditionNames;
  /** The plan of its scenario, if it has one. */
  readonly plan: Plan | undefined;
  /** The number of its session, where several replicas number them together. */
  readonly number?: number;
}

/** What decides how a request is admitted and may differ between processes or over time. */
export interface Grounds {
  /** What its credential allows. */
  readonly verdict: KeyVerdict;
  /** Whether the service behind it was ready. */
  readonly isReady: boolean;
  /** The phrases of the custom models that it names; undefined for an unknown model. */
  readonly phrases: ReadonlyMap<string, readonly string[] | undefined>;
}

/** What admission needs from the server. */
export interface AdmissionOptions {
  readonly keys: Keys;
  readonly tokens: Tokens;
  readonly selection: Selection;
  /** Set if several replicas decide together. */
  readonly shared: SharedUpgrades | undefined;
  readonly rest: RestScenarios;
  readonly models: Pick<Models, 'phrasesOf'>;
  readonly editions: EditionNames;
  readonly seed: number;
  readonly maxSessions: number;
  /** The number of connections that are open or wait for their answer. */
  readonly size: () => number;
}

/** Admission to one server. */
export function newAdmission({
  keys,
  tokens,
  selection,
  shared,
  rest,
  models,
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
  const keysAndService = (dialect: ServerDialect, request: UpgradeRequest) => ({
    keys: keysOf(dialect),
    ready: rest.serviceOf(dialect.tokenOf(request)).status === 'ready',
    phrasesOf: (id: string) => models.phrasesOf(callerOf(dialect, request).token, id),
  });
  const fullAnswer = (dialect: ServerDialect) =>
    size() >= maxSessions ? dialect.full(`More than ${maxSessions} connections`) : undefined;
  const selectTogether = async (
    together: SharedUpgrades,
    dialect: ServerDialect,
    request: UpgradeRequest,
  ): Promise<Chosen> => {
    const editions = editionsFor(dialect.name, request, undefined, ofServer);
    const by = { ...request, token: callerOf(dialect, request).token };
    const mayOpen = () => {
      const context = { ...keysAndService(dialect, request), editions };
      return !('status' in admit(dialect, request, context, undefined)) && fullAnswer(dialect) === undefined;
    };
    const { selected, number } = await together.select(dialect.name, by, mayOpen);
    if (selected === undefined) {
      const service = dialect.hasService ? rest.selectService(by) : undefined;
      if (service !== undefined) await service;
      return { editions, plan: undefined, number };
    }
    const own = editionsFor(dialect.name, request, selected.scenario.file.edition, ofServer);
    return { editions: own, plan: await planOf(selected, dialect.name, seed, own), number };
  };
  return {
    callerOf,
    fullAnswer,
    admit(dialect, request, editions, plan) {
      const context = { ...keysAndService(dialect, request), editions };
      const admitted = admit(dialect, request, context, plan);
      return 'status' in admitted ? admitted : (fullAnswer(dialect) ?? admitted);
    },
    groundsOf(dialect, request, editions) {
      const { keys, ready, phrasesOf } = keysAndService(dialect, request);
      const phrases = new Map<string, readonly string[] | undefined>();
      const noted = (id: string) => {
        phrases.set(id, phrasesOf(id));
        return phrases.get(id);
      };
      // A request that is admitted again later has the same grounds.
      dialect.admit(request, { keys, ready, editions, phrasesOf: noted });
      return { verdict: keys(dialect.tokenOf(request)), isReady: ready, phrases };
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
      if (shared !== undefined) return selectTogether(shared, dialect, request);
      // First, because nothing would handle the rejection of `selecting` if this threw after it.
      const editions = editionsFor(dialect.name, request, undefined, ofServer);
      const by = { ...request, token: callerOf(dialect, request).token };
      const selecting = selection.select(dialect.name, by);
      // A REST scenario can keep the service of its token from becoming ready. If the socket knows the name, it is the
      // socket's scenario.
      const service = dialect.hasService && selecting === undefined ? rest.selectService(by) : undefined;
      if (service === undefined && selecting === undefined) return { editions, plan: undefined };
      return Promise.all([selecting, service]).then(async ([selected]) => {
        if (selected === undefined) return { editions, plan: undefined };
        const own = editionsFor(dialect.name, request, selected.scenario.file.edition, ofServer);
        return { editions: own, plan: await planOf(selected, dialect.name, seed, own) };
      });
    },
  };
}

/**
 * Admits a request, or returns the answer that refuses it. Every process comes to the same result from the same
 * arguments.
 */
export function admit(
  dialect: ServerDialect,
  request: UpgradeRequest,
  context: AdmissionContext,
  plan: Plan | undefined,
): Opening | HttpAnswer {
  const answer = dialect.admit(request, context);
  if ('status' in answer) return toldInside(dialect, request, answer, context.editions, plan);
  const { failure } = answer;
  // A stream reports every failure in a message.
  return failure !== undefined && plan?.refusals === 'close'
    ? { ...answer, failure: { ...failure, isSilent: true } }
    : answer;
}

/** Admits a refused client if the plan says so, to tell it why in the session; otherwise the refusal stands. */
function toldInside(
  dialect: ServerDialect,
  request: UpgradeRequest,
  answer: HttpAnswer,
  editions: EditionNames,
  plan: Plan | undefined,
): Opening | HttpAnswer {
  if (plan?.refusals === undefined) return answer;
  const failure = dialect.failureOf(answer);
  return dialect.letIn(
    request,
    plan.refusals === 'close' ? { ...failure, isSilent: true } : failure,
    editions,
  );
}
