import { filledIn, filledTexts } from '../../scenario/placeholders.ts';
import type { Step } from '../../scenario/script.ts';
import type { Told } from '../../scenario/told.ts';
import { jsonFrame } from '../../wire/frame.ts';

/** A step with its placeholders filled in. */
export function filled(step: Step | undefined, told: Told): Exclude<Step, { kind: 'template' }> | undefined {
  if (step?.kind !== 'template') return step;
  const { of } = step;
  switch (of.kind) {
    case 'json':
      return { kind: 'frame', frame: jsonFrame(filledIn(of.value, told)) };
    case 'say': {
      const { say } = of;
      if (say.kind === 'flushed') {
        // A placeholder may stand for another type; the value is sent as the client gave it.
        const id = typeof say.id === 'string' ? (filledIn(say.id, told) as string | null) : say.id;
        return { kind: 'say', say: { kind: 'flushed', id } };
      }
      const texts = filledTexts(say, told);
      const extra = 'extra' in say ? say.extra : undefined;
      if (extra === undefined) return { kind: 'say', say: texts };
      // An object of further fields is still one after its placeholders are filled in.
      return { kind: 'say', say: { ...texts, extra: filledIn(extra, told) } as typeof say };
    }
    case 'frame':
    case 'fail':
    case 'close':
      return filledTexts(of, told);
  }
}
