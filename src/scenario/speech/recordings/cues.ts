import { wordsOf, type Complain, type Passage } from './said.ts';

const TIME = /^(?:(\d{1,3}):)?([0-5]?\d):([0-5]\d)[.,](\d{3})$/;
const ARROW = '-->';

/**
 * The cues of subtitles: WebVTT, or SubRip, whose times have a comma. Markup is removed, and anything that is not a cue
 * is skipped: numbers, notes, styles.
 *
 * @param isVtt whether the file has to begin with WEBVTT
 */
export function readCues(text: string, isVtt: boolean, mistake: Complain): readonly Passage[] {
  const lines = text.split(/\r\n|\n|\r/);
  if (isVtt && !/^WEBVTT(?:\s|$)/.test(lines[0] ?? '')) mistake({ line: 1 }, 'expected WEBVTT');
  const passages: Passage[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (!line.includes(ARROW)) continue;
    const place = { line: at + 1 };
    const [from = '', rest = ''] = line.split(ARROW, 2);
    // Settings of the cue may follow.
    const startMs = timeOf(from.trim());
    const endMs = timeOf(rest.trim().split(/\s/, 1)[0] ?? '');
    if (startMs === undefined || endMs === undefined)
      mistake(place, `expected times such as 00:01.500 ${ARROW} 00:03.000`);
    const words: string[] = [];
    for (; at + 1 < lines.length && (lines[at + 1] ?? '').trim() !== ''; at += 1)
      words.push(...wordsOf(plain(lines[at + 1] ?? '')));
    const span = { startMs: startMs ?? NaN, endMs: endMs ?? NaN };
    if (words.length > 0) passages.push({ words, span, place });
  }
  if (passages.length === 0)
    mistake({}, `expected cues, such as 00:01.500 ${ARROW} 00:03.000 and a line of text`);
  return passages;
}

function timeOf(text: string): number | undefined {
  const found = TIME.exec(text);
  if (found === null) return undefined;
  const [, hours = '0', minutes = '', seconds = '', ms = ''] = found;
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 + Number(ms);
}

/** A line without tags (`<v Anna>`, `<i>`, `{\an8}`), and with entities replaced by characters. */
function plain(line: string): string {
  return line
    .replace(/<[^<>]*>|\{\\[^{}]*\}/g, ' ')
    .replace(/&(amp|lt|gt|nbsp|lrm|rlm);/g, (_whole, name: string) => ENTITIES[name] ?? '');
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', nbsp: ' ' };
