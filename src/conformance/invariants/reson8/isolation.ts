import { awaiting, broken, held, heldIf, type Invariant, type Occasion, type Play } from '../../invariant.ts';
import { shown } from '../../shown.ts';
import { wordsOf } from '../../text/normalise.ts';
import { wordErrorRate } from '../../text/word-error-rate.ts';
import { endingOf } from './ending.ts';
import { finalsOf, perPlay, realtimesOf, wholeOf, type Realtime } from './realtime.ts';

/** Connections at the same time: each gets results of its own audio and of no other's. */
export const isolation: readonly Invariant[] = [perPlay('R8-ISO-001', compared)];

function* compared(play: Play): Iterable<Occasion> {
  const groups = new Map<string, Realtime[]>();
  for (const realtime of realtimesOf(play)) {
    const { group } = realtime.context;
    if (group === undefined) continue;
    const members = groups.get(group);
    if (members === undefined) groups.set(group, [realtime]);
    else members.push(realtime);
  }
  for (const members of groups.values()) {
    const inRole = (role: string) => members.filter(({ context }) => context.role === role);
    const [base] = inRole('base');
    const others = members.filter(({ context }) => context.role !== 'silence');
    for (const silent of inRole('silence')) yield* nothingOf(others, silent);
    if (base === undefined) continue;
    for (const parallel of inRole('parallel')) yield* theSame(base, parallel, play.tolerances.wordErrorRate);
  }
}

/** While others got results of their speech, the silent one got none. */
function* nothingOf(speakers: readonly Realtime[], silent: Realtime): Iterable<Occasion> {
  const results = speakers
    .flatMap(({ transcripts }) => transcripts)
    .filter(({ saysSomething }) => saysSomething);
  const [result] = results;
  const [first] = silent.moments;
  if (result === undefined || first === undefined) return;
  const stray = silent.transcripts.find(({ saysSomething }) => saysSomething);
  const source = results.find(({ text }) => text === stray?.text) ?? result;
  yield heldIf(
    stray === undefined,
    [source.index, stray?.index ?? first.index],
    'no transcript on the connection that sends silence',
    () => `${shown(stray?.text)} there, and ${shown(source.text)} on ${source.event.session}`,
  );
}

/** The same audio alone and beside others gives about the same words. */
function* theSame(base: Realtime, parallel: Realtime, mostRate: number): Iterable<Occasion> {
  const [alone, beside] = [finalsOf(base), finalsOf(parallel)];
  if (alone.length === 0 && beside.length === 0) return;
  const events = [...alone, ...beside].map(({ index }) => index);
  const expected = `the same words as alone, but for ${mostRate} of them at the most`;
  if ([base, parallel].some(wasCutOff)) {
    yield { outcome: 'unclear', events, expected, actual: 'a connection that was cut off' };
    return;
  }
  const texts = [alone, beside].map((finals) => finals.map(({ text }) => text ?? '').join(' '));
  const [aloneText = '', besideText = ''] = texts;
  const windows = [wholeOf(base), wholeOf(parallel)];
  if (alone.length === 0 || beside.length === 0) {
    const actual = `${shown(besideText)} beside others, ${shown(aloneText)} alone`;
    yield awaiting(broken(events, expected, actual), ...windows);
    return;
  }
  const rate = wordErrorRate(wordsOf(aloneText), wordsOf(besideText));
  if (rate <= mostRate) yield held(...events);
  else {
    const actual = `${rate.toFixed(2)} of them differ: ${shown(besideText)} beside others, ${shown(aloneText)} alone`;
    yield awaiting(broken(events, expected, actual), ...windows);
  }
}

/** It did not come to its own end, so results may be missing. */
function wasCutOff(realtime: Realtime): boolean {
  return endingOf(realtime)?.by === 'server' && realtime.end?.event.how !== 'close';
}
