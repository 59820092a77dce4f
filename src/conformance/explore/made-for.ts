import type { RequirementId } from '../../protocol/requirements.ts';

/**
 * Generated sessions differ in what is said and when, and are opened as any other: they are made for what messages say and
 * how a connection goes on, not for who is let in, where and how, nor for comparisons.
 */
const MADE_FOR = /^(?:SX-(?:STATE|MSG|PART|FIN)|SX-MIC-007$|R8-(?:MSG|TR|W|FL)|TR)\b/;
const COMPARISONS: readonly string[] = ['R8-TR-017'] satisfies readonly RequirementId[];

/** Whether generated sessions are played for a requirement. What else they come to is by accident. */
export function isMadeFor(id: string): boolean {
  return MADE_FOR.test(id) && !COMPARISONS.includes(id);
}
