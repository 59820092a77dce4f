import { sleep } from '../../runtime/wait.ts';
import { mainSocketIn, type Scope, type SocketDialect } from '../../protocol/dialects.ts';
import type { Form } from '../dialects/dialect.ts';
import { RUNNER_DIALECTS } from '../dialects/dialects.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { playScenario, type Played } from './play-scenario.ts';
import type { Target } from './target.ts';

/** What the first connection to a server has shown. */
export interface Preflight {
  readonly plays: readonly Played[];
  /** Whether nothing more can be learned. */
  readonly isOver: boolean;
  /** Whether the service says that it is not running (503), so that it may have to be started. */
  readonly isDown: boolean;
  /** Why there was no answer, in plain words; undefined if there was one. The answer itself is in the plays. */
  readonly obstacle: string | undefined;
  /** What the server had not done yet when the run was stopped; undefined if it was not stopped during this check. */
  readonly pending: string | undefined;
  /** The form of the credential that the server accepted, if it refused the usual one. */
  readonly form: Form | undefined;
  readonly notes: readonly string[];
}

/** Connects once, and with another form of the credential if the usual one is refused. */
export async function preflight(scope: Scope, target: Target, isLive: boolean): Promise<Preflight> {
  const plays: Played[] = [];
  const notes: string[] = [];
  const open: Preflight = {
    plays,
    isOver: false,
    isDown: false,
    obstacle: undefined,
    pending: undefined,
    form: undefined,
    notes,
  };
  const dialect = mainSocketIn(scope);
  const [usual, ...others] = RUNNER_DIALECTS[dialect].forms;
  for (const form of [usual, ...others]) {
    if (target.signal?.aborted === true) break;
    const name = plays.length === 0 ? 'preflight' : `preflight-${form}`;
    const played = await playPatiently(probe(dialect, form), { target, name, plays, notes });
    const seen = statusOf(played);
    const taken = form === usual ? undefined : form;
    if (seen === 101) {
      if (taken !== undefined)
        notes.push(`The credential is accepted as ${form} only; the probes use this form.`);
      return { ...open, form: taken };
    }
    // A server may also say in an answer that it expects TLS.
    const [failure = seen === undefined ? 'no answer' : undefined] = played.failures;
    if (failure !== undefined) {
      const pending = pendingIn(failure, target);
      if (pending !== undefined) return { ...open, isOver: true, pending };
      const why = failure.replace(/^\w+(?:-\d+)?: /, '');
      return { ...open, isOver: true, obstacle: `No connection: ${why}` };
    }
    if (seen !== 401 && seen !== 403) {
      // A service that is not running does not check credentials, and a missing path does not either.
      return { ...open, isDown: seen === 503, form: taken };
    }
    // Live services block tokens after a few refused connections.
    if (isLive) return { ...open, isOver: true };
  }
  return open;
}

/** The number of retries after an error that passes by itself. */
const MOST_RETRIES = 2;
/** The wait for a name server that is temporarily unable to answer. */
const NAME_RETRY_MS = 1000;
/** A service may ask for a longer wait than a run can afford. */
const LONGEST_RETRY_S = 10;

interface Patience {
  readonly target: Target;
  readonly name: string;
  /** Plays are added here. */
  readonly plays: Played[];
  readonly notes: string[];
}

/** Plays a scenario, and repeats it after an error that is certain to pass. */
async function playPatiently(scenario: Scenario, { target, name, plays, notes }: Patience): Promise<Played> {
  for (let retry = 1; ; retry++) {
    const played = await playScenario(scenario, target, retry === 1 ? name : `${name}-again-${retry - 1}`);
    plays.push(played);
    const found = retry > MOST_RETRIES || target.signal?.aborted === true ? undefined : transientOf(played);
    if (found === undefined) return played;
    notes.push(`Tried again after ${found.waitMs / 1000} s: ${found.why}.`);
    await sleep(target.clock, found.waitMs, target.signal);
  }
}

function transientOf({
  events,
  failures,
}: Played): { readonly waitMs: number; readonly why: string } | undefined {
  if (failures.some((failure) => failure.includes('EAI_AGAIN'))) {
    return { waitMs: NAME_RETRY_MS, why: 'the name server had no answer' };
  }
  for (const event of events) {
    if (event.kind !== 'response' || (event.status !== 429 && event.status !== 503)) continue;
    const after = event.headers['retry-after'] ?? '';
    if (!/^\d{1,3}$/.test(after) || Number(after) > LONGEST_RETRY_S) continue;
    return { waitMs: Number(after) * 1000, why: `${event.status} with Retry-After: ${after}` };
  }
  return undefined;
}

function probe(dialect: SocketDialect, form: Form): Scenario {
  const steps = [...RUNNER_DIALECTS[dialect].begin, { close: 1000 }];
  const file: Scenario['file'] = { dialect, summary: 'A first look', client: { form, steps } };
  return { name: 'preflight', path: '', file };
}

function statusOf({ events }: Played): number | undefined {
  for (const event of events) if (event.kind === 'response') return event.status;
  return undefined;
}

function pendingIn(failure: string, { url }: Target): string | undefined {
  if (!failure.endsWith('when the run was stopped')) return undefined;
  const { host } = new URL(url);
  if (failure.includes('no connection')) return `${host} had not taken the connection`;
  const what = failure.includes('TLS') ? 'finished the TLS handshake' : 'answered the upgrade';
  return `${host} had taken the connection and not ${what}`;
}
