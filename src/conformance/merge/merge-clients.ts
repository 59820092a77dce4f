import type { RecordedPlay } from '../conversation/recorded-play.ts';
import { judgeClient, type ClientRecord } from '../judging/client.ts';
import type { Report } from '../report/report.ts';
import { readRecord } from './read-record.ts';
import { missingSentence, type FiledPart } from './runs.ts';

/**
 * The report of a run of a client whose scenarios were shared out: all plays are judged together, as if one run had
 * made them.
 *
 * @throws UserError for a part whose record cannot be read
 */
export function mergeClients(
  parts: readonly [FiledPart, ...FiledPart[]],
  missing: readonly number[],
): { readonly report: Report; readonly plays: readonly RecordedPlay[] } {
  const [first] = parts;
  const records = parts.map((each, i) => apart(readRecord(each), i));
  const base = readRecord(first);
  const troubles = records.map((each) => each.troubles);
  const cause = sentences(troubles.map((each) => each.cause));
  const consequence = sentences(troubles.map((each) => each.consequence));
  return judgeClient({
    ...base,
    startedAt: records.map(({ startedAt }) => startedAt).reduce((a, b) => (a < b ? a : b)),
    durationMs: Math.max(...records.map(({ durationMs }) => durationMs)),
    plays: inOrder(records.map(({ plays }) => plays)),
    about: {
      ...base.about,
      handed: {
        ...base.about.handed,
        spellings: [...new Set(records.flatMap(({ about }) => about.handed.spellings))],
      },
    },
    troubles: {
      notes: troubles.flatMap(({ notes }) => notes),
      isCutShort: troubles.some(({ isCutShort }) => isCutShort),
      isOurs: troubles.some(({ isOurs }) => isOurs),
      ...(cause === '' ? {} : { cause }),
      ...(consequence === '' ? {} : { consequence }),
    },
    cutShort: [
      ...(missing.length === 0 ? [] : [missingSentence(missing, first.part.count)]),
      ...new Set(records.flatMap(({ cutShort }) => cutShort)),
    ],
    notes: [...new Set(records.flatMap(({ notes }) => notes))],
  });
}

/** Higher than any number within a single part. */
const NUMBERS_OF_A_PART = 1_000_000;
const STAND_IN = /\bredacted-(\d{1,15})\b/g;

/**
 * Each part has numbered the secrets that it saw independently. The secrets given to all parts come first and have the
 * same number everywhere; all others get new numbers, so that no two secrets look alike.
 */
function apart(record: ClientRecord, place: number): ClientRecord {
  if (place === 0) return record;
  const { token } = record.about.handed;
  const given = Number(token.replace(/^redacted-/, ''));
  const renumbered = (text: string) =>
    text.replace(STAND_IN, (whole, number: string) =>
      Number(number) <= given ? whole : `redacted-${Number(number) + place * NUMBERS_OF_A_PART}`,
    );
  return JSON.parse(renumbered(JSON.stringify(record))) as ClientRecord;
}

/** The order before they were shared out: one from each part in turn. */
function inOrder<Each>(all: readonly (readonly Each[])[]): readonly Each[] {
  const longest = Math.max(...all.map(({ length }) => length));
  return Array.from({ length: longest }, (_none, i) => all.flatMap((each) => each.slice(i, i + 1))).flat();
}

function sentences(all: readonly (string | undefined)[]): string {
  return [...new Set(all.flatMap((each) => each ?? []))].join(' ');
}
