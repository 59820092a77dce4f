import type { KeptParts, KeptFor } from '../start/assemble.ts';
import { namesOf } from '../selection/selection.ts';
import { SaidModels } from './said/models.ts';
import { SaidRest } from './said/rest.ts';
import { SaidService, type SaidState } from './said/service.ts';
import { ASSIGNED } from './says.ts';
import type { SharedState } from './shared.ts';
import { Upgrades } from './upgrades.ts';

const SERVICE = 's';

/** What tests set, shared by all replicas. */
export interface KeptShared extends KeptParts {
  readonly service: SaidService;
  readonly rest: SaidRest;
  readonly saidModels: SaidModels;
  readonly upgrades: Upgrades;
}

/** Shares what tests set with the other replicas. */
export function keepShared(shared: SharedState, basis: KeptFor): KeptShared {
  const { options, clock, feed, catalog, defaults } = basis;
  const { said } = shared;
  const assignments = {
    get: (token: string) => said.get(`${ASSIGNED}${shared.mark(token)}`),
    set: notHere,
    delete: notHere,
    clear: notHere,
    get size() {
      return [...said.keys()].filter((field) => field.startsWith(ASSIGNED)).length;
    },
  };
  const names = namesOf(catalog, defaults, assignments);
  const service = new SaidService({
    clock,
    read: () => {
      const text = said.get(SERVICE);
      return text === undefined ? { ...options.service, sinceMs: 0 } : (JSON.parse(text) as SaidState);
    },
    say: (decide) => shared.say(decide),
    fieldsOf: (state) => ({ [SERVICE]: JSON.stringify(state) }),
    onChange: (state) => feed.add({ event: 'service', state }),
  });
  const rest = new SaidRest({ names, catalog, service, options: options.service, clock, shared });
  const saidModels = new SaidModels(options.seed, shared);
  const upgrades = new Upgrades(shared, names, catalog);
  return {
    ...{ assignments, service, rest, saidModels, upgrades },
    selection: { select: notHere, hasName: (name) => names.hasName(name), reset: () => undefined },
    models: {
      phrasesOf: (key, id) => saidModels.phrasesOf(key, id),
      clear: () => undefined,
    },
    withModels: (key, act) => saidModels.with(key, act),
    shared: upgrades,
    before: () => shared.current(),
  };
}

/** With several replicas, tests set things through the control API only. */
function notHere(): never {
  throw new Error('this is decided by all replicas together: the control API has it');
}
