import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { DIALECTS } from '../../src/protocol/dialects.ts';
import { editionsOf } from '../../src/protocol/editions.ts';
import { LANGUAGE_CODES } from '../../src/generate/languages/spoken.ts';
import { afterMessage, isConfirmation, MOST_LINES, SILENT } from '../../src/page/speak/captions.ts';
import { LANGUAGES, parametersOf, whyNot } from '../../src/page/speak/choices.ts';
import { RATE, resampler } from '../../src/page/speak/resample.ts';
import { SERVICE_NAMES, SERVICES } from '../../src/page/speak/services.ts';

describe('the captions', () => {
  const after = (...messages: readonly unknown[]) =>
    messages.map((message) => JSON.stringify(message)).reduce(afterMessage, SILENT);

  it.each([
    ['of Scriptix', { text: 'good', is_final: false }, { text: 'good morning', is_final: true }],
    ['of its older service', { partial: 'good' }, { result: [], text: 'good morning' }],
    [
      'of Reson8',
      { type: 'transcript', text: 'good', is_final: false },
      { type: 'transcript', text: 'good morning' },
    ],
  ])('%s grow and become final', (_of, partial, final) => {
    expect(after(partial)).toMatchObject({ finals: [], partial: 'good' });
    expect(after(partial, final)).toMatchObject({ finals: ['good morning'], partial: '' });
  });

  it('of turns grow with a candidate, may continue, and become final at the end of the turn', () => {
    const candidate = (text: string) => ({ type: 'turn_end_candidate', text });
    const before = after(
      { type: 'turn_start' },
      candidate('good'),
      { type: 'turn_continuation' },
      candidate('good morning'),
    );

    expect(before).toMatchObject({ finals: [], partial: 'good morning' });
    expect(afterMessage(before, '{"type":"turn_end"}')).toMatchObject({
      finals: ['good morning'],
      partial: '',
    });
    expect(after({ type: 'turn_end' }).finals).toEqual([]);
    expect(isConfirmation('{"type":"turn_end"}')).toBe(true);
  });

  it('show the state and the error of a service', () => {
    expect(after({ state: 'listening' })).toMatchObject({ state: 'listening' });
    expect(after({ error: 'No more' })).toMatchObject({ error: 'No more' });
    expect(after({ type: 'error', code: 'busy', message: 'Later' })).toMatchObject({ error: 'busy: Later' });
  });

  it('keep a limited number of lines, and accept any message', () => {
    const many = Array.from({ length: MOST_LINES + 3 }, (_, i) => ({ text: String(i), is_final: true }));

    expect(after(...many).finals).toHaveLength(MOST_LINES);
    expect(after(...many).finals[0]).toBe('3');

    fc.assert(fc.property(fc.string(), (text) => afterMessage(SILENT, text).finals.length <= 1));
    fc.assert(fc.property(fc.json(), (text) => afterMessage(SILENT, text).partial.length >= 0));
  });

  it('recognise the confirmation of a flush', () => {
    expect(isConfirmation('{"type":"flush_confirmation","id":"end"}')).toBe(true);
    expect(isConfirmation('{"type":"transcript"}')).toBe(false);
    expect(isConfirmation('flush_confirmation')).toBe(false);
  });
});

describe('the samples of a microphone', () => {
  it('have the same rate after resampling, whatever the rate before and however they are cut', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(8000, 16_000, 22_050, 44_100, 48_000, 96_000),
        fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 20 }),
        (rate, cuts) => {
          const total = cuts.reduce((sum, cut) => sum + cut, 0);
          const samples = Float32Array.from({ length: total }, (_, i) => Math.sin(i / 7));
          const whole = [...resampler(rate)(samples)];
          const cut = resampler(rate);
          let at = 0;
          const pieces = cuts.flatMap((length) => [...cut(samples.subarray(at, (at += length)))]);

          expect(pieces).toEqual(whole);
          expect(Math.abs(whole.length - (total * RATE) / rate)).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('keep their loudness, up to the largest possible value', () => {
    const steady = resampler(44_100)(new Float32Array(44_100).fill(0.5));

    expect(new Set(steady)).toEqual(new Set([Math.round(0.5 * 32_767)]));
    expect([...resampler(RATE)(Float32Array.of(2, -2))]).toEqual([32_767, -32_767]);
  });

  it('are not changed at the rate that services expect', () => {
    expect([...resampler(RATE)(Float32Array.of(0, 0.25, -0.25))]).toEqual([0, 8192, -8192]);
  });
});

describe('the choices of the user', () => {
  it('are the editions, languages and paths that the fake has', () => {
    for (const name of SERVICE_NAMES) {
      expect(SERVICES[name].editions, name).toEqual(editionsOf(DIALECTS[name].vendor));
      expect(DIALECTS[name].paths, name).toContain(SERVICES[name].path);
    }
    expect(LANGUAGES).toEqual([...LANGUAGE_CODES]);
  });

  it('become a query with what is on', () => {
    const chosen = { edition: 'documents', scenario: '', language: 'nl' };
    const [first] = SERVICES.reson8.switches;

    expect(parametersOf('reson8', { ...chosen, on: new Set([first?.name ?? '']) })).toEqual({
      include_interim: 'true',
      edition: '',
      scenario: '',
    });
    expect(
      parametersOf('scriptix', {
        ...chosen,
        edition: 'kaldi',
        scenario: 'drop-mid-word',
        on: new Set(['type']),
      }),
    ).toEqual({ type: 'fast', language: 'nl', edition: 'kaldi', scenario: 'drop-mid-word' });
  });
});

describe('a key', () => {
  it.each([
    ['scriptix', 'my key ü', true],
    ['reson8', 'some-key', true],
    ['reson8', 'my key', false],
    ['reson8-turns', 'ü', false],
    // It would be the same subprotocol twice.
    ['reson8', 'bearer', false],
    ['reson8', '', false],
  ] as const)('for %s that is "%s" can be sent by a browser: %s', (service, key, can) => {
    expect(whyNot(service, key) === undefined).toBe(can);
  });
});
