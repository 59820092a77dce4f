import { readFileSync, statSync } from 'node:fs';
import { extname } from 'node:path';
import type { ArgumentsCamelCase, Argv } from 'yargs';
import { judgeTrace } from '../../conformance/judge-trace.ts';
import { parseReportTargets } from '../../conformance/report/write.ts';
import { unreadable, UserError } from '../../runtime/errors.ts';
import { utf8Of } from '../../runtime/utf8.ts';
import { version } from '../../runtime/version.ts';
import { visible } from '../../runtime/plain.ts';
import { harToTrace } from '../../wire/har/har.ts';
import { redactAll } from '../../wire/redact/redact.ts';
import { readTrace, type TraceFile } from '../../wire/trace-file.ts';
import { deviationOf, idsOf, listOf } from './flags.ts';
import { finishRun, prepareOutput } from './output.ts';
import { readRedact, REDACT_DESCRIBED } from '../redact-flag.ts';
import { say } from '../terminal.ts';
import { once, readChoice } from '../values.ts';

type Text = string | readonly string[];

export interface TraceFlags {
  readonly file?: string | undefined;
  readonly side?: Text | undefined;
  readonly only?: Text | undefined;
  readonly skip?: Text | undefined;
  readonly deviation?: Text | undefined;
  readonly report?: Text | undefined;
  readonly redact?: Text | undefined;
  readonly strict: boolean;
}

export function conformanceTraceFlags(argv: Argv): Argv<TraceFlags> {
  const text = { type: 'string', requiresArg: true } as const;
  return argv
    .positional('file', { type: 'string', describe: 'A trace (.ndjson) or what a browser saved (.har)' })
    .option('side', {
      ...text,
      describe:
        'Whose requirements: server, client or both (the side that a run recorded it to judge, else both)',
    })
    .option('only', { ...text, describe: 'Ids of requirements to judge, separated by commas' })
    .option('skip', { ...text, describe: 'Ids of requirements to leave out' })
    .option('deviation', { ...text, describe: 'Named deviation to accept; repeatable' })
    .option('report', {
      ...text,
      describe: 'FORMAT:FILE; json, junit, html, markdown, tap or text; repeatable',
    })
    .option('redact', { ...text, describe: REDACT_DESCRIBED })
    .option('strict', { type: 'boolean', default: false, describe: 'SHOULD counts as MUST' })
    .example('$0 conformance trace recorded.ndjson --side server', 'What the service did')
    .example('$0 conformance trace browser.har --report html:report.html', 'With a diagram of each session')
    .epilogue('One trace seldom holds everything that can be asked: then it is incomplete, exit code 3.');
}

/** Judges a file, prints and writes reports, and sets the exit code. */
export function conformanceTrace(given: ArgumentsCamelCase<TraceFlags>): void {
  const { file = '' } = given;
  const output = {
    reports: parseReportTargets(listOf(given.report)),
    traces: undefined,
    counterexamples: undefined,
  };
  const side =
    given.side === undefined
      ? undefined
      : readChoice('--side', once('--side', given.side), ['server', 'client', 'both'] as const);
  const options = {
    name: file,
    only: idsOf('only', given.only),
    skip: idsOf('skip', given.skip),
    deviations: listOf(given.deviation).map(deviationOf),
    strict: given.strict,
  };
  const { header, events, faults } = readAny(file, readRedact(given.redact));
  prepareOutput(output);
  for (const fault of faults) say(visible(fault));
  const judged = judgeTrace(events, {
    ...options,
    side: side ?? header.judged ?? 'both',
    startedAt: header.startedAt,
  });
  finishRun({ ...judged, counterexamples: [] }, output);
}

/** Files come from strangers. */
const LONGEST_FILE_BYTES = 256 * 2 ** 20;

function readAny(path: string, redact: readonly string[]): TraceFile {
  const ending = extname(path).toLowerCase();
  if (ending !== '.ndjson' && ending !== '.har') {
    throw new UserError(`${path}: expected a file that ends in .ndjson (a trace) or .har`);
  }
  const text = textOf(path);
  if (ending === '.har') return harToTrace(text, { name: path, redact, tool: `understudy ${version()}` });
  const trace = readTrace(text, path);
  // Another tool may have left secrets in it, and its owner may know of more.
  return { ...trace, events: redactAll(trace.events, { names: redact }).facts };
}

function textOf(path: string): string {
  try {
    const { size } = statSync(path);
    if (size > LONGEST_FILE_BYTES) {
      throw new UserError(`${path}: it has ${size} bytes, at most ${LONGEST_FILE_BYTES} are read`);
    }
    return utf8Of(readFileSync(path), path);
  } catch (error) {
    throw unreadable(path, error);
  }
}
