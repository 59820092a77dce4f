import { describe, expect, it } from 'vitest';
import { audio, events, heard, judge, MICROPHONE, outcomes, play } from '../play.ts';

const partial = { text: 'hi', is_final: false, offset_ms: 100, stability: 0.5 };
const after = (message: unknown) => play(events([...MICROPHONE, audio(1000), heard(message)]));

describe('the form of a partial', () => {
  it.each([
    ['SX-PART-001', { ...partial, text: 7 }],
    ['SX-PART-002', { ...partial, is_final: 'false' }],
    ['SX-PART-003', { ...partial, offset_ms: 1.5 }],
    ['SX-PART-004', { ...partial, stability: 1.01 }],
    ['SX-PART-004', { text: 'hi', is_final: false, offset_ms: 100 }],
  ])('%s is broken by %j and kept by the documented one', (id, message) => {
    expect(outcomes(id, after(partial))).toEqual(['held']);
    expect(judge(id, after(message))).toMatchObject([{ outcome: 'broken', events: [6] }]);
  });
});
