import { isSocket, mainSocketIn, type Scope } from '../../protocol/dialects.ts';
import type { Requirement } from '../../protocol/requirement.ts';
import { clientScriptOf } from '../../scenario/client-script.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { isOfTimes } from '../blame/mistakes.ts';
import { basesOf } from '../blame/rests-on.ts';
import { isMadeFor } from '../explore/made-for.ts';
import { withTellers } from '../judge/mixtures.ts';
import { PROFILES, type ConformanceOptions } from '../server-run-options.ts';

/** The name of a probe's play in reports. */
export function playNameOf({ name, file }: Scenario): string {
  return `${file.dialect}/${name}`;
}

/**
 * The probes that some requirements need: those played for one of them, and the controls with which these are compared.
 * A probe that declares no requirements is always needed.
 */
export function neededFor(chosen: readonly Requirement[], probes: readonly Scenario[]): readonly Scenario[] {
  const ids = new Set([...withTellers(chosen).map(({ id }) => id), ...basesOfTimes(chosen)]);
  const own = probes.filter(({ file }) => file.exercises?.some((id) => ids.has(id)) ?? true);
  const controls = own.flatMap(({ file }) => file.controls?.map((name) => `${file.dialect}/${name}`) ?? []);
  return probes.filter((probe) => own.includes(probe) || controls.includes(playNameOf(probe)));
}

/**
 * Wrong times break several requirements, and the most basic one reports them, so the run has to exercise that one too.
 */
function basesOfTimes(chosen: readonly Requirement[]): readonly string[] {
  return chosen.filter(({ id }) => isOfTimes(id)).flatMap(({ id }) => basesOf(id).filter(isOfTimes));
}

/** What a run plays: its probes, and the number of generated sessions. */
interface Needed {
  readonly probes: readonly Scenario[];
  readonly runs: number;
}

/** What a run needs for its requirements. Whatever was asked for explicitly is played in any case. */
export function neededIn(
  options: Pick<ConformanceOptions, 'profile' | 'runs' | 'scenarios' | 'transcript'> & {
    readonly dialect?: Scope;
  },
  chosen: readonly Requirement[],
  bundled: readonly Scenario[],
): Needed {
  const { profile = 'full', scenarios, transcript, dialect } = options;
  const isMadeUp =
    scenarios === undefined &&
    chosen.some((each) => isMadeFor(each.id) && (dialect === undefined || isOfMain(each, dialect)));
  const own = neededFor(chosen, bundled);
  const isCompared = ({ name, file }: Scenario) =>
    transcript !== undefined &&
    name === SPOKEN &&
    (dialect === undefined || file.dialect === mainSocketIn(dialect));
  return {
    probes: scenarios ?? bundled.filter((probe) => own.includes(probe) || isCompared(probe)),
    runs: options.runs ?? (isMadeUp ? PROFILES[profile].runs : 0),
  };
}

/** Generated sessions are those of the socket with which a run begins. */
function isOfMain({ dialects }: Requirement, scope: Scope): boolean {
  return dialects.includes(mainSocketIn(scope));
}

/** The probe whose recognised words are compared with a transcript. */
const SPOKEN = 'speech';

/** The probe that starts a service that is down, if another probe needs it running. */
export function startFor(probes: readonly Scenario[], bundled: readonly Scenario[]): readonly Scenario[] {
  const isOfCalls = ({ file }: Scenario) => !isSocket(file.dialect);
  if (probes.every(isOfCalls)) return [];
  return bundled.filter((probe) => isOfCalls(probe) && !probes.includes(probe) && starts(probe));
}

function starts(probe: Scenario): boolean {
  return clientScriptOf(probe).sessions.some(
    ({ credential, steps }) =>
      credential === 'admin' && steps.some((step) => step.verb === 'call' && step.call === 'initialize'),
  );
}
