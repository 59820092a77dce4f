import type { Report } from '../../../src/conformance/report/report.ts';

/** `SX-REST-004 is broken`, in any sentence. */
const BLAMING = /\b((?:[A-Z0-9]+-)+\d{3}) (is broken|has a warning|is excused)\b/g;
const SHOWN_AS: Readonly<Record<string, string>> = {
  'is broken': 'fail',
  'has a warning': 'warn',
  'is excused': 'excused',
};

/** The sentences of a report that say of a requirement what the report does not show of it. */
export function falselyBlamed({ requirements, causes = [], notes }: Report): readonly string[] {
  const verdicts = new Map<string, string>(requirements.map(({ id, verdict }) => [id, verdict]));
  const reasons = requirements.flatMap(({ reason }) => reason ?? []);
  const isFalse = (sentence: string) =>
    [...sentence.matchAll(BLAMING)].some(([, id = '', said = '']) => verdicts.get(id) !== SHOWN_AS[said]);
  const causeless = requirements.flatMap(({ id, cause }) =>
    cause === undefined || Object.values(SHOWN_AS).includes(verdicts.get(cause) ?? '')
      ? []
      : `${id} names ${cause} as its cause`,
  );
  return [...[...causes, ...notes, ...reasons].filter(isFalse), ...causeless];
}
