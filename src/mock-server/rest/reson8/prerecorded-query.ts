import { listed } from '../../../runtime/text/listed.ts';
import { MOST_CHANNELS, speakersIn, speechIn, type Speech } from '../../dialects/reson8/parameters.ts';
import { oneOf, rawFormat, readerOf, STREAM_ENCODINGS } from '../../dialects/reson8/request.ts';
import type { AudioFormat } from '../../../audio/format.ts';

/** Containers that are named as if they were encodings. */
const CONTAINERS = ['m4a', 'm4v', 'mp4', 'mov', '3gp', '3g2'] as const;
const ENCODINGS = [...STREAM_ENCODINGS, ...CONTAINERS] as const;

/** What a call for a recording asks for. */
export interface AskedRecording {
  readonly encoding: (typeof STREAM_ENCODINGS)[number] | 'MP4';
  /** How bytes without a header are interpreted. */
  readonly raw: Omit<AudioFormat, 'encoding'>;
  readonly speech: Speech;
  /** The maximum number of speakers that are distinguished; undefined: there are no segments. */
  readonly mostSpeakers: number | undefined;
  readonly timestamps: boolean;
  readonly words: boolean;
  readonly confidence: boolean;
}

/** Reads the parameters of the vendor's page, or says what is wrong with them. Others are ignored. */
export function readAsked(query: URLSearchParams): AskedRecording | string {
  const reader = readerOf(query);
  const { read, flag, wrong } = reader;
  const encoding = read('encoding', 'auto', oneOf(ENCODINGS), listed(ENCODINGS));
  const asked: AskedRecording = {
    encoding: STREAM_ENCODINGS.find((name) => name === encoding) ?? 'MP4',
    raw: rawFormat(read, MOST_CHANNELS),
    speech: speechIn(reader),
    mostSpeakers: speakersIn(reader),
    timestamps: flag('include_timestamps'),
    words: flag('include_words'),
    confidence: flag('include_confidence'),
  };
  return wrong.length > 0 ? wrong.join('; ') : asked;
}
