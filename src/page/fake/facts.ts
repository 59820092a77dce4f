import { call } from '../api.ts';

/** What is set for the whole fake. */
export interface Facts {
  readonly scenarios: readonly { readonly dialect: string; readonly name: string }[];
  readonly defaults: Readonly<Record<string, string>>;
  readonly service: string;
  readonly clock: { readonly mode: string; readonly nowMs: number };
}

/** Asks the fake. */
export async function readFacts(): Promise<Facts> {
  const [scenarios, defaults, service, clock] = await Promise.all(
    ['scenarios', 'scenario', 'service', 'clock'].map((path) => call(path)),
  );
  return {
    scenarios: (scenarios as { readonly scenarios: Facts['scenarios'] }).scenarios,
    defaults: (defaults as { readonly scenario: Facts['defaults'] }).scenario,
    service: (service as { readonly state: string }).state,
    clock: clock as Facts['clock'],
  };
}
