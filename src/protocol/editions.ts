import type { Vendor } from './dialects.ts';

/**
 * What a service does in one edition: switches that code asks for. No code asks for the name of an edition, and an
 * edition that was released does not change any more.
 */
interface EditionFacts {
  /** Whose behaviour it is, in one line. */
  readonly meaning: string;
}

export interface ScriptixEdition extends EditionFacts {
  /** The first message after the start command. `listening` has no `loading` before it. */
  readonly opensWith: 'loading' | 'listening';
  /** Whether `listening` has a `session_id`. */
  readonly namesSession: boolean;
  /** Whether the microphone is at `/realtime`, too. */
  readonly hasShortPath: boolean;
  /** Whether a microphone may present its token in the start command (`key`) and not at the upgrade. */
  readonly hasKeyInStart: boolean;
  /** How results look: `flagged` says `is_final`; `kaldi` has them apart as `partial` and `result`. */
  readonly results: 'flagged' | 'kaldi';
}

export interface Reson8Edition extends EditionFacts {
  /**
   * Where a refusal says why: in a JSON body with a code and a message, or, for an upgrade, in the header
   * `X-Error-Message` with no body, and for a call in problem details (RFC 9457).
   */
  readonly refusals: 'body' | 'header';
}

/** The edition of each service, by its name. */
export interface EditionNames extends Readonly<Record<Vendor, string>> {
  /** How Scriptix behaves. */
  readonly scriptix: 'documents' | 'examples' | 'kaldi';
  /** How Reson8 behaves. */
  readonly reson8: 'documents' | '2026-08';
}

/** The one list of editions: of each service, the default one first. */
export const EDITIONS = {
  scriptix: {
    documents: {
      meaning: 'as its documents have it: loading comes before listening',
      opensWith: 'loading',
      namesSession: false,
      hasShortPath: false,
      hasKeyInStart: false,
      results: 'flagged',
    },
    examples: {
      meaning:
        "as the vendor's published programs need it: listening comes first, and /realtime is a path, too",
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
    documents: { meaning: 'as its documents have it', refusals: 'body' },
    '2026-08': {
      meaning:
        "as the vendor's plugins of August 2026 need it: the reason of a refusal is in X-Error-Message",
      refusals: 'header',
    },
  },
} as const satisfies {
  readonly scriptix: Readonly<Record<EditionNames['scriptix'], ScriptixEdition>>;
  readonly reson8: Readonly<Record<EditionNames['reson8'], Reson8Edition>>;
};

/** What is served where no one has asked for anything else. */
export const DEFAULT_EDITIONS: EditionNames = { scriptix: 'documents', reson8: 'documents' };

/** The names of a service's editions, the default one first. */
export function editionsOf(service: Vendor): readonly string[] {
  return Object.keys(EDITIONS[service]);
}

/** These editions, but that of one service; undefined for a name that it does not have. */
export function withEdition(names: EditionNames, service: Vendor, name: string): EditionNames | undefined {
  return Object.hasOwn(EDITIONS[service], name) ? { ...names, [service]: name } : undefined;
}

/** What a service says first when it has states; undefined for one that has none. */
export function opensWith(service: Vendor, names: EditionNames): ScriptixEdition['opensWith'] | undefined {
  return service === 'scriptix' ? scriptixEdition(names).opensWith : undefined;
}

export function reson8Edition(names: EditionNames): Reson8Edition {
  return EDITIONS.reson8[names.reson8];
}

export function scriptixEdition(names: EditionNames): ScriptixEdition {
  return EDITIONS.scriptix[names.scriptix];
}
