import type { RequirementId } from '../../protocol/requirements.ts';

/**
 * Generated sessions differ in audio, messages and timing, but are all opened alike. They are made for requirements
 * about messages and the course of a connection, not for admission or comparisons.
 */
const MADE_FOR =
  /^(?:SX-(?:STATE|MSG|PART|FIN)|SX-MIC-007$|R8-(?:MSG|TR|W|FL)|R8-TURN-0(?:0[3-9]|1[0-68])|TR)\b/;
const COMPARISONS: readonly string[] = ['R8-TR-017'] satisfies readonly RequirementId[];

/** Whether generated sessions are played for a requirement. Others are exercised only by accident. */
export function isMadeFor(id: string): boolean {
  return MADE_FOR.test(id) && !COMPARISONS.includes(id);
}
