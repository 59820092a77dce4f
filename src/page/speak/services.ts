import { RATE } from './resample.ts';

/** A socket that can be spoken to. */
export type Service = 'scriptix' | 'reson8' | 'reson8-turns';

/** A parameter of the query that is on or off. */
export interface Switch {
  readonly name: string;
  readonly title: string;
  /** Its value when it is on; when it is off, it is omitted. */
  readonly on: string;
  readonly isOn: boolean;
}

/** How a client speaks to a service, and what can be chosen for it. */
interface ServiceFacts {
  readonly title: string;
  readonly path: string;
  readonly editions: readonly string[];
  readonly switches: readonly Switch[];
  /** Whether the language is chosen by a parameter. */
  readonly hasLanguage: boolean;
  /** What the vendor calls the credential. */
  readonly keyTitle: string;
  /** Where a page can present the key: it cannot set headers of a WebSocket. */
  readonly keyIn: 'query' | 'subprotocol';
  /** The parameters that describe the audio. */
  readonly audio: Readonly<Record<string, string>>;
  /** The command that begins a session, if there is one. */
  readonly begin: object | undefined;
  /** The command after the last audio. */
  readonly finish: object;
}

const OF_RESON8 = {
  editions: ['documents', '2026-08'],
  hasLanguage: false,
  keyTitle: 'API key',
  keyIn: 'subprotocol',
  audio: { encoding: 'pcm_s16le', sample_rate: String(RATE), channels: '1' },
  begin: undefined,
  finish: { type: 'flush_request', id: 'end' },
} as const;

/** The services, in the order in which they are offered. */
export const SERVICES: Readonly<Record<Service, ServiceFacts>> = {
  scriptix: {
    title: 'Scriptix',
    path: '/v2/realtime',
    editions: ['documents', 'examples', 'kaldi'],
    switches: [{ name: 'type', title: 'type=fast', on: 'fast', isOn: true }],
    hasLanguage: true,
    keyTitle: 'Token',
    keyIn: 'query',
    audio: {},
    begin: { action: 'start' },
    finish: { action: 'stop' },
  },
  reson8: {
    ...OF_RESON8,
    title: 'Reson8',
    path: '/v1/speech-to-text/realtime',
    switches: [
      { name: 'include_interim', title: 'include_interim', on: 'true', isOn: true },
      { name: 'include_timestamps', title: 'include_timestamps', on: 'true', isOn: false },
      { name: 'include_words', title: 'include_words', on: 'true', isOn: false },
      { name: 'include_confidence', title: 'include_confidence', on: 'true', isOn: false },
    ],
  },
  'reson8-turns': {
    ...OF_RESON8,
    title: 'Turns',
    path: '/v1/speech-to-text/turns',
    switches: [
      { name: 'include_timestamps', title: 'include_timestamps', on: 'true', isOn: true },
      { name: 'include_words', title: 'include_words', on: 'true', isOn: false },
    ],
  },
};

/** The names of the services. */
// Object.keys() returns texts, as for the compiler an object may have further keys; this one has none.
export const SERVICE_NAMES = Object.keys(SERVICES) as readonly Service[];
