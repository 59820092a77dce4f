import { DIALECTS, isSocket } from '../../protocol/dialects.ts';
import { clientScriptOf, type ClientScript, type ClientStep } from '../../scenario/client-script.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { Cost } from './budget.ts';
import { visitOf } from './calls.ts';
import { presentsToken } from './issued.ts';
import { BYTES_PER_MS } from './sounds.ts';
import type { Credentials, Target } from './target.ts';
import { bothNames } from '../report/both-names.ts';

/** The cost of playing a scenario once. @throws UserError for audio that cannot be read */
export function costOf(scenario: Scenario, { sounds }: Pick<Target, 'sounds'>): Cost {
  const { sessions } = clientScriptOf(scenario);
  let audioMs = 0;
  const { dialect } = scenario.file;
  const ofSockets = isSocket(dialect) ? sessions : [];
  let requests = ofSockets.length + ofSockets.filter((each) => presentsToken(each, dialect)).length;
  const add = (step: ClientStep) => {
    if (step.verb === 'call') audioMs += step.audioMs;
    if (step.verb === 'audio')
      audioMs += step.durationMs ?? sounds.sound(step.file).pcm.length / BYTES_PER_MS;
    if (step.verb === 'connect') visitOf(dialect).forEach(add);
    if (step.verb === 'call' || step.verb === 'connect') requests += 1;
  };
  sessions.flatMap(({ steps }) => steps).forEach(add);
  return { audioMs, sessions: requests };
}

/** The total cost of those that can be played, and of the first connection. */
export function costOfAll(
  scenarios: readonly Scenario[],
  means: Means,
  target: Pick<Target, 'sounds'>,
): Cost {
  let { audioMs, sessions }: Cost = { audioMs: 0, sessions: 1 };
  for (const scenario of scenarios) {
    if (obstacleTo(scenario, means) !== undefined) continue;
    const cost = costOf(scenario, target);
    audioMs += cost.audioMs;
    sessions += cost.sessions;
  }
  return { audioMs, sessions };
}

/** What a run may do, and what it has been given to do it with. */
export interface Means {
  readonly credentials: Credentials;
  readonly streamSource: string | undefined;
  readonly mayInitialize: boolean;
}

const FLAG = {
  valid: bothNames('--token', 'credentials.valid'),
  admin: bothNames('--admin-token', 'credentials.admin'),
  user: bothNames('--user-token', 'credentials.user'),
  invalid: bothNames('--bad-token', 'credentials.invalid'),
} as const;

/** Why a scenario cannot be played; undefined if it can. */
export function obstacleTo(scenario: Scenario, means: Means): string | undefined {
  const script = clientScriptOf(scenario);
  for (const { credential, token } of script.sessions) {
    if (token !== undefined || credential === 'missing') continue;
    if (!isGiven(credential, means.credentials)) return `it needs ${FLAG[credential]}, which was not given`;
  }
  if (!means.mayInitialize && initializes(script)) {
    return `it calls initialize, which may start a service that costs money; ${bothNames('--allow-scale', 'allowScale')} permits it`;
  }
  const isFetched =
    DIALECTS[scenario.file.dialect].audio === 'fetched' &&
    script.sessions.some(({ query }) => query['url'] !== false);
  if (isFetched && means.streamSource === undefined) {
    return `the server cannot fetch from this machine: ${bothNames('--stream-source', 'streamSource')} names a base that it can reach`;
  }
  return undefined;
}

function isGiven(credential: keyof typeof FLAG, credentials: Credentials): boolean {
  if (credential === 'valid' || credential === 'admin') {
    return (credentials.valid ?? credentials.admin) !== undefined;
  }
  return credentials[credential] !== undefined;
}

function initializes({ sessions }: ClientScript): boolean {
  return sessions.some(({ credential, steps }) =>
    // A run that may not start anything does not call initialize.
    steps.some((step) => step.verb === 'call' && step.call === 'initialize' && isEntitled(credential)),
  );
}

function isEntitled(credential: string): boolean {
  return credential !== 'missing' && credential !== 'invalid';
}
