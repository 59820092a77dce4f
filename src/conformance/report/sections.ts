import type { RequirementResult } from '../judge/result.ts';
import { grouped } from '../../runtime/grouped.ts';

/** Requirements about the same thing. */
export interface Section {
  /** `scriptix.finals`: a class name, in reports that have them. */
  readonly name: string;
  readonly title: string;
  readonly results: readonly RequirementResult[];
}

/** By the prefix of their ids, in the order of the catalogue. */
const SECTIONS: readonly (readonly [name: string, title: string, prefixes: readonly string[]])[] = [
  ['scriptix.connecting', 'Scriptix: connecting', ['SX-CONN']],
  ['scriptix.microphone', 'Scriptix: microphone mode', ['SX-MIC']],
  ['scriptix.stream', 'Scriptix: stream mode', ['SX-STR']],
  ['scriptix.messages', 'Scriptix: state, form of messages, isolation', ['SX-STATE', 'SX-MSG', 'SX-ISO']],
  ['scriptix.partials', 'Scriptix: partials', ['SX-PART']],
  ['scriptix.finals', 'Scriptix: finals', ['SX-FIN']],
  ['scriptix.errors', 'Scriptix: errors and closing', ['SX-ERR']],
  ['scriptix.rest', 'Scriptix: REST', ['SX-REST']],
  ['reson8.connecting', 'Reson8: connecting', ['R8-CONN', 'R8-AUTH', 'R8-QRY']],
  ['reson8.messages', 'Reson8: form of messages, isolation', ['R8-MSG', 'R8-ISO']],
  ['reson8.transcripts', 'Reson8: transcripts', ['R8-TR']],
  ['reson8.words', 'Reson8: words', ['R8-W']],
  ['reson8.flush', 'Reson8: flush', ['R8-FL']],
  ['reson8.errors', 'Reson8: errors', ['R8-ERR']],
  ['reson8.turns', 'Reson8: turns', ['R8-TURN']],
  ['reson8.rest', 'Reson8: REST', ['R8-TOK', 'R8-PRE']],
  ['transport', 'Transport', ['TR']],
];
/** For an id that is unknown to this version. */
const OTHER = ['other', 'Other'] as const;

/** The results by section, without the empty ones. Every result is in exactly one. */
export function sectionsOf(results: readonly RequirementResult[]): readonly Section[] {
  const bySection = grouped(results, ({ id }) => sectionOf(id)[0]);
  return [...SECTIONS, OTHER].flatMap(([name, title]) => {
    const found = bySection.get(name);
    return found === undefined ? [] : [{ name, title, results: found }];
  });
}

function sectionOf(id: string): readonly [name: string, title: string, ...unknown[]] {
  const prefix = id.slice(0, id.lastIndexOf('-'));
  return SECTIONS.find(([, , prefixes]) => prefixes.includes(prefix)) ?? OTHER;
}
