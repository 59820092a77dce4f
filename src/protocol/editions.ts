import type { Vendor } from './dialects.ts';

/**
 * How a service behaves in one edition, as switches. Code asks for a switch, never for the name of an edition, and an
 * edition that was released never changes.
 */
interface EditionFacts {
  /** One line that says whose behaviour this is. */
  readonly meaning: string;
}

/** The switches of an edition of Scriptix. */
export interface ScriptixEdition extends EditionFacts {
  /** The first message after the start command. `listening` has no `loading` before it. */
  readonly opensWith: 'loading' | 'listening';
  /** Whether `listening` has a `session_id`. */
  readonly namesSession: boolean;
  /** Whether the microphone socket is also at `/realtime`. */
  readonly hasShortPath: boolean;
  /** Whether a microphone client may present its token in the start command (`key`) rather than at the upgrade. */
  readonly hasKeyInStart: boolean;
  /** The shape of results: `flagged` ones have `is_final`; `kaldi` ones have either `partial` or `result`. */
  readonly results: 'flagged' | 'kaldi';
}

/** The switches of an edition of Reson8. */
export interface Reson8Edition extends EditionFacts {
  /**
   * Where a refusal gives its reason. `body`: in JSON with a code and a message. `header`: for an upgrade in
   * `X-Error-Message` without a body, for a call in problem details (RFC 9457).
   */
  readonly refusals: 'body' | 'header';
  /**
   * Whether the realtime socket knows the parameters of the vendor's newer pages: `language`, `diarize`, `phrases` and
   * so on, and companded audio. If not, they are ignored like any unknown parameter.
   */
  readonly hasNewerParameters: boolean;
}

/** The name of the edition of each service. */
export interface EditionNames extends Readonly<Record<Vendor, string>> {
  /** How Scriptix behaves. */
  readonly scriptix: 'documents' | 'examples' | 'kaldi';
  /** How Reson8 behaves. */
  readonly reson8: 'documents' | '2026-08';
}

/** All editions of each service, the default first. */
export const EDITIONS = {
  scriptix: {
    documents: {
      meaning: 'as its documents say: loading comes before listening',
      opensWith: 'loading',
      namesSession: false,
      hasShortPath: false,
      hasKeyInStart: false,
      results: 'flagged',
    },
    examples: {
      meaning:
        "as the vendor's published programs need it: listening comes first, and /realtime is a path as well",
      opensWith: 'listening',
      namesSession: true,
      hasShortPath: true,
      hasKeyInStart: true,
      results: 'flagged',
    },
    kaldi: {
      meaning: 'the older service: as examples, with results of another shape',
      opensWith: 'listening',
      namesSession: true,
      hasShortPath: true,
      hasKeyInStart: true,
      results: 'kaldi',
    },
  },
  reson8: {
    documents: {
      meaning: 'as its documents say',
      refusals: 'body',
      hasNewerParameters: false,
    },
    '2026-08': {
      meaning:
        "as the vendor's plugins of August 2026 need it: the reason for a refusal is in X-Error-Message, and the parameters of newer pages are in force",
      refusals: 'header',
      hasNewerParameters: true,
    },
  },
} as const satisfies {
  readonly scriptix: Readonly<Record<EditionNames['scriptix'], ScriptixEdition>>;
  readonly reson8: Readonly<Record<EditionNames['reson8'], Reson8Edition>>;
};

/** The editions that apply unless others are asked for. */
export const DEFAULT_EDITIONS: EditionNames = { scriptix: 'documents', reson8: 'documents' };

/** The names of a service's editions, the default first. */
export function editionsOf(service: Vendor): readonly string[] {
  return Object.keys(EDITIONS[service]);
}

/** The same editions except for one service; undefined if it has no edition of that name. */
export function withEdition(names: EditionNames, service: Vendor, name: string): EditionNames | undefined {
  return Object.hasOwn(EDITIONS[service], name) ? { ...names, [service]: name } : undefined;
}

/** The first state that a service reports; undefined for a service without states. */
export function opensWith(service: Vendor, names: EditionNames): ScriptixEdition['opensWith'] | undefined {
  return service === 'scriptix' ? scriptixEdition(names).opensWith : undefined;
}

/** The switches of the named edition of Reson8. */
export function reson8Edition(names: EditionNames): Reson8Edition {
  return EDITIONS.reson8[names.reson8];
}

/** The switches of the named edition of Scriptix. */
export function scriptixEdition(names: EditionNames): ScriptixEdition {
  return EDITIONS.scriptix[names.scriptix];
}
