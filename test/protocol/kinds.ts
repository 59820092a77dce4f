import type { z } from 'zod';
import * as reson8 from '../../src/protocol/reson8/reson8.ts';
import * as scriptix from '../../src/protocol/scriptix/scriptix.ts';
import type { Rules } from './mutations.ts';
import { samplesByDocument, type Sample } from './samples.ts';

export const NO_FLAGS = flags([]);
export const ALL_FLAGS = flags(reson8.INCLUDE_FLAGS);

export const ZERO_TO_ONE = { wrong: [-0.01, 1.01] };
const BODY_RULES: Rules = {
  endpoint: { wrong: ['https://example.org/', '/v2/realtime', 'wss:example.org', 'wss://'] },
};
export const TRANSCRIPT_RULES: Rules = {
  type: { wrong: ['transcripts'] },
  'words.*.confidence': ZERO_TO_ONE,
};

/** A schema, with rules for wrong values in its samples, apart from wrong types and missing fields. */
export interface Kind {
  readonly schema: z.ZodType;
  readonly rules: Rules;
}

/** The schemas of all samples of the documents. */
export const KINDS: Readonly<Record<string, Kind>> = {
  'scriptix start': { schema: scriptix.startCommand, rules: { action: { wrong: ['begin', 'Start', ''] } } },
  'scriptix state': { schema: scriptix.stateMessage, rules: {} },
  'scriptix partial': {
    schema: scriptix.partialResult,
    rules: { is_final: { wrong: [true] }, offset_ms: { wrong: [0.5] }, stability: ZERO_TO_ONE },
  },
  'scriptix final': {
    schema: scriptix.finalResult,
    rules: {
      is_final: { wrong: [false] },
      offset_ms: { wrong: [0.5] },
      'words.*': { tuple: true },
      speaker: { optional: true },
    },
  },
  'scriptix error': { schema: scriptix.errorMessage, rules: { error: { wrong: [''] } } },
  'scriptix initialize': {
    schema: scriptix.initializeBody,
    rules: { ...BODY_RULES, status: { wrong: ['scaled_down', 'starting'] } },
  },
  'scriptix status': { schema: scriptix.statusBody, rules: { ...BODY_RULES, status: { wrong: ['asleep'] } } },
  'scriptix rest-error': { schema: scriptix.errorBody, rules: {} },
  'reson8 flush_request': {
    schema: reson8.flushRequest,
    rules: { type: { wrong: ['flush'] }, id: { optional: true } },
  },
  'reson8 transcript': { schema: reson8.transcriptSchema(NO_FLAGS), rules: TRANSCRIPT_RULES },
  'reson8 transcript with everything': {
    schema: reson8.transcriptSchema(ALL_FLAGS),
    rules: TRANSCRIPT_RULES,
  },
  'reson8 flush_confirmation': {
    schema: reson8.flushConfirmation,
    rules: { type: { wrong: ['flush_request'] }, id: { nullable: true } },
  },
};

export const SAMPLES: readonly Sample[] = [...samplesByDocument().values()].flat();

/** The samples that the documents write out in full. */
export const WHOLE = SAMPLES.filter((sample) => sample.placeholders === undefined);

export function sampleAt(source: string): Sample {
  const found = SAMPLES.find((sample) => sample.source === source);
  if (found === undefined) throw new Error(`no sample at ${source}`);
  return found;
}

/** The kind of a sample. */
export function nameOfKind({ source, dialect, what }: Sample): string {
  return `${dialect} ${what}${source === 'S4:88' ? ' with everything' : ''}`;
}

export function kindOf(sample: Sample): Kind {
  const kind = KINDS[nameOfKind(sample)];
  if (kind === undefined) throw new Error(`no kind for ${sample.source}`);
  return kind;
}

export function accepts(schema: z.ZodType, message: unknown): boolean {
  return schema.safeParse(message).success;
}

function flags(on: readonly reson8.IncludeFlag[]): reson8.IncludeFlags {
  return {
    include_timestamps: on.includes('include_timestamps'),
    include_words: on.includes('include_words'),
    include_confidence: on.includes('include_confidence'),
    include_interim: on.includes('include_interim'),
  };
}
