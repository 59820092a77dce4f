import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, extname } from 'node:path';
import type { ArgumentsCamelCase, Argv } from 'yargs';
import { fileTrouble, statOf, writeWhole } from '../runtime/destination.ts';
import { codeOf, systemReason, unreadable, UserError } from '../runtime/errors.ts';
import { listed } from '../runtime/text/listed.ts';
import { utf8Of } from '../runtime/text/utf8.ts';
import { many, readAll, toggle, withFlags } from './flag.ts';
import { readRedact, REDACT_DESCRIBED } from './redact-flag.ts';
import { print, say } from './terminal.ts';
import { version } from '../runtime/version.ts';
import { visible } from '../runtime/text/plain.ts';
import { redactAll } from '../wire/redact/redact.ts';
import type { TraceFile } from '../wire/trace-file.ts';

const FLAGS = {
  audio: toggle('Keep the bytes of audio from a HAR file: the trace then holds what was said'),
  redact: many(REDACT_DESCRIBED, readRedact),
  force: toggle('Replace an existing file'),
};

interface ConvertArguments {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Adds the flags of `convert`. */
export function convertFlags(argv: Argv): Argv<ConvertArguments> {
  const withPaths = argv
    .positional('from', { type: 'string', describe: 'File to read' })
    .positional('to', { type: 'string', describe: 'File to write; its extension decides the format' });
  return withFlags(withPaths, FLAGS)
    .example(
      '$0 convert browser.har trace.ndjson',
      'What Chrome has saved, as a trace without keys and tokens',
    )
    .example('$0 convert trace.ndjson again.yaml', 'A recording as a scenario, to be played and changed')
    .example('$0 convert trace.ndjson trace.har', 'A recording, to look at it in a browser');
}

interface Source {
  readonly text: string;
  readonly name: string;
  readonly audio: boolean;
  /** Further names of secrets. */
  readonly redact: readonly string[];
}

interface Result {
  readonly text: string;
  /** A description of its contents, for people. */
  readonly summary: string;
  /** What was left out. */
  readonly notes: readonly string[];
}

/** By the endings of both files. What a conversion needs is loaded only when it is used. */
const CONVERSIONS: Readonly<Record<string, (source: Source) => Promise<Result>>> = {
  async '.har .ndjson'(source) {
    const [{ header, events, faults }, { encodeEvent, encodeHeader }] = await Promise.all([
      traceOfHar(source),
      import('../wire/trace-file.ts'),
    ]);
    return {
      text: encodeHeader(header) + events.map(encodeEvent).join(''),
      summary: `${events.length} events`,
      notes: faults,
    };
  },
  async '.ndjson .har'({ text, name, redact }) {
    const [{ traceToHar }, { readTrace }] = await Promise.all([
      import('../wire/har/har.ts'),
      import('../wire/trace-file.ts'),
    ]);
    const { header, events, faults } = readTrace(text, name);
    const har = traceToHar(header, events, redact);
    return {
      text: `${JSON.stringify(har, undefined, 1)}\n`,
      summary: `${har.log.entries.length} entries`,
      notes: faults,
    };
  },
  async '.ndjson .yaml'(source) {
    const { readTrace } = await import('../wire/trace-file.ts');
    const { events, faults } = readTrace(source.text, source.name);
    // The file may have been edited by hand, and its owner may know of more secrets.
    const { facts } = redactAll(events, { names: source.redact });
    return toScenario(source.name, { events: facts, faults });
  },
  async '.har .yaml'(source) {
    return toScenario(source.name, await traceOfHar(source));
  },
};

async function traceOfHar({ text, ...options }: Source): Promise<TraceFile> {
  const { harToTrace } = await import('../wire/har/har.ts');
  return harToTrace(text, { ...options, tool: `understudy ${version()}` });
}

async function toScenario(name: string, trace: Pick<TraceFile, 'events' | 'faults'>): Promise<Result> {
  const [{ replayOf }, { stringify }] = await Promise.all([
    import('../scenario/replay/replay.ts'),
    import('yaml'),
  ]);
  const { files, notes } = replayOf(trace, name, 'stepped');
  const [scenario, ...others] = files;
  const left = others.map(
    ({ dialect }) => `Left out: what is in the trace for ${dialect}; a file holds one dialect`,
  );
  return {
    text: stringify(scenario, { lineWidth: 100 }),
    summary: `a scenario for ${scenario.dialect}`,
    notes: [...left, ...notes],
  };
}

/** Files come from strangers. */
const LONGEST_FILE = 256 * 2 ** 20;

/** Converts a file into another format, and prints a summary. */
export async function convert(given: ArgumentsCamelCase<ConvertArguments>): Promise<void> {
  const { from = '', to = '' } = given;
  const { audio, redact, force } = readAll(FLAGS, given);
  const endings = `${extname(from).toLowerCase()} ${extname(to).toLowerCase()}`;
  const conversion = Object.hasOwn(CONVERSIONS, endings) ? CONVERSIONS[endings] : undefined;
  if (conversion === undefined) {
    const known = Object.keys(CONVERSIONS).map((pair) => pair.replace(' ', ' to '));
    throw new UserError(`expected two files whose endings say what to convert: ${listed(known)}`, {
      command: `convert ${from} ${to}`,
    });
  }
  tryTarget(to, force);
  const { text, summary, notes } = await conversion({ text: read(from), name: from, audio, redact });
  write(to, text, force);
  for (const note of notes) say(visible(note));
  print(`${to}: ${summary}`);
}

function read(path: string): string {
  try {
    const { size } = statSync(path);
    if (size > LONGEST_FILE) {
      throw new UserError(`it has ${size} bytes; at most ${LONGEST_FILE} are read`, { file: path });
    }
    return utf8Of(readFileSync(path), path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

/**
 * Checks the destination before anything long is read.
 *
 * @throws UserError
 */
function tryTarget(path: string, replace: boolean): void {
  try {
    const found = statOf(path);
    if (found === undefined) statSync(dirname(path));
    else if (!replace) throw new UserError('already exists; --force replaces it', { file: path });
  } catch (error) {
    throw notWritten(path, error);
  }
  const trouble = fileTrouble(path);
  if (trouble !== undefined) throw new UserError(trouble, { file: path });
}

/**
 * Writes the result.
 *
 * @throws UserError, and then an existing file is unchanged
 */
function write(path: string, text: string, replace: boolean): void {
  try {
    if (replace) writeWhole(path, text, { mode: 0o600 });
    else writeFileSync(path, text, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    throw notWritten(path, error);
  }
}

function notWritten(path: string, error: unknown): UserError {
  if (error instanceof UserError) return error;
  if (codeOf(error) === 'EEXIST') return new UserError('already exists; --force replaces it', { file: path });
  return new UserError(`cannot be written: ${systemReason(error)}`, {
    file: path,
    code: codeOf(error),
  });
}
