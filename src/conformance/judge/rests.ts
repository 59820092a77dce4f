import type { RequirementResult } from './result.ts';

/**
 * Gives each result that rests on a message blamed by a more basic requirement a reason, which agrees with the verdict
 * that the report gives on that requirement: none is called broken that is not.
 */
export function withRests(results: readonly RequirementResult[]): readonly RequirementResult[] {
  const byId = new Map(results.map((each) => [each.id, each]));
  return results.map((result) => {
    const { cause, ...rest } = result;
    if (cause === undefined) return result;
    const other = byId.get(cause);
    switch (other?.verdict) {
      case 'fail':
        return { ...result, reason: `${cause} is broken by a message that this rests on` };
      case 'warn':
        return { ...result, reason: `${cause} has a warning for a message that this rests on` };
      case 'excused':
        return { ...result, reason: `${cause} is excused for a message that this rests on` };
      case undefined:
        return {
          ...rest,
          reason: `it rests on a message that ${cause} covers, which was not judged`,
        };
      default: {
        const why = other?.reason === undefined ? '' : `: ${other.reason}`;
        return { ...rest, reason: `it rests on what ${cause} asks for, which was not decided${why}` };
      }
    }
  });
}
