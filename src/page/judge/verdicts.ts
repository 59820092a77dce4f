/** Verdicts as the control API has them, in the order in which they are read. Pure. */

/** The result of one requirement. */
export interface JudgedRequirement {
  readonly id: string;
  readonly level: string;
  readonly side: string;
  readonly verdict: string;
  readonly statement: string;
  readonly source: string;
  readonly exercised: number;
  readonly expected?: string;
  readonly actual?: string;
  readonly reason?: string;
  readonly evidence: readonly number[];
}

/** The answer of the judges. */
export interface Judgement {
  readonly causes: readonly string[];
  readonly notes: readonly string[];
  readonly requirements: readonly JudgedRequirement[];
  /** The other terms by which it can be judged. */
  readonly choices: {
    readonly editions: readonly string[];
    readonly deviations: readonly { readonly name: string; readonly meaning: string }[];
  };
}

/** The terms by which something is judged; an empty text leaves the choice to the judges. */
export interface Terms {
  readonly side: string;
  readonly edition: string;
  readonly deviations: readonly string[];
}

/** Terms that leave every choice to the judges. */
export const USUAL: Terms = { side: '', edition: '', deviations: [] };

/** The sides that can be judged, with their labels. */
export const SIDES = [
  ['', 'Both'],
  ['server', 'Server'],
  ['client', 'Client'],
] as const;

/** Terms as the query of a call. */
export function queryOf({ side, edition, deviations }: Terms): string {
  const query = new URLSearchParams();
  if (side !== '') query.set('side', side);
  if (edition !== '') query.set('edition', edition);
  for (const name of deviations) query.append('deviation', name);
  return query.toString();
}

/** The kinds of verdicts, those that matter most first. */
export const VERDICTS = [
  'fail',
  'warn',
  'excused',
  'inconclusive',
  'pass',
  'not-exercised',
  'not-applicable',
] as const;

/** The titles of verdicts on the page. */
export const TITLES: Readonly<Record<string, string>> = {
  fail: 'Broken',
  warn: 'Against a SHOULD',
  excused: 'Excused',
  inconclusive: 'Undecided',
  pass: 'Kept',
  'not-exercised': 'Not exercised',
  'not-applicable': 'Not applicable',
};

/** The results of one kind or, when none is chosen, all that say something. */
export function shownOf({ requirements }: Judgement, kind: string | undefined): readonly JudgedRequirement[] {
  const place = ({ verdict }: JudgedRequirement) => VERDICTS.findIndex((each) => each === verdict);
  return requirements
    .filter(({ verdict }) => (kind === undefined ? !verdict.startsWith('not-') : verdict === kind))
    .sort((a, b) => place(a) - place(b));
}

/** Larger files are judged by the command. */
export const LONGEST_FILE_BYTES = 16 * 2 ** 20;

/** The format of a file, by its name, or why it cannot be judged here. */
export function kindOf(
  name: string,
  byteCount: number,
): { readonly format: 'trace' | 'har' } | { readonly why: string } {
  const format = /\.har$/i.test(name) ? 'har' : /\.ndjson$/i.test(name) ? 'trace' : undefined;
  if (format === undefined) return { why: 'A trace ends in .ndjson, and what a browser saved in .har.' };
  if (byteCount > LONGEST_FILE_BYTES)
    return {
      why: `It has ${Math.ceil(byteCount / 2 ** 20)} MiB; at most 16 are judged here: npx understudy conformance trace FILE judges it.`,
    };
  return { format };
}
