import { describe, expect, it } from 'vitest';
import * as scriptix from '../../src/protocol/scriptix/scriptix.ts';
import { WHOLE, accepts, kindOf, sampleAt } from './kinds.ts';
import { mutationsOf } from './mutations.ts';

describe('a Scriptix server message', () => {
  const FROM_SERVER = ['state', 'partial', 'final', 'error'];
  const ofServer = WHOLE.filter(({ dialect, what }) => dialect === 'scriptix' && FROM_SERVER.includes(what));

  it.each(WHOLE)('is accepted only from a server: $source ($dialect $what)', (sample) => {
    expect(accepts(scriptix.serverMessage, sample.message)).toBe(ofServer.includes(sample));
  });

  it('is refused with any single mistake, unless it is then of another kind', () => {
    for (const sample of ofServer) {
      for (const { what, value } of mutationsOf(sample.message, kindOf(sample).rules)) {
        expect(accepts(scriptix.serverMessage, value), `${sample.source}: ${what}`).toBe(false);
      }
    }
  });

  it('cannot be two of state, result and error at once', () => {
    const group = (what: string) => (what === 'partial' || what === 'final' ? 'result' : what);
    let pairs = 0;
    for (const one of ofServer) {
      for (const other of ofServer) {
        if (group(one.what) === group(other.what)) continue;
        pairs += 1;
        const both = { ...one.message, ...other.message };
        expect(accepts(scriptix.serverMessage, both), `${one.source} and ${other.source}`).toBe(false);
      }
    }

    // 2 states, 10 results (without the abridged one) and 1 error, each with each.
    expect(pairs).toBe(2 * (2 * 10 + 2 * 1 + 10 * 1));
  });

  it.each([
    ['an undocumented state', { state: 'stopped' }],
    ['an empty state', { state: '' }],
    ['an offset below zero', { ...sampleAt('S0:40').message, offset_ms: -1 }],
    ['a final without words', { ...sampleAt('S0:58').message, words: [] }],
    ['word times that are not whole', { ...sampleAt('S0:58').message, words: [['a', 0.5, 1.5, 1]] }],
    ['a word confidence above 1', { ...sampleAt('S0:58').message, words: [['a', 0, 1, 2]] }],
    ['a partial with words', { ...sampleAt('S0:40').message, words: [] }],
    ['a final with a stability', { ...sampleAt('S0:58').message, stability: 1 }],
  ])('is accepted with what the documents only suggest to be wrong: %s', (_, message) => {
    expect(accepts(scriptix.serverMessage, message)).toBe(true);
  });
});

describe('the Scriptix stop command', () => {
  it('is a client command, and not a start command', () => {
    const stop = { action: 'stop' };
    const { message: start } = sampleAt('S2:35');

    expect([stop, start].map((message) => accepts(scriptix.clientCommand, message))).toEqual([true, true]);
    expect([stop, start].map((message) => accepts(scriptix.stopCommand, message))).toEqual([true, false]);
    expect(accepts(scriptix.clientCommand, { action: 'pause' })).toBe(false);
  });
});
