import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as scriptix from '../../src/protocol/scriptix/scriptix.ts';
import { KINDS, SAMPLES, WHOLE, accepts, kindOf, nameOfKind, sampleAt } from './kinds.ts';
import { mutationsOf } from './mutations.ts';
import { samplesByDocument } from './samples.ts';

/** An answer of `initialize` is also one of `status`, and vice versa if the service is ready. */
const ALSO: Readonly<Record<string, string>> = {
  'S3:58': 'scriptix status',
  'S3:106': 'scriptix initialize',
};

describe('the sample messages of the documents', () => {
  it('are complete, each once and under the name of its document', () => {
    const counts = [...samplesByDocument()].map(([name, samples]) => [name, samples.length]);
    expect(Object.fromEntries(counts)).toEqual({ S0: 9, S2: 6, S3: 8, S4: 4 });

    for (const [name, samples] of samplesByDocument()) {
      for (const { source } of samples) expect(source.split(':')[0]).toBe(name);
    }
    expect(new Set(SAMPLES.map(({ source }) => source)).size).toBe(SAMPLES.length);
  });

  it('include every kind of message', () => {
    expect(new Set(WHOLE.map(nameOfKind))).toEqual(new Set(Object.keys(KINDS)));
  });

  it.each(WHOLE)('$source fits its own kind ($what) and no other', (sample) => {
    const fits = Object.entries(KINDS).flatMap(([name, { schema }]) =>
      accepts(schema, sample.message) ? [name] : [],
    );
    expect(new Set(fits)).toEqual(new Set([nameOfKind(sample), ALSO[sample.source] ?? nameOfKind(sample)]));
  });

  it('lack only fields for which a document has a placeholder', () => {
    const cut = SAMPLES.filter((sample) => sample.placeholders !== undefined);
    expect(cut.map(({ source, placeholders }) => [source, placeholders])).toEqual([
      ['S0:84', { words: '[...]' }],
    ]);

    for (const { message } of cut) {
      expect(accepts(scriptix.finalResult, message)).toBe(false);
      expect(accepts(scriptix.finalResult, { ...message, words: [[' hi', 0, 200, 0.95]] })).toBe(true);
    }
  });

  it('agree with the REST data', () => {
    const printed = WHOLE.filter((sample) => sample.httpStatus !== undefined);
    expect(
      scriptix.DOCUMENTED_ANSWERS.map(({ source, httpStatus, body }) => [source, httpStatus, body]),
    ).toEqual(printed.map(({ source, httpStatus, message }) => [source, httpStatus, message]));

    for (const { endpoints, httpStatus, source } of scriptix.DOCUMENTED_ANSWERS) {
      if (httpStatus === 200) expect(endpoints, source).toEqual([sampleAt(source).what]);
    }
  });

  it.each(WHOLE)('$source is refused with any single mistake', (sample) => {
    const { schema, rules } = kindOf(sample);
    for (const { what, value } of mutationsOf(sample.message, rules)) {
      expect(accepts(schema, value), what).toBe(false);
    }
  });

  it('are accepted with additional unknown fields', () => {
    const known = new Set(WHOLE.flatMap(({ message }) => Object.keys(message)).concat('__proto__'));
    const unknownKey = fc.string({ minLength: 1 }).filter((key) => !known.has(key));
    fc.assert(
      fc.property(fc.constantFrom(...WHOLE), unknownKey, fc.jsonValue(), (sample, key, value) =>
        accepts(kindOf(sample).schema, { ...sample.message, [key]: value }),
      ),
    );
  });
});
