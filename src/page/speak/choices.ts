/** What can be chosen before one speaks. */

/** A socket that can be spoken to. */
export type Service = 'scriptix' | 'reson8' | 'reson8-turns';

/** The services with their titles. */
export const SERVICES: readonly (readonly [Service, string])[] = [
  ['scriptix', 'Scriptix'],
  ['reson8', 'Reson8'],
  ['reson8-turns', 'Turns'],
];

/** Where the audio comes from, with titles. */
export const SOURCES = [
  ['microphone', 'Microphone'],
  ['en-appointment.wav', 'Recording, English'],
  ['nl-afspraak.wav', 'Recording, Dutch'],
] as const;

/** The editions of each service. */
export const EDITIONS: Readonly<Record<Service, readonly string[]>> = {
  scriptix: ['documents', 'examples', 'kaldi'],
  reson8: ['documents', '2026-08'],
  'reson8-turns': ['documents', '2026-08'],
};

/** A parameter of the query that is on or off. */
export interface Switch {
  readonly name: string;
  readonly title: string;
  /** Its value when it is on; when it is off, it is omitted. */
  readonly on: string;
  readonly isOn: boolean;
}

/** The switches of each service. */
export const SWITCHES: Readonly<Record<Service, readonly Switch[]>> = {
  scriptix: [{ name: 'type', title: 'type=fast', on: 'fast', isOn: true }],
  reson8: [
    { name: 'include_interim', title: 'include_interim', on: 'true', isOn: true },
    { name: 'include_timestamps', title: 'include_timestamps', on: 'true', isOn: false },
    { name: 'include_words', title: 'include_words', on: 'true', isOn: false },
    { name: 'include_confidence', title: 'include_confidence', on: 'true', isOn: false },
  ],
  'reson8-turns': [
    { name: 'include_timestamps', title: 'include_timestamps', on: 'true', isOn: true },
    { name: 'include_words', title: 'include_words', on: 'true', isOn: false },
  ],
};

/** Languages in which the fake makes up words. Without a choice, it uses its default. */
export const LANGUAGES = ['en', 'nl', 'de', 'fr', 'es'];

/** The query for the choices. */
export function queryOf(
  service: Service,
  chosen: Readonly<{ edition: string; scenario: string; language: string; on: ReadonlySet<string> }>,
): Readonly<Record<string, string>> {
  const switches = SWITCHES[service]
    .filter(({ name }) => chosen.on.has(name))
    .map(({ name, on }) => [name, on]);
  return {
    ...(Object.fromEntries(switches) as Record<string, string>),
    ...(service === 'scriptix' ? { language: chosen.language } : {}),
    edition: chosen.edition === 'documents' ? '' : chosen.edition,
    scenario: chosen.scenario,
  };
}

/** What a subprotocol may have, by RFC 6455. */
const SUBPROTOCOL = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** Why a browser cannot present a key to a service; undefined if it can. */
export function whyNot(service: Service, key: string): string | undefined {
  if (service === 'scriptix' || (SUBPROTOCOL.test(key) && key.toLowerCase() !== 'bearer')) return undefined;
  return 'A browser sends this key as a WebSocket subprotocol: letters, digits and the signs !#$%&\'*+-.^_`|~ only, and not "bearer".';
}
