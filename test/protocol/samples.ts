import { readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { INCLUDE_FLAGS, type IncludeFlags } from '../../src/protocol/reson8/reson8.ts';

const DIRECTORY = new URL('../../fixtures/documents/', import.meta.url);

/** A sample message of a document. */
const sample = z.strictObject({
  /** Document and first line. */
  source: z.string().regex(/^S[0-4]:[1-9]\d*$/),
  dialect: z.enum(['scriptix', 'reson8']),
  what: z.string(),
  httpStatus: z.int().optional(),
  /** Fields for which the document has only a placeholder, with the placeholder; `message` lacks them. */
  placeholders: z.record(z.string(), z.string()).optional(),
  message: z.record(z.string(), z.json()),
});
export type Sample = z.infer<typeof sample>;

/** The samples of every document, by file name without its extension. */
export function samplesByDocument(): ReadonlyMap<string, readonly Sample[]> {
  const files = readdirSync(DIRECTORY).filter((name) => name.endsWith('.json'));
  return new Map(
    files.map((name) => {
      const text = readFileSync(new URL(name, DIRECTORY), 'utf8');
      return [name.slice(0, -'.json'.length), z.array(sample).parse(JSON.parse(text))];
    }),
  );
}

/** All 16 combinations of flags. */
export const EVERY_FLAGS: readonly IncludeFlags[] = Array.from(
  { length: 2 ** INCLUDE_FLAGS.length },
  (_, bits) => ({
    include_timestamps: (bits & 1) !== 0,
    include_words: (bits & 2) !== 0,
    include_confidence: (bits & 4) !== 0,
    include_interim: (bits & 8) !== 0,
  }),
);

/** The names of the flags that are on, for a title. */
export function nameOf(flags: IncludeFlags): string {
  return INCLUDE_FLAGS.filter((flag) => flags[flag]).join(', ') || 'no flag';
}
