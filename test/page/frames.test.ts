import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isShown, plain, pretty, rowOf, stepOf } from '../../src/page/session/frames.ts';
import { readScenario } from '../../src/scenario/read/load.ts';
import type { TraceFact } from '../../src/wire/trace.ts';
import { anyCharacter } from '../support/any-character.ts';

const row = (fact: TraceFact, index = 0) => rowOf({ session: 's1', atMs: 1, ...fact }, index);

describe('a frame', () => {
  it.each<[what: string, fact: TraceFact, expected: object]>([
    [
      'a text',
      { kind: 'text', from: 'server', text: '{"a":"é"}' },
      { from: 'server', byteCount: 10, summary: '{"a":"é"}' },
    ],
    [
      'binary messages',
      { kind: 'binary', from: 'client', byteCount: 640, frameCount: 2 },
      { from: 'client', byteCount: 640, summary: '2 messages' },
    ],
    [
      'a Close frame',
      { kind: 'close', from: 'client', code: 1000, reason: 'bye' },
      { from: 'client', summary: '1000 bye' },
    ],
    [
      'a request',
      { kind: 'request', method: 'GET', target: '/v2/realtime', headers: {} },
      { from: 'client', summary: 'GET /v2/realtime' },
    ],
    ['an end', { kind: 'end', how: 'reset', code: 1006 }, { from: undefined, summary: 'reset, code 1006' }],
  ])('that is %s is shown on one line', (_what, fact, expected) => {
    expect(row(fact)).toMatchObject(expected);
  });

  it('is shown without characters that break its line or change its direction', () => {
    expect(plain('a\u202eb\u0000c\nd\u2028')).toBe('a\\u{202e}b\\u{0}c⏎d\\u{2028}');

    fc.assert(
      fc.property(
        fc.string({ unit: anyCharacter }),
        (text) => !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(plain(text)),
      ),
    );
  });

  it('is shown as indented JSON, in full unless it is very long', () => {
    expect(pretty(row({ kind: 'text', from: 'server', text: '{"a":[1]}' }))).toBe(
      '{\n  "a": [\n    1\n  ]\n}',
    );
    expect(pretty(row({ kind: 'text', from: 'server', text: '{ no' }))).toBe('{ no');
    expect(pretty(row({ kind: 'ping', from: 'client', base64: 'YQ==' }))).toContain('"base64": "YQ=="');

    const long = pretty(row({ kind: 'text', from: 'server', text: 'x'.repeat(1_000_000) }));
    expect(long.length).toBeLessThan(110_000);
    expect(long).toMatch(/900000 more characters$/);
  });

  it.each<[what: string, fact: TraceFact, step: unknown]>([
    [
      'a JSON text',
      { kind: 'text', from: 'server', text: '{"state":"listening"}' },
      { send: { state: 'listening' } },
    ],
    ['another text', { kind: 'text', from: 'server', text: '{ "not' }, { raw: '{ "not' }],
    [
      'a text with signs of YAML',
      { kind: 'text', from: 'server', text: '{"a":"#: - \\" \\n"}' },
      { send: { a: '#: - " \n' } },
    ],
    ['a Close frame', { kind: 'close', from: 'server', code: 1011, reason: '' }, { close: 1011 }],
  ])('that is %s is converted to the same step of a scenario', (_what, fact, step) => {
    const text = `dialect: reson8\nsummary: S\nserver:\n  ${stepOf(row(fact)) ?? ''}\n`;
    const read = readScenario('x', 'x.yaml', text);

    expect(read.kind === 'scenario' ? read.scenario.file.server : read).toEqual([step]);
  });

  it.each<[what: string, fact: TraceFact]>([
    ['a text of the client', { kind: 'text', from: 'client', text: '{}' }],
    ['a Close frame without a code', { kind: 'close', from: 'server', code: 1005, reason: '' }],
    ['an end', { kind: 'end', how: 'close', code: 1000 }],
  ])('that is %s is not converted to a step', (_what, fact) => {
    expect(stepOf(row(fact))).toBeUndefined();
  });

  it('can be filtered by its sender and by its content', () => {
    const long = row({ kind: 'text', from: 'server', text: `${'x'.repeat(1000)}Needle` });

    expect(isShown(long, { from: undefined, text: 'needle' })).toBe(true);
    expect(isShown(long, { from: 'client', text: '' })).toBe(false);
    expect(isShown(long, { from: 'server', text: 'hay' })).toBe(false);
    expect(
      isShown(row({ kind: 'ping', from: 'client', base64: '' }), { from: undefined, text: 'ping' }),
    ).toBe(true);
  });
});
