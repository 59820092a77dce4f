import { startMockServer } from '../../../../src/mock-server/server.ts';
import type { TraceEvent } from '../../../../src/wire/trace.ts';
import { fixture } from '../../../support/audio.ts';
import { connect } from '../../../support/clients/client.ts';
import { microphoneUrl } from '../../../support/scriptix/scriptix.ts';
import {
  changed,
  field,
  flipped,
  followedBy,
  FORM,
  has,
  known,
  repeated,
  withFields,
  type Faults,
  type Fields,
  type Wrong,
} from './faults.ts';

async function dictated(): Promise<readonly TraceEvent[]> {
  await using fake = await startMockServer({ scenario: 'happy-path' });
  await using client = connect(microphoneUrl(fake, { language: 'en', type: 'fast' }));
  await client.open;
  client.send({ action: 'start' });
  await client.settled();
  await client.sendAudio(fixture('en-appointment.wav').pcm, { frameBytes: 3200 });
  client.send({ action: 'stop' });
  await client.closed;
  return [known(), ...fake.journal.ids.flatMap((id) => fake.journal.events(id))];
}

const isFinal = (fields: Fields) => 'offset_ms' in fields && fields['is_final'] === true;
const isPartial = (fields: Fields) => 'offset_ms' in fields && fields['is_final'] === false;
const stateAfter = (state: string) => followedBy({ state }, `${state} once more after each`);

const wordOf = (wrong: Wrong) => (word: readonly unknown[]) =>
  word.map((value, i) => (i === 1 || i === 2 ? wrong.of(Number(value)) : value));
const scriptixOffset = (fields: Fields, wrong: Wrong) => changed(fields, ['offset_ms'], wrong);
const scriptixWords = (fields: Fields, wrong: Wrong): Fields => ({
  ...fields,
  words: (fields['words'] as readonly unknown[][]).map(wordOf(wrong)),
});

export const scriptix: Faults = {
  record: dictated,
  inOne: [
    ...FORM,
    flipped,
    ...[7, null, undefined].map((value) => field('text', value)),
    ...[null, undefined, {}].map((value) => field('words', value, isFinal)),
    ...['0', 0.5, null, undefined, -5].map((value) => field('offset_ms', value)),
    ...['true', null, undefined, 1].map((value) => field('is_final', value)),
    field('state', 1),
    repeated(isFinal),
    {
      name: 'a second final with another text',
      in: isFinal,
      change: (event, fields) => [
        event,
        withFields(event, { ...fields, text: 'something else', words: [[' something else', 0, 300, 0.9]] }),
      ],
    },
    {
      name: 'a partial after the final of its segment',
      in: isFinal,
      change: (event, { offset_ms }) => [
        event,
        withFields(event, { text: 'something else', is_final: false, offset_ms, stability: 0.5 }),
      ],
    },
  ],
  inAll: [
    ...FORM,
    flipped,
    ...[true, false, 'true', 1, undefined].map((value) => field('is_final', value)),
    ...[7, null, undefined].map((value) => field('text', value, isFinal)),
    ...[7, null, undefined, ''].map((value) => field('text', value, has('offset_ms'))),
    ...[null, undefined, {}].map((value) => field('words', value, isFinal)),
    ...['0', 0.5, null, undefined, -5].map((value) => field('offset_ms', value, isFinal)),
    ...['0', 0.5, null, undefined, -5].map((value) => field('offset_ms', value)),
    ...['loading', 'listening', 'warming up'].map(stateAfter),
    repeated(isFinal),
  ],
  inTimes: [
    ['offset_ms in partials', isPartial, scriptixOffset],
    ['offset_ms in finals', isFinal, scriptixOffset],
    ['offset_ms in all results', has('offset_ms'), scriptixOffset],
    ['the words of finals', isFinal, scriptixWords],
    ['all times of finals', isFinal, (fields, wrong) => scriptixOffset(scriptixWords(fields, wrong), wrong)],
    [
      'all times',
      has('offset_ms'),
      (fields, wrong) => scriptixOffset(isFinal(fields) ? scriptixWords(fields, wrong) : fields, wrong),
    ],
  ],
  allowed: [],
  isResult: isFinal,
};
