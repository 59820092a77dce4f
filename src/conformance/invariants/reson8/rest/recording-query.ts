import type { z } from 'zod';
import { recordingQuery } from '../../../../protocol/reson8/rest.ts';

/** What a call with a recording asks for. */
type RecordingQuery = z.output<typeof recordingQuery>;

/** What is asked for, provided a server has no reason to refuse it: every value is documented and given only once. */
export function askedIn(query: URLSearchParams): RecordingQuery | undefined {
  const names = [...query.keys()];
  if (new Set(names).size < names.length) return undefined;
  return recordingQuery.safeParse(Object.fromEntries(query)).data;
}

/** Values that matter only if nothing in the body says the same. */
const OF_SAMPLES = ['sample_rate', 'channels'];
const SAMPLES = ['pcm_s16le', 'mulaw', 'alaw'];

/** The names of parameters whose values make no sense to any server. */
export function impossibleIn(query: URLSearchParams): readonly string[] {
  const issues = recordingQuery.safeParse(Object.fromEntries(query)).error?.issues ?? [];
  const wrong = [...new Set(issues.map(({ path }) => String(path[0])))];
  const isOfSamples = SAMPLES.includes(query.get('encoding') ?? '');
  return wrong.filter((name) => name === 'encoding' || (isOfSamples && OF_SAMPLES.includes(name)));
}
