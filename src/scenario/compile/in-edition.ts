import { fieldsOf } from '../../runtime/json/fields.ts';
import { vendorOf, type Dialect } from '../../protocol/dialects.ts';
import { opensWith, type EditionNames } from '../../protocol/editions.ts';
import { parseJson } from '../../runtime/json/depth.ts';
import type { Step } from '../script.ts';

/** The documented states of a service before it listens. */
const BEFORE_LISTENING = ['disconnected', 'connecting', 'loading'];

/** Replaces an omitted step, because other steps count how many steps they skip. */
const NOTHING: Step = { kind: 'skip', steps: 0 };

/**
 * The steps as an edition has them: if its first state is `listening`, the states before it are omitted. Times and all
 * other messages of a scenario stay the same, even in a recording.
 */
export function inEdition(steps: readonly Step[], dialect: Dialect, editions: EditionNames): readonly Step[] {
  if (opensWith(vendorOf(dialect), editions) !== 'listening') return steps;
  const listening = steps.findIndex((step) => stateIn(step) === 'listening');
  return steps.map((step, i) => {
    const isBefore = listening < 0 || i < listening;
    return isBefore && BEFORE_LISTENING.includes(stateIn(step) ?? '') ? NOTHING : step;
  });
}

/** The state that a step sends, as a state or as a message of its own. */
function stateIn(step: Step): string | undefined {
  if (step.kind === 'say') return step.say.kind === 'state' ? step.say.state : undefined;
  if (step.kind !== 'frame' || step.frame.kind !== 'text') return undefined;
  try {
    const { state } = fieldsOf(parseJson(step.frame.text));
    return typeof state === 'string' ? state : undefined;
  } catch {
    return undefined;
  }
}
