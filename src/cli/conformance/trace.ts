import { statSync } from 'node:fs';
import { extname } from 'node:path';
import type { ArgumentsCamelCase, Argv } from 'yargs';
import { judgeTrace } from '../../conformance/judge-trace.ts';
import { unreadable, UserError } from '../../runtime/errors.ts';
import { textParts } from '../../runtime/text/text-parts.ts';
import { version } from '../../runtime/version.ts';
import { visible } from '../../runtime/text/plain.ts';
import { harToTrace } from '../../wire/har/har.ts';
import { redactAll } from '../../wire/redact/redact.ts';
import { linesIn, readTraceLines, type TraceFile } from '../../wire/trace-file.ts';
import { JUDGING } from './flags.ts';
import { editionsIn } from './editions.ts';
import { finishRun, prepareOutput } from './output.ts';
import { say } from '../terminal.ts';
import { asTexts, many, one, readAll, withFlags } from '../flag.ts';
import { asChoice } from '../values.ts';

const FLAGS = {
  side: one(
    'Whose requirements: server, client or both (the side that the recorded run judged, otherwise both)',
    asChoice(['server', 'client', 'both']),
  ),
  edition: many(
    'Edition by which a service is judged, SERVICE=NAME, or NAME in a trace of one service (the one that the trace names, otherwise documents)',
    asTexts,
  ),
  only: JUDGING.only,
  skip: JUDGING.skip,
  deviation: JUDGING.deviation,
  report: JUDGING.report,
  redact: JUDGING.redact,
  strict: JUDGING.strict,
};

/** What yargs found for `conformance trace`. */
export interface TraceArguments {
  readonly file?: string | undefined;
}

/** Adds the flags of `conformance trace`. */
export function conformanceTraceFlags(argv: Argv): Argv<TraceArguments> {
  const withFile = argv.positional('file', {
    type: 'string',
    describe: 'A trace (.ndjson) or what a browser saved (.har)',
  });
  return withFlags(withFile, FLAGS)
    .example('$0 conformance trace recorded.ndjson --side server', 'What the service did')
    .example('$0 conformance trace browser.har --report html:report.html', 'With a diagram of each session')
    .epilogue(
      'A single trace rarely exercises every requirement: the result is then incomplete, exit code 3.',
    );
}

/** Judges a file, prints and writes reports, and sets the exit code. */
export function conformanceTrace(given: ArgumentsCamelCase<TraceArguments>): void {
  const { file = '' } = given;
  const { side, edition, only, skip, deviation, report, redact, strict } = readAll(FLAGS, given);
  const output = { reports: report, traces: undefined, counterexamples: undefined };
  const { header, events, faults } = readAny(file, redact);
  prepareOutput(output);
  for (const fault of faults) say(visible(fault));
  const judged = judgeTrace(events, {
    name: file,
    editions: edition.length === 0 ? undefined : editionsIn(events, edition),
    only,
    skip,
    deviations: deviation,
    strict,
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
    throw new UserError('expected a file that ends in .ndjson (a trace) or .har', { file: path });
  }
  const bytes = byteCountOf(path);
  if (bytes > LONGEST_FILE_BYTES) {
    throw new UserError(`it has ${bytes} bytes; at most ${LONGEST_FILE_BYTES} are read`, { file: path });
  }
  if (ending === '.har') {
    const text = [...textParts(path)].join('');
    return harToTrace(text, { name: path, redact, tool: `understudy ${version()}` });
  }
  const trace = readTraceLines(linesIn(textParts(path)), path);
  // Another tool may have left secrets in it, and its owner may know more of them.
  return { ...trace, events: redactAll(trace.events, { names: redact }).facts };
}

function byteCountOf(path: string): number {
  try {
    return statSync(path).size;
  } catch (error) {
    throw unreadable(path, error);
  }
}
