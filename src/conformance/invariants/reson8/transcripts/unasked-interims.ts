import { broken, doubtful, held, type Invariant, type Occasion } from '../../../judge/invariant.ts';
import { shown } from '../../../text/shown.ts';
import { normalise, wordsOf } from '../../../text/normalise.ts';
import { perRealtime, type Transcript } from '../realtime.ts';

/** A speaker may begin a sentence twice with the same words, but hardly a third time. */
const DELIVERIES_OF_AN_INTERIM = 3;
/** Texts with fewer words are not compared: "Yes" and "yes please" may be two answers. */
const WORDS_OF_A_SUSPECT = 3;

/** Without `include_interim` only final results come (S4:82), so the text of a segment is delivered once. */
export const unaskedInterims: readonly Invariant[] = [
  perRealtime('R8-TR-004', function* ({ flags, transcripts }, { overlapMs }) {
    if (flags.include_interim !== false) return;
    let grown: readonly Transcript[] = [];
    for (const transcript of transcripts) {
      if (transcript.isInterim) {
        yield broken([transcript.index], 'final results only', 'is_final: false');
        grown = [];
        continue;
      }
      const last = grown.at(-1);
      const grows = last !== undefined && isGrownFrom(last, transcript, overlapMs);
      grown = grows ? [...grown, transcript].slice(-DELIVERIES_OF_AN_INTERIM) : [transcript];
      yield ofGrown(grown);
    }
  }),
];

/** Whether a text begins with the one before. If both have times, they must be about the same audio as well. */
function isGrownFrom(before: Transcript, next: Transcript, overlapMs: number): boolean {
  const had = normalise(before.text ?? '');
  // Compare whole words.
  if (had === '' || !normalise(next.text ?? '').startsWith(`${had} `)) return false;
  if (before.span === undefined || next.span === undefined) return true;
  return next.span.startMs < before.span.endMs - overlapMs;
}

function ofGrown(grown: readonly Transcript[]): Occasion {
  const events = grown.map(({ index }) => index);
  const expected = 'the text of a segment once, when it is final';
  const actual = () => `one text that grows: ${grown.map(({ text }) => shown(text)).join(', ')}`;
  const [first, second] = grown;
  if (first === undefined || second === undefined) return held(...events);
  const isSameAudio = first.span !== undefined && second.span !== undefined;
  if (isSameAudio || grown.length >= DELIVERIES_OF_AN_INTERIM) return broken(events, expected, actual());
  if (wordsOf(first.text ?? '').length < WORDS_OF_A_SUSPECT) return held(...events);
  return doubtful(events, expected, actual());
}
