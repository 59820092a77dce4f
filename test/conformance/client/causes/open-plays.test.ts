import { expect, it } from 'vitest';
import { clientCauses } from '../../../../src/conformance/client/causes/client-causes.ts';
import { playFacts } from '../../../../src/conformance/client/causes/play-facts.ts';
import { DEFAULT_EDITIONS } from '../../../../src/protocol/editions.ts';
import type { TraceFact } from '../../../../src/wire/trace.ts';
import { close, context, events, heard, request, response, said } from '../../play.ts';

const ABOUT = {
  dialect: 'scriptix',
  editions: DEFAULT_EDITIONS,
  timeoutMs: 30_000,
  isAttached: false,
  handed: { token: 'redacted-1', spellings: [] },
} as const;
const OPENING = [
  request('/v2/realtime?token=redacted-1&type=fast', { upgrade: 'websocket' }),
  response(101),
  said({ action: 'start' }),
  heard({ state: 'loading' }),
];
const dropped: TraceFact = {
  kind: 'note',
  message: 'more than is kept: the rest is missing here',
  dropped: 9,
};

const sentencesOf = (...facts: readonly TraceFact[]) => {
  const recorded = events([context({}), ...OPENING, ...facts, close('client')]);
  const plays = ['happy-path', 'warm-model'].map((name) => playFacts({ name, events: recorded }, ''));
  return clientCauses(plays, ABOUT).map(({ sentence }) => sentence);
};

// A client that flooded the fake was said to have sent no audio, which may have been among the dropped events.
it('a client is not said to have sent no audio where events were dropped', () => {
  expect(sentencesOf().join()).toContain('no audio');
  expect(sentencesOf(dropped)).toEqual([]);
});
