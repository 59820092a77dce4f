import { describe, expect, it } from 'vitest';
import type { TraceFact } from '../../../../src/wire/trace.ts';
import {
  at,
  audio,
  close,
  context,
  events,
  heard,
  MICROPHONE,
  outcomes,
  play,
  request,
  RESON8,
  response,
  said,
} from '../../play.ts';

const judged = (id: string, ...sessions: readonly (readonly TraceFact[])[]) =>
  outcomes(id, play(events(...sessions)));

// A service that restarts ends its connections whatever a client does on them.
describe.each([1001, 1012, 1013])('a server that ends connections with %i', (code) => {
  it('is not accused of ending them normally with a code other than 1000', () => {
    expect(judged('SX-ERR-003', [...MICROPHONE, audio(500), close('server', code)])).toEqual(['unclear']);
  });

  it('is not accused of ending them because of flushes', () => {
    const flushed = [
      ...RESON8,
      audio(2000),
      said({ type: 'flush_request', id: 'a' }),
      heard({ type: 'transcript', text: 'hi' }),
      heard({ type: 'flush_confirmation', id: 'a' }),
      audio(500),
    ];
    expect(judged('R8-FL-010', [...flushed, at(1500, close('server', code))])).toEqual([]);
    expect(judged('R8-FL-010', [...flushed, at(1500, close('server', 1000))])).toEqual(['broken']);
  });

  it('is not accused of hearing nothing in the format of a session that it ended', () => {
    const [usual, narrow] = ['16000', '8000'].map((rate) => [
      context({ group: 'formats', role: 'format' }),
      request(`/v1/speech-to-text/realtime?encoding=pcm_s16le&sample_rate=${rate}`),
      response(101),
    ]);
    const spoken = [
      ...(usual ?? []),
      heard({ type: 'transcript', text: 'hi', start_ms: 300, duration_ms: 900 }),
    ];
    expect(judged('R8-TR-017', spoken, [...(narrow ?? []), close('server', code)])).toEqual(['unclear']);
    expect(judged('R8-TR-017', spoken, [...(narrow ?? []), close('client')])).toEqual(['broken']);
  });
});

it('the end of a stream is a normal end', () => {
  const stream = [request('/v2/client/redacted-1?url=x'), response(101), heard({ state: 'listening' })];
  expect(judged('SX-ERR-003', [...stream, close('server', 1001)])).toEqual(['broken']);
});

it('a server that refuses one of several connections as busy is not accused of hearing nothing in its format', () => {
  const format = (rate: number, ...facts: readonly TraceFact[]): readonly TraceFact[] => [
    context({ group: 'formats', role: 'format' }),
    request(`/v1/speech-to-text/realtime?encoding=pcm_s16le&sample_rate=${rate}`),
    ...facts,
  ];
  const usual = format(
    16_000,
    response(101),
    heard({ type: 'transcript', text: 'hi', start_ms: 300, duration_ms: 900 }),
  );

  expect(judged('R8-TR-017', usual, format(8000, response(429)))).toEqual(['unclear']);
  expect(judged('R8-TR-017', usual, format(8000, response(503)))).toEqual(['unclear']);
  expect(judged('R8-TR-017', usual, format(8000, response(400)))).toEqual(['broken']);
});
