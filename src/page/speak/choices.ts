import { SERVICES, type Service } from './services.ts';

/** What can be chosen before one speaks. */
export interface Choices {
  readonly service: Service;
  /** One of SOURCES. */
  readonly source: string;
  readonly edition: string;
  /** Empty for none. */
  readonly scenario: string;
  /** Empty for the one that the fake uses by default. */
  readonly language: string;
  readonly key: string;
  /** The switches that are on. */
  readonly on: ReadonlySet<string>;
}

/** The choices that a service begins with. */
export function usual(service: Service): Pick<Choices, 'service' | 'edition' | 'scenario' | 'on'> {
  const on = SERVICES[service].switches.filter(({ isOn }) => isOn).map(({ name }) => name);
  return { service, edition: 'documents', scenario: '', on: new Set(on) };
}

/** Where the audio comes from, with titles. */
export const SOURCES = [
  ['microphone', 'Microphone'],
  ['en-appointment.wav', 'Recording, English'],
  ['nl-afspraak.wav', 'Recording, Dutch'],
] as const;

/** Languages in which the fake makes up words. Without a choice, it uses its default. */
export const LANGUAGES = ['en', 'nl', 'de', 'fr', 'es'];

/** The query for the choices. */
export function parametersOf(
  service: Service,
  chosen: Pick<Choices, 'edition' | 'scenario' | 'language' | 'on'>,
): Readonly<Record<string, string>> {
  const { switches, hasLanguage } = SERVICES[service];
  const on = switches.filter(({ name }) => chosen.on.has(name)).map(({ name, on }) => [name, on] as const);
  return {
    ...Object.fromEntries(on),
    ...(hasLanguage ? { language: chosen.language } : {}),
    edition: chosen.edition === 'documents' ? '' : chosen.edition,
    scenario: chosen.scenario,
  };
}

/** What a subprotocol may have, by RFC 6455. */
const SUBPROTOCOL = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** Why a browser cannot present a key to a service; undefined if it can. */
export function whyNot(service: Service, key: string): string | undefined {
  if (SERVICES[service].keyIn === 'query') return undefined;
  if (SUBPROTOCOL.test(key) && key.toLowerCase() !== 'bearer') return undefined;
  return 'A browser sends this key as a WebSocket subprotocol: letters, digits and the signs !#$%&\'*+-.^_`|~ only, and not "bearer".';
}
