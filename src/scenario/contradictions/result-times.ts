import { fieldsOf, isList } from '../../runtime/json/fields.ts';
import { durationMsOf } from '../compile/values.ts';
import type { Mistake, Path } from '../explain/mistake.ts';

/** Impossible times of a final that the scenario spells out; all of them count from the beginning of the audio. */
export function* impossibleTimes(path: Path, final: unknown): Generator<Mistake> {
  const { words, offset } = fieldsOf(final);
  if (!isList(words)) return;
  const offsetMs = durationMsOf(offset) ?? 0;
  for (const [i, word] of words.entries()) {
    const { start, end } = fieldsOf(word);
    const [startMs, endMs] = [durationMsOf(start) ?? 0, durationMsOf(end) ?? 0];
    const place = [...path, 'words', i];
    if (startMs < offsetMs) {
      const message = `begins before its segment, which begins at ${String(offset)}: times of words count from the beginning of the audio, not of the segment`;
      yield { path: [...place, 'start'], message };
    } else if (endMs < startMs) {
      yield { path: [...place, 'end'], message: `ends before it begins, at ${String(start)}` };
    }
  }
}
