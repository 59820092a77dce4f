import { plainJson } from '../../runtime/text/plain.ts';
import type { LoadReport } from '../result.ts';
import { loadHtml } from './html.ts';
import { loadJunit } from './junit.ts';
import { loadText } from './text.ts';

/** By the name that `--report` takes. */
export const LOAD_FORMATS = {
  json: (report: LoadReport) => `${plainJson(report)}\n`,
  html: loadHtml,
  junit: loadJunit,
  text: (report: LoadReport) => loadText(report),
} as const;
