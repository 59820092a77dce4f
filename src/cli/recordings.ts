import { copyFileSync, existsSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Argv } from 'yargs';
import { fileTrouble, makeFolder, writeWhole } from '../runtime/destination.ts';
import { codeOf, sentenceOf, systemReason, UserError } from '../runtime/errors.ts';
import { listed } from '../runtime/text/listed.ts';
import { plainJson, visible } from '../runtime/text/plain.ts';
import { AUDIO_FIXTURES } from '../scenario/speech/fixtures.ts';
import { AUDIO_ENDINGS, transcriptsFor } from '../scenario/speech/recordings/find.ts';
import { loadRecordings } from '../scenario/speech/recordings/load.ts';
import { readRecording, type Recording } from '../scenario/speech/recordings/recording.ts';
import { TRANSCRIPT_ENDINGS } from '../scenario/speech/recordings/transcript-file.ts';
import { one, readAll, toggle, withFlags, type ValuesOf } from './flag.ts';
import { table } from './table.ts';
import { listColumns, paint, print, say } from './terminal.ts';
import { notEmpty } from './values.ts';

const ADD = {
  transcript: one(
    `What is said in it (${listed(TRANSCRIPT_ENDINGS)})`,
    notEmpty('expected a file, such as --transcript hello.txt'),
    { defaultDescription: 'the one beside it' },
  ),
  language: one('Language that is spoken, such as nl', asLanguage, {
    defaultDescription: 'as in the transcript',
  }),
  to: one('Folder for the copy and its transcript', notEmpty('expected a folder, such as --to recordings'), {
    defaultDescription: 'the transcript is written beside the recording',
  }),
  force: toggle('Replace existing files'),
};

const LIST = { json: toggle('One JSON object per line') };

const NO_FOLDERS: string[] = [];
const WIDEST_COLUMNS = 120;

/** `understudy recordings …`: recordings with the words that are spoken in them. */
export function recordingsCommands(argv: Argv): Argv {
  return argv
    .command(
      'add <file>',
      'Write the transcript of a recording with the times of its words',
      (command) =>
        withFlags(command, ADD)
          .positional('file', { type: 'string', demandOption: true, describe: 'The recording (WAV or MP3)' })
          .example('$0 recordings add hello.wav --transcript hello.txt --language en', 'From its words')
          .example('$0 recordings add talk.mp3 --to recordings', 'With talk.vtt, which is beside it'),
      ({ file, ...given }) => add(file, readAll(ADD, given)),
    )
    .command(
      'list [folder..]',
      'List recordings and what is said in them',
      (command) =>
        withFlags(command, LIST)
          .positional('folder', {
            type: 'string',
            array: true,
            default: NO_FOLDERS,
            defaultDescription: 'the bundled recordings',
            describe: 'Folders with recordings and their transcripts',
          })
          .example('$0 recordings list', 'The bundled recordings')
          .example('$0 recordings list my-recordings --json', 'Your own, for a program'),
      ({ folder, ...given }) => list(folder, readAll(LIST, given)),
    )
    .demandCommand(1, 'Name a command: recordings add or list.')
    .example('$0 recordings list', 'The recordings that the fake knows without --recordings');
}

function asLanguage(text: string): string {
  if (!/^[A-Za-z0-9-]{1,35}$/.test(text))
    throw new UserError('expected the code of a language, such as nl or en-GB');
  return text;
}

async function add(audio: string, given: ValuesOf<typeof ADD>): Promise<void> {
  const { language, to, force } = given;
  if (!AUDIO_ENDINGS.includes(extname(audio).toLowerCase()))
    throw new UserError(`expected a recording that ends in ${listed(AUDIO_ENDINGS)}`, { file: audio });
  const copy = to === undefined ? audio : join(to, basename(audio));
  const target = `${copy}.json`;
  const isCopied = resolve(copy) !== resolve(audio);
  const recording = await readRecording({ audio, transcript: transcriptOf(audio, given.transcript) });
  const { spoken } = recording;
  if (spoken.words.length === 0) throw new UserError('no words are in it', { file: recording.transcript });
  for (const path of isCopied ? [copy, target] : [target]) tryTarget(path, force);
  const named = language === undefined ? spoken : { language, ...withoutLanguage(spoken) };
  try {
    makeFolder(dirname(copy));
    if (isCopied) copyFileSync(audio, copy);
    const text = `${JSON.stringify(named, null, 2)}\n`;
    if (force) writeWhole(target, text);
    else writeFileSync(target, text, { flag: 'wx' });
  } catch (error) {
    throw new UserError(`cannot be written: ${systemReason(error)}`, {
      file: target,
      code: codeOf(error),
    });
  }
  print(`${visible(target)}: ${describe(recording)}`);
  if (to !== undefined) await noteAlike(dirname(copy), copy);
}

/**
 * The transcript of a recording.
 *
 * @throws UserError if there is none
 */
function transcriptOf(audio: string, given: string | undefined): string {
  if (given !== undefined) {
    if (TRANSCRIPT_ENDINGS.some((ending) => extname(given).toLowerCase() === ending)) return given;
    throw new UserError(`expected a file that ends in ${listed(TRANSCRIPT_ENDINGS)}`, {
      flag: 'transcript',
      value: given,
    });
  }
  const beside = transcriptsFor(audio).find((path) => existsSync(path));
  if (beside !== undefined) return beside;
  const what = `no transcript is beside it, such as ${basename(audio)}.txt; name one with --transcript`;
  throw new UserError(what, { file: audio });
}

function withoutLanguage({ language: _language, ...spoken }: Recording['spoken']): Recording['spoken'] {
  return spoken;
}

/**
 * Fails before anything is written.
 *
 * @throws UserError
 */
function tryTarget(path: string, force: boolean): void {
  if (existsSync(path) && !force) throw new UserError('already exists; --force replaces it', { file: path });
  const trouble = fileTrouble(path);
  if (trouble !== undefined) throw new UserError(trouble, { file: path });
}

/** Reports whether the new recording begins like another one in its folder. Mistakes in others do not matter here. */
async function noteAlike(folder: string, copy: string): Promise<void> {
  const recordings = await loadRecordings([folder]).catch((error: unknown) => {
    if (error instanceof UserError) return undefined;
    throw error;
  });
  const concerned = recordings?.notes.filter(({ what }) => what.startsWith('begins like')) ?? [];
  for (const note of concerned) {
    if (note.file === copy || note.what.includes(copy)) say(visible(sentenceOf(note)));
  }
}

async function list(folders: readonly string[], { json }: ValuesOf<typeof LIST>): Promise<void> {
  const isBundled = folders.length === 0;
  const { all, notes } = await loadRecordings(isBundled ? [fileURLToPath(AUDIO_FIXTURES)] : folders);
  const shown = (path: string) => (isBundled ? basename(path) : path);
  if (json) {
    for (const { audio, transcript, spoken } of all) {
      const { words, ...rest } = spoken;
      print(
        plainJson({ file: shown(audio), transcript: shown(transcript), ...rest, wordCount: words.length }),
      );
    }
  } else {
    const rows = all.map((recording) => [
      visible(shown(recording.audio)),
      recording.spoken.language ?? '',
      describe(recording),
      visible(recording.spoken.text),
    ]);
    const paints = [(name: string) => paint('bold', name), (language: string) => paint('dim', language)];
    for (const line of table(rows, listColumns(WIDEST_COLUMNS), paints)) print(line);
  }
  // The playlists of the bundled recordings also have transcripts.
  if (!isBundled) for (const note of notes) say(visible(sentenceOf(note)));
}

function describe({ spoken: { words, durationMs } }: Recording): string {
  const count = `${words.length} ${words.length === 1 ? 'word' : 'words'}`;
  return `${count} in ${(durationMs / 1000).toFixed(1)} s`;
}
