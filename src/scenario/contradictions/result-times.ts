import { durationMsOf, fieldsOf } from '../compile/values.ts';
import type { Mistake, Path } from '../explain/mistake.ts';

interface WordFile {
  readonly start: string;
  readonly end: string;
}

/** Impossible times of a final that is spelled out: they all count from the beginning of the audio. */
export function* impossibleTimes(path: Path, final: unknown): Generator<Mistake> {
  const { words, offset } = fieldsOf(final);
  if (!Array.isArray(words)) return;
  const offsetMs = durationMsOf(offset) ?? 0;
  for (const [i, word] of (words as readonly WordFile[]).entries()) {
    const [startMs, endMs] = [durationMsOf(word.start) ?? 0, durationMsOf(word.end) ?? 0];
    const place = [...path, 'words', i];
    if (startMs < offsetMs) {
      const message = `begins before its segment, which begins at ${String(offset)}: times of words count from the beginning of the audio, not of the segment`;
      yield { path: [...place, 'start'], message };
    } else if (endMs < startMs) {
      yield { path: [...place, 'end'], message: `ends before it begins, at ${word.start}` };
    }
  }
}
