import { keysOf } from '../../../runtime/json/fields.ts';
import { badgeReport } from './badge.ts';
import { htmlReport } from './html/html.ts';
import { jsonReport } from './json.ts';
import { junitReport } from './junit.ts';
import { markdownReport } from './markdown.ts';
import type { Report } from '../report.ts';
import type { RecordedPlay } from '../../conversation/recorded-play.ts';
import { tapReport } from './tap.ts';
import { textReport } from './text.ts';

/** Writes a report in one format. Pure: the same record gives the same text. */
export type Format = (report: Report, plays: readonly RecordedPlay[]) => string;

/** By the name that `--report` takes. */
export const FORMATS = {
  json: jsonReport,
  junit: junitReport,
  html: htmlReport,
  markdown: markdownReport,
  tap: tapReport,
  text: textReport,
  badge: badgeReport,
} as const satisfies Readonly<Record<string, Format>>;

/** The name of a format. */
export type FormatName = keyof typeof FORMATS;
/** All names, in the order in which help lists them. */
export const FORMAT_NAMES = keysOf(FORMATS);
