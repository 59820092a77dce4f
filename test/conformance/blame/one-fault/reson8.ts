import { startMockServer } from '../../../../src/mock-server/server.ts';
import type { TraceEvent } from '../../../../src/wire/trace.ts';
import { fixture } from '../../../support/audio.ts';
import { confirmation, dial, EVERYTHING, flush } from '../../../support/reson8.ts';
import {
  BYTES_PER_S,
  field,
  flipped,
  FORM,
  known,
  repeated,
  reson8Times,
  reson8Words,
  withFields,
  type Faults,
  type Fields,
} from './faults.ts';

async function flushed(): Promise<readonly TraceEvent[]> {
  await using fake = await startMockServer({ scenario: 'happy-path' });
  await using client = dial(fake.urls.reson8.realtime, EVERYTHING);
  await client.open;
  const { pcm } = fixture('en-appointment.wav');
  // In the middle of a sentence, with an id and without, and at its end.
  await client.sendAudio(pcm.subarray(0, 2 * BYTES_PER_S), { frameBytes: 3200 });
  flush(client, 'middle');
  await confirmation(client);
  await client.sendAudio(pcm.subarray(2 * BYTES_PER_S, 5 * BYTES_PER_S), { frameBytes: 3200 });
  flush(client, null);
  await confirmation(client);
  await client.sendAudio(pcm.subarray(5 * BYTES_PER_S), { frameBytes: 3200 });
  flush(client, 'end');
  await confirmation(client);
  client.close();
  await client.closed;
  return [known({ dialect: 'reson8' }), ...fake.journal.ids.flatMap((id) => fake.journal.events(id))];
}

const isTranscript = ({ type }: Fields) => type === 'transcript';
const isFinalTranscript = (fields: Fields) => isTranscript(fields) && fields['is_final'] === true;
const isConfirmation = ({ type }: Fields) => type === 'flush_confirmation';

export const reson8: Faults = {
  record: flushed,
  inOne: [
    ...FORM,
    ...[3, null, undefined].map((value) => field('type', value)),
    ...[7, null, undefined].map((value) => field('text', value, isTranscript)),
    ...['0', -400, undefined].map((value) => field('start_ms', value)),
    ...['9', -10, undefined].map((value) => field('duration_ms', value)),
    ...['true', 1].map((value) => field('is_final', value)),
    ...[5, 'other', null].map((value) =>
      field('id', value, (all) => isConfirmation(all) && all['id'] !== value),
    ),
    repeated(isFinalTranscript),
    repeated(isConfirmation),
  ],
  inAll: [
    ...FORM,
    flipped,
    ...[7, null, undefined, ''].map((value) => field('text', value, isTranscript)),
    ...['true', 1].map((value) => field('is_final', value)),
    ...[5, 'other', null, undefined].map((value) => field('id', value, isConfirmation)),
    repeated(isFinalTranscript),
    repeated(isConfirmation),
    { name: 'no final', in: isFinalTranscript, change: () => [] },
    {
      name: 'finals are interims',
      in: isFinalTranscript,
      change: (event, fields) => [withFields(event, { ...fields, is_final: false })],
    },
  ],
  inTimes: [
    ['the times of interims', (fields) => isTranscript(fields) && !isFinalTranscript(fields), reson8Times],
    ['the times of finals', isFinalTranscript, reson8Times],
    ['the times of transcripts', isTranscript, reson8Times],
    ['the times of words', isTranscript, reson8Words],
    ['all times', isTranscript, (fields, wrong) => reson8Times(reson8Words(fields, wrong), wrong)],
  ],
  allowed: [],
  isResult: isFinalTranscript,
};
