import type { Clock } from '../../../runtime/clock.ts';
import type { Catalog } from '../../../scenario/catalog.ts';
import { parseDuration } from '../../../runtime/duration.ts';
import type { RestDialect } from '../../../scenario/dialects/calls.ts';
import type { Scenario } from '../../../scenario/scenario.ts';
import { answerTo, restOf, serviceOptions, type RestScenarios } from '../../rest/scenarios.ts';
import type { Service, ServiceOptions } from '../../rest/service.ts';
import type { Names, Selecting } from '../../selection/selection.ts';
import { SaidService, type SaidState } from './service.ts';
import type { SharedState } from '../shared.ts';

interface OwnState extends SaidState {
  /** The scenario that made it, and its version. */
  readonly made: string;
}

/** What the REST APIs of a replica need. */
export interface SaidRestOptions {
  readonly names: Names;
  readonly catalog: Catalog;
  readonly service: Service;
  readonly options: ServiceOptions;
  readonly clock: Clock;
  readonly shared: SharedState;
}

/** The maximum number of services of tokens; the same for each replica. */
const MOST_OWN = 1000;

/** The REST APIs, the same for a client on whichever replica its calls arrive. */
export class SaidRest implements RestScenarios {
  readonly #options: SaidRestOptions;
  readonly #services = new Map<string, SaidService>();

  constructor(options: SaidRestOptions) {
    this.#options = options;
  }

  serviceOf(token: string | undefined): Service {
    const { service, shared } = this.#options;
    const field = fieldOf(shared.mark(token ?? ''));
    return shared.said.has(field) ? this.#service(field) : service;
  }

  select(dialect: RestDialect, by: Selecting): ReturnType<RestScenarios['select']> {
    const name = this.#options.names.nameFor(dialect, by);
    return name === undefined ? undefined : this.#selected(dialect, name, by.token ?? '');
  }

  selectService(by: Selecting): Promise<Service> | undefined {
    return this.select('scriptix-rest', by)?.then(({ service }) => service);
  }

  /** A service may have changed. */
  look(field: string): void {
    if (this.#options.shared.said.has(field)) this.#services.get(field)?.look();
    else this.#forget(field);
  }

  reset(): void {
    for (const field of this.#services.keys()) if (!this.#options.shared.said.has(field)) this.#forget(field);
  }

  stop(): void {
    for (const field of this.#services.keys()) this.#forget(field);
  }

  async #selected(dialect: RestDialect, name: string, token: string) {
    const { catalog, shared, service } = this.#options;
    const scenario = await catalog.load(dialect, name);
    const mark = shared.mark(token);
    const own = dialect === 'scriptix-rest' ? await this.#own(mark, scenario) : undefined;
    return {
      service: own ?? service,
      edition: scenario.file.edition,
      tokenLifeMs: parseDuration(restOf(scenario)['expires-in'] ?? ''),
      answer: async (call: Parameters<typeof answerTo>[1]) =>
        answerTo(scenario, call, await shared.count(`c/${dialect}/${name}/${mark}/${call}`)),
    };
  }

  async #own(mark: string, scenario: Scenario): Promise<Service> {
    const { shared, options, clock } = this.#options;
    const field = fieldOf(mark);
    const posted = shared.said.get(`p:scriptix-rest/${scenario.name}`) ?? '';
    const made = `${scenario.name} ${posted.split('\n', 1)[0] ?? ''}`;
    await shared.say(() => {
      const text = shared.said.get(field);
      if (text !== undefined && (JSON.parse(text) as OwnState).made === made) return undefined;
      const owns = [...shared.said.keys()].filter((each) => each.startsWith(OWN));
      const state: OwnState = { ...serviceOptions(scenario, options), sinceMs: clock.now(), made };
      const oldest = text === undefined && owns.length >= MOST_OWN ? owns[0] : undefined;
      return {
        fields: {
          [field]: JSON.stringify(state),
          ...(oldest === undefined ? {} : { [oldest]: undefined }),
        },
      };
    });
    return this.#service(field);
  }

  #service(field: string): SaidService {
    const known = this.#services.get(field);
    if (known !== undefined) return known;
    const { shared, clock, options } = this.#options;
    const none: OwnState = { ...options, sinceMs: 0, made: '' };
    const service = new SaidService({
      clock,
      read: () => {
        const text = shared.said.get(field);
        return text === undefined ? none : (JSON.parse(text) as OwnState);
      },
      say: (decide) => shared.say(decide),
      fieldsOf: (state) => (shared.said.has(field) ? { [field]: JSON.stringify(state) } : undefined),
    });
    this.#services.set(field, service);
    return service;
  }

  #forget(field: string): void {
    this.#services.get(field)?.stop();
    this.#services.delete(field);
  }
}

const OWN = 'o:';

function fieldOf(mark: string): string {
  return `${OWN}${mark}`;
}
