import { isPartial, isScriptixFinal, numberIn } from '../harness/changes.ts';
import type { Behaviour } from '../harness/mutation.ts';

/** The second reading of A4, while `isMeant`: `offset_ms` is where the result ends. */
export function advancing(isMeant: () => boolean = () => true): Behaviour {
  let last = 0;
  return {
    onSaid(message, line) {
      const isResult = isPartial(message) || isScriptixFinal(message);
      if (!isResult || !isMeant()) return line.say(message);
      if (isPartial(message)) last = String(message['text']).length;
      line.say({ ...message, offset_ms: numberIn(message, 'offset_ms') + last });
    },
  };
}
