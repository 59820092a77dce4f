import { excerptOf, excerptText } from '../drawing/excerpt.ts';
import { visible, visibleLines } from '../../../runtime/text/plain.ts';
import type { RecordedPlay } from '../../conversation/recorded-play.ts';
import type { RequirementResult } from '../../judge/result.ts';
import { factsOf, wordOf } from '../verdicts.ts';

const NAME_WIDTH = 10;

/** Everything known about a result, as lines without markup, for plain-text formats. */
export function explanation(result: RequirementResult, plays: readonly RecordedPlay[]): readonly string[] {
  const { id, level, side, verdict, statement, diagram } = result;
  const excerpt = excerptText(excerptOf(result, plays));
  return [
    visible(`${wordOf(verdict)}: ${id} (${level}, ${side})`),
    visible(statement),
    ...factsOf(result).map(([name, text]) => `${name.padEnd(NAME_WIDTH)}${visible(text)}`),
    ...(excerpt.length === 0 ? [] : ['', ...excerpt]),
    ...(diagram === undefined ? [] : ['', ...visibleLines(diagram)]),
  ];
}
