import { describe, expect, it } from 'vitest';
import type { TraceFact } from '../../../../src/wire/trace.ts';
import { close, context, events, heard, outcomes, play, request, response } from '../../play.ts';

/** A connection in one format, and the times of its final; without any, nothing was recognised. */
function connection(
  query: string,
  span?: readonly [startMs: number, durationMs: number],
): readonly TraceFact[] {
  return [
    context({ group: 'formats', role: 'format' }),
    request(`/v1/speech-to-text/realtime?encoding=pcm_s16le&${query}`),
    response(101),
    ...(span === undefined
      ? []
      : [heard({ type: 'transcript', text: 'good morning', start_ms: span[0], duration_ms: span[1] })]),
    close('client'),
    close('server'),
  ];
}

const USUAL = connection('sample_rate=16000&channels=1', [300, 1500]);
const narrow = (span?: readonly [number, number]) => connection('sample_rate=8000&channels=1', span);
const stereo = (span?: readonly [number, number]) => connection('sample_rate=16000&channels=2', span);

describe('R8-TR-017, the same audio in several formats:', () => {
  it.each([
    ['the same times', [USUAL, narrow([310, 1490]), stereo([300, 1500])], ['held', 'held']],
    ['8 kHz read as 16 kHz', [USUAL, narrow([150, 750])], ['broken']],
    ['two channels read as one', [USUAL, stereo([600, 3000])], ['broken']],
    ['another format in which nothing is recognised', [USUAL, narrow()], ['broken']],
    ['nothing to compare with', [connection('sample_rate=16000&channels=1'), narrow([300, 1500])], []],
    ['one format alone', [USUAL], []],
  ])('%s', (_name, connections, expected) => {
    expect(outcomes('R8-TR-017', play(events(...connections)))).toEqual(expected);
  });
});
