import { VENDORS, type Vendor } from '../../protocol/dialects.ts';
import type { StandIns } from '../../wire/redact/stand-ins.ts';

/** What a minute of audio costs, for both services or for each; in any currency. */
export type Prices = Readonly<Partial<Record<Vendor, number>>>;

/** How much was heard, and what that would have cost. */
export interface Heard {
  /** Connections that sent audio, and recordings sent in one call. */
  readonly sessions: number;
  /** Seconds of audio. */
  readonly audioSeconds: number;
  /** At the price per minute, rounded to six decimals; absent without a price. */
  readonly cost?: number;
}

/** What was heard with one credential in one scenario. */
export interface UsageEntry extends Heard {
  /** The vendor. */
  readonly service: Vendor;
  /**
   * The stand-in of the token or key, as in traces; `none` if there was none, `others` for all beyond the first
   * thousand.
   */
  readonly token: string;
  /** The scenario, if one was selected. */
  readonly scenario?: string;
}

/** What a service would have charged for the audio that was heard since the start or the last reset. */
export interface Usage {
  /** Of both services. */
  readonly total: Heard;
  /** Of each service that has heard any audio. */
  readonly services: Readonly<Partial<Record<Vendor, Heard>>>;
  /** By credential and scenario, in the order in which they were first heard. */
  readonly entries: readonly UsageEntry[];
}

/** A connection or a call, as it is counted. */
export interface Use {
  readonly service: Vendor;
  readonly token: string | undefined;
  readonly scenario: string | undefined;
  readonly audioMs: number;
}

/** What was heard with one credential in one scenario. */
export interface Sum extends Use {
  readonly sessions: number;
  readonly isOthers: boolean;
}

/** Clients make tokens up: beyond this many combinations they are counted together. */
const MOST_ENTRIES = 1000;

/** Counts what was heard. Tokens are kept as they are, and are returned only as stand-ins. */
export class UsageMeter {
  readonly #sums = new Map<string, Sum>();

  add(use: Use): void {
    addTo(this.#sums, use);
  }

  clear(): void {
    this.#sums.clear();
  }

  /**
   * @param open what was heard so far on open connections
   * @param token counts this one only
   */
  usage(open: readonly Use[], prices: Prices, standIns: StandIns, token?: string): Usage {
    return usageOfSums(this.sums(open), prices, standIns, token);
  }

  /** What was heard, with what is heard on connections that are still open. */
  sums(open: readonly Use[]): readonly Sum[] {
    const sums = new Map(this.#sums);
    for (const use of open) addTo(sums, use);
    return [...sums.values()];
  }
}

/** What several workers or replicas have heard together. */
export function sumsTogether(all: readonly (readonly Sum[])[]): readonly Sum[] {
  const sums = new Map<string, Sum>();
  for (const sum of all.flat()) addTo(sums, sum, sum);
  return [...sums.values()];
}

/** @param token only of this one */
export function usageOfSums(sums: readonly Sum[], prices: Prices, standIns: StandIns, token?: string): Usage {
  const counted = sums.filter((sum) => token === undefined || sum.token === token);
  const priced = VENDORS.flatMap((vendor) => {
    const of = counted.filter(({ service }) => service === vendor);
    return of.length === 0 ? [] : [[vendor, heard(of, prices)] as const];
  });
  return {
    total: heard(counted, prices),
    services: Object.fromEntries(priced),
    entries: counted.map((sum) => ({
      service: sum.service,
      token: sum.isOthers ? 'others' : sum.token === undefined ? 'none' : standIns.of(sum.token),
      ...(sum.scenario === undefined ? {} : { scenario: sum.scenario }),
      ...heard([sum], prices),
    })),
  };
}

function addTo(
  sums: Map<string, Sum>,
  use: Use,
  { sessions, isOthers: wasOthers }: Pick<Sum, 'sessions' | 'isOthers'> = { sessions: 1, isOthers: false },
): void {
  if (use.audioMs <= 0) return;
  const { service, token, scenario } = use;
  const own = JSON.stringify([service, token, scenario]);
  const isOthers = wasOthers || (!sums.has(own) && sums.size >= MOST_ENTRIES);
  const name = isOthers ? JSON.stringify([service]) : own;
  const before = sums.get(name);
  const about = isOthers ? { service, token: undefined, scenario: undefined } : { service, token, scenario };
  sums.set(name, {
    ...about,
    isOthers,
    sessions: (before?.sessions ?? 0) + sessions,
    audioMs: (before?.audioMs ?? 0) + use.audioMs,
  });
}

function heard(sums: readonly Sum[], prices: Prices): Heard {
  const sessions = sums.reduce((sum, each) => sum + each.sessions, 0);
  const audioMs = sums.reduce((sum, each) => sum + each.audioMs, 0);
  const costs = sums.flatMap(({ service, audioMs: ms }) => {
    const price = prices[service];
    return price === undefined ? [] : [(ms / 60_000) * price];
  });
  const cost = costs.reduce((sum, each) => sum + each, 0);
  return {
    sessions,
    audioSeconds: Math.round(audioMs) / 1000,
    ...(Object.keys(prices).length === 0 || costs.length < sums.length ? {} : { cost: rounded(cost) }),
  };
}

function rounded(cost: number): number {
  return Math.round(cost * 1e6) / 1e6;
}
