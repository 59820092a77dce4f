import { describe, expect, it } from 'vitest';
import { conversationsOf } from '../../../../src/conformance/conversation/conversation.ts';
import {
  SCRIPTIX_INVARIANTS,
  SCRIPTIX_OBSERVATIONS,
} from '../../../../src/conformance/invariants/scriptix/scriptix.ts';
import type { Play } from '../../../../src/conformance/judge/invariant.ts';
import { TOLERANCES } from '../../../../src/conformance/judge/tolerances.ts';
import { startMockServer } from '../../../../src/mock-server/server.ts';
import type { TraceEvent } from '../../../../src/wire/trace.ts';
import { fixture } from '../../../support/audio.ts';
import { connect } from '../../../support/clients/client.ts';
import { microphoneUrl } from '../../../support/scriptix/scriptix.ts';

/** The trace that the fake records of a dictation in a scenario. */
async function dictated(scenario: string): Promise<Play> {
  await using fake = await startMockServer({ scenario });
  await using client = connect(microphoneUrl(fake, { language: 'en', type: 'fast' }));
  await client.open;
  client.send({ action: 'start' });
  await client.settled();
  await client.sendAudio(fixture('en-appointment.wav').pcm, { frameBytes: 3200 });
  client.send({ action: 'stop' });
  await client.closed;
  const known: TraceEvent = {
    session: 's1',
    atMs: 0,
    kind: 'context',
    about: { credential: 'valid', audio: { bytesPerMs: 32, content: 'speech' } },
  };
  const events = [known, ...fake.journal.ids.flatMap((id) => fake.journal.events(id))];
  return { name: scenario, conversations: conversationsOf(events), tolerances: TOLERANCES };
}

describe('the trace that the fake records', () => {
  it.each([
    ['happy-path', 'nothing', []],
    ['warm-model', 'nothing', []],
    ['word-times-absolute', 'nothing', []],
    ['partials-rewrite', 'nothing', []],
    ['static-speaker', 'nothing', []],
    ['final-changes', 'SX-FIN-014', ['SX-FIN-014']],
    ['final-sent-twice', 'SX-FIN-016', ['SX-FIN-016']],
    ['loading-again', 'SX-STATE-003 and SX-STATE-005', ['SX-STATE-003', 'SX-STATE-005']],
    ['no-partials', 'SX-PART-008', ['SX-PART-008']],
    ['partial-after-final', 'SX-PART-013', ['SX-PART-013']],
    ['result-before-audio', 'SX-MIC-007', ['SX-MIC-007']],
    ['results-after-error', 'SX-ERR-002', ['SX-ERR-002']],
    ['word-times-negative', 'SX-FIN-008', ['SX-FIN-008']],
    ['word-times-overlap', 'SX-FIN-009', ['SX-FIN-009']],
    ['json-not-an-object', 'SX-MSG-001', ['SX-MSG-001']],
    ['unknown-message', 'SX-MSG-002', ['SX-MSG-002']],
    ['unknown-state', 'SX-STATE-002', ['SX-STATE-002']],
    ['closed-with-1011', 'SX-ERR-003', ['SX-ERR-003']],
  ])('of %s breaks %s', async (scenario, _what, ids) => {
    const play = await dictated(scenario);
    const wrong = SCRIPTIX_INVARIANTS.filter(({ judge }) =>
      [...judge(play)].some(({ outcome }) => outcome !== 'held'),
    );

    expect(wrong.map(({ id }) => id).sort()).toEqual([...ids].sort());
    expect(SCRIPTIX_OBSERVATIONS.flatMap((tell) => tell(play))).not.toEqual([]);
  });
});
