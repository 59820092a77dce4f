import { startMockServer } from '../../../../src/mock-server/server.ts';
import type { TraceEvent } from '../../../../src/wire/trace.ts';
import { fixture, silence } from '../../../support/audio.ts';
import { dial } from '../../../support/reson8.ts';
import {
  BYTES_PER_S,
  field,
  followedBy,
  FORM,
  known,
  repeated,
  reson8Times,
  reson8Words,
  type Faults,
  type Fields,
} from './faults.ts';

const EVERYTHING = 'include_timestamps=true&include_words=true&include_language=true';

/** Turns that a pause ends or continues, and two that only the flush ends. */
async function taken(): Promise<readonly TraceEvent[]> {
  await using fake = await startMockServer({ scenario: 'happy-path' });
  await using client = dial(
    fake.urls.reson8.turns,
    `${EVERYTHING}&eager_turn_probability=0.1&final_turn_probability=0.95`,
  );
  await client.open;
  const { pcm } = fixture('en-appointment.wav');
  const say = (fromS: number, toS: number) =>
    client.sendAudio(pcm.subarray(fromS * BYTES_PER_S, toS * BYTES_PER_S), { frameBytes: 3200 });
  const ended = () => client.next(({ text }) => text === '{"type":"turn_end"}', 'turn_end');
  await say(0, 4);
  client.send({ type: 'flush_request' });
  await ended();
  await say(4, 6);
  await client.sendAudio(silence(2000), { frameBytes: 3200 });
  await ended();
  await say(6, 9);
  client.send({ type: 'flush_request' });
  await ended();
  client.close();
  await client.closed;
  return [known({ dialect: 'reson8-turns' }), ...fake.journal.ids.flatMap((id) => fake.journal.events(id))];
}

const is =
  (kind: string) =>
  ({ type }: Fields): boolean =>
    type === kind;
const isStart = is('turn_start');
const isCandidate = is('turn_end_candidate');
const isContinuation = is('turn_continuation');
const isEnd = is('turn_end');

export const reson8Turns: Faults = {
  record: taken,
  inOne: [
    ...FORM,
    ...[3, null, undefined, 'transcript', 'metadata'].map((value) => field('type', value)),
    ...[7, null, undefined].map((value) => field('text', value, isCandidate)),
    field('text', 'that is all', isEnd),
    ...['0', -400, undefined].map((value) => field('start_ms', value, isCandidate)),
    ...['9', -10, undefined].map((value) => field('duration_ms', value, isCandidate)),
    ...[7, undefined].map((value) => field('language', value, isCandidate)),
    ...[7, {}, undefined, []].map((value) => field('words', value, isCandidate)),
    ...[isStart, isEnd, isContinuation].map((which) => repeated(which)),
    { name: 'not sent', in: isStart, change: () => [] },
    followedBy({ type: 'flush_confirmation', id: null }, 'an extra confirmation', isEnd),
  ],
  inAll: [
    ...FORM,
    ...[7, null, undefined].map((value) => field('text', value, isCandidate)),
    ...[7, undefined].map((value) => field('language', value, isCandidate)),
    ...[7, {}, undefined, []].map((value) => field('words', value, isCandidate)),
    ...[isStart, isEnd, isContinuation].map((which) => repeated(which)),
    ...[isStart, isCandidate, isEnd].map((which) => ({ name: 'not sent', in: which, change: () => [] })),
    followedBy({ type: 'flush_confirmation', id: null }, 'an extra confirmation', isEnd),
  ],
  inTimes: [
    ['the times of candidates', isCandidate, reson8Times],
    ['the times of words', isCandidate, reson8Words],
    ['all times', isCandidate, (fields, wrong) => reson8Times(reson8Words(fields, wrong), wrong)],
  ],
  // No document says that times are integers, or how late a server may be.
  allowed: ['all times: in seconds'],
  isResult: isEnd,
};
