import type { RequirementId } from '../../protocol/requirements.ts';

/** A known deviation of a vendor from its documents; accepted by name, never silently. */
export interface Deviation {
  readonly name: string;
  /** Another spelling of the name. */
  readonly alias?: string;
  readonly ids: readonly RequirementId[];
  readonly meaning: string;
}

/** All known deviations. */
export const DEVIATIONS: readonly Deviation[] = [
  {
    name: 'reson8-confidence-logprob',
    alias: 'r8-confidence-logprob',
    ids: ['R8-W-006'],
    meaning: 'The confidence of words is a natural log-probability, 0 or less (S4:116 says 0 to 1)',
  },
  {
    name: 'reson8-newer-encodings',
    ids: ['R8-QRY-001'],
    meaning: 'The client sends mulaw or alaw, which only newer pages of the vendor have',
  },
  {
    name: 'scriptix-rest-bearer',
    ids: ['SX-REST-003'],
    meaning: 'REST calls have their key in Authorization: Bearer, which only other pages of the vendor have',
  },
  {
    name: 'scriptix-stop',
    ids: ['SX-MIC-006'],
    meaning: 'The client ends with {"action":"stop"}, which only other pages of the vendor have',
  },
];

/** The deviation with a name, in either spelling. */
export function deviationNamed(name: string): Deviation | undefined {
  return DEVIATIONS.find((deviation) => deviation.name === name || deviation.alias === name);
}
