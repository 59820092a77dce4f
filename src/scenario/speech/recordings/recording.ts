import { UserError } from '../../../runtime/errors.ts';
import { readTranscriptFile } from '../files.ts';
import type { Transcript } from '../transcripts.ts';
import type { Pair } from './find.ts';
import { listenTo, type Sound } from './listen.ts';
import { timed } from './timing.ts';
import { first, readTranscript } from './transcript-file.ts';

/** A recording with the words that are said in it. */
export interface Recording extends Pair {
  readonly spoken: Omit<Transcript, 'onset' | 'companded'>;
  readonly sound: Sound;
}

/**
 * Reads a recording and its transcript.
 *
 * @throws UserError that names the file and everything that is wrong with it
 */
export async function readRecording(pair: Pair): Promise<Recording> {
  const { audio, transcript } = pair;
  const said = readTranscript(transcript, await readTranscriptFile(transcript));
  const sound = await listenTo(audio);
  const { words, mistakes } = timed(said, sound);
  if (mistakes.length > 0)
    throw new UserError(
      first(
        mistakes.map((mistake) => ({ file: transcript, ...mistake })),
        transcript,
      ),
    );
  const { language } = said;
  const text = words.map((word) => word.text).join(' ');
  const spoken = {
    ...(language === undefined ? {} : { language }),
    text,
    durationMs: sound.durationMs,
    words,
  };
  return { ...pair, spoken, sound };
}
