import { describe, expect, it } from 'vitest';
import { describeMistake, LONGEST_SCENARIO_BYTES, readScenario } from '../../../src/scenario/read/load.ts';

const read = (text: string) => readScenario('a-name', 'folder/a-name.yaml', text);

function mistakes(text: string): readonly string[] {
  const result = read(text);
  return result.kind === 'scenario' ? [] : result.mistakes.map(describeMistake);
}

describe('a scenario', () => {
  it('has the given name, its path, and the contents of the file', () => {
    expect(read('dialect: reson8\nsummary: Nothing is said\nserver:\n  - hang\n')).toEqual({
      kind: 'scenario',
      scenario: {
        name: 'a-name',
        path: 'folder/a-name.yaml',
        file: { dialect: 'reson8', summary: 'Nothing is said', server: ['hang'] },
      },
    });
  });

  it('may be JSON, and may have a byte order mark, other line ends, comments and aliases', () => {
    for (const text of [
      '{"dialect":"reson8","summary":"x","server":[{"wait":"1s"},"hang"]}',
      '\uFEFFdialect: reson8\nsummary: x\nserver: [{ wait: 1s }, hang]\n',
      'dialect: reson8\r\nsummary: x\r\nserver:\r\n  - wait: 1s\r\n  - hang\r\n',
      '# first\n---\ndialect: reson8 # second\nsummary: x\nserver:\n  - wait: 1s\n  - hang\n...\n',
      'dialect: reson8\nsummary: &a x\nserver:\n  - wait: 1s\n  - hang\nsource: *a\n',
    ]) {
      const result = read(text);
      expect(mistakes(text)).toEqual([]);
      if (result.kind === 'scenario') expect(result.scenario.file.server).toEqual([{ wait: '1s' }, 'hang']);
    }
  });

  it('keeps texts that other programs convert to something else', () => {
    const states = read('dialect: scriptix\nsummary: x\nserver:\n  - state: yes\n  - state: 2020-01-01\n');
    expect(states).toMatchObject({
      scenario: { file: { server: [{ state: 'yes' }, { state: '2020-01-01' }] } },
    });
    const confirmations = read('dialect: reson8\nsummary: x\nserver:\n  - confirm: off\n');
    expect(confirmations).toMatchObject({ scenario: { file: { server: [{ confirm: 'off' }] } } });
  });
});

describe('a file that costs much more to read than its size suggests', () => {
  it('is refused when it is longer than 1 MiB, without being parsed', () => {
    const text = `dialect: reson8\nsummary: x\n#${'x'.repeat(LONGEST_SCENARIO_BYTES)}\n`;

    expect(mistakes(text)).toEqual(['folder/a-name.yaml:1:1: longer than 1 MiB, so not a scenario']);
    // In bytes, not in characters.
    expect(mistakes(`# ${'é'.repeat(LONGEST_SCENARIO_BYTES / 2)}\n`)).toHaveLength(1);
    expect(mistakes(`dialect: reson8\nsummary: x\n#${'x'.repeat(LONGEST_SCENARIO_BYTES - 40)}`)).toEqual([]);
  });

  it('is refused when its aliases multiply', () => {
    const lines = ['a: &a [x, x, x, x, x, x, x, x, x]'];
    for (const [from, to] of ['ab', 'bc', 'cd', 'de', 'ef', 'fg', 'gh', 'hi'].map((pair) => pair.split('')))
      lines.push(`${to}: &${to} [${new Array(9).fill(`*${from}`).join(', ')}]`);

    expect(mistakes(lines.join('\n'))).toEqual([
      'folder/a-name.yaml:2:8: more than 100 values through aliases (*name): write them out',
    ]);
  });

  it('is refused when it contains itself', () => {
    expect(mistakes('dialect: reson8\nsummary: x\nserver: &a\n  - send: *a\n')).toEqual([
      'folder/a-name.yaml:1:1: nested too deeply: expected at most 64 levels',
    ]);
  });

  it.each([
    [
      'brackets',
      (levels: number) =>
        `dialect: reson8\nsummary: x\nserver:\n  - send: ${'['.repeat(levels)}${']'.repeat(levels)}\n`,
    ],
    [
      'braces',
      (levels: number) =>
        `dialect: reson8\nsummary: x\nserver:\n  - send: ${'{a: '.repeat(levels)}1${'}'.repeat(levels)}\n`,
    ],
    [
      'dashes',
      (levels: number) => `dialect: reson8\nsummary: x\nserver:\n  - send:\n    ${'- '.repeat(levels)}1\n`,
    ],
    [
      'steps',
      (levels: number) =>
        `dialect: reson8\nsummary: x\nserver: ${'[{repeat: 1, steps: '.repeat(levels)}[]${'}]'.repeat(levels)}\n`,
    ],
  ])('is refused when its %s are nested too deeply, and otherwise read', (_what, text) => {
    expect(mistakes(text(20))).toEqual([]);
    for (const levels of [70, 20_000]) {
      expect(mistakes(text(levels))).toEqual([
        expect.stringMatching(
          /^folder\/a-name\.yaml:\d+:\d+: nested too deeply: expected at most 64 levels$/,
        ),
      ]);
    }
  });

  it('has at most fifty mistakes reported', () => {
    const text = `dialect: reson8\nsummary: x\nserver:\n${'  - nonsense\n'.repeat(900)}`;
    const told = mistakes(text);

    expect(told).toHaveLength(51);
    expect(told.at(-1)).toBe(
      'folder/a-name.yaml:54:5: there are more mistakes from here on, which are not listed',
    );
    expect(told[0]).toMatch(/^folder\/a-name\.yaml:4:5: server\[0\]: /);
  });

  it.each([
    // Comparing each key with every other would take minutes.
    ['keys', Array.from({ length: 12_000 }, (_, i) => `k${i}: 1\n`).join('')],
    ['steps', `dialect: reson8\nsummary: x\nserver:\n${'- x\n'.repeat(19_000)}`],
  ])('is refused when it has too many %s', (_what, text) => {
    expect(mistakes(text)).toEqual([
      expect.stringMatching(/^folder\/a-name\.yaml:\d+:\d+: expected at most 10000 values$/) as string,
    ]);
  });

  // The parser finds every mistake before it can be stopped: a megabyte of brackets took it ten seconds.
  it.each([
    ['keys', Array.from({ length: 90_000 }, (_, i) => `k${i}: 1\n`).join(''), /:14286:\d: /],
    ['steps', `dialect: reson8\nsummary: x\nserver:\n${'- x\n'.repeat(200_000)}`, /:20000:\d: /],
    ['closing brackets', ']'.repeat(1_000_000), /:1:100000: /],
    ['anchors', '&a '.repeat(300_000), /:1:150000: /],
    ['comments', '#\n'.repeat(500_000), /:50001:1: /],
    ['elements', `[${'1,'.repeat(500_000)}]`, /:1:\d{5}: /],
  ])('is refused before it is parsed when it has far too many %s', (_what, text, place) => {
    const told = mistakes(text);

    expect(told).toEqual([
      expect.stringMatching(/: expected at most 100000 words, signs and ends of lines in a file$/) as string,
    ]);
    expect(told[0]).toMatch(place);
  });

  it('has its mistakes reported quickly when it has nearly too many steps', () => {
    expect(mistakes(Array.from({ length: 9000 }, (_, i) => `k${i}: 1\n`).join(''))).toHaveLength(51);
    expect(mistakes(`dialect: reson8\nsummary: x\nserver:\n${'- x\n'.repeat(1000)}`)).toHaveLength(51);
  });

  // With each level the time doubled: a file of 700 bytes, with eighteen, took more than a minute.
  it('has a mistake reported quickly that is in steps inside steps inside steps', () => {
    const levels = 20;
    const steps = `${'[{repeat: 1, steps: '.repeat(levels)}[wiat]${'}]'.repeat(levels)}`;

    expect(mistakes(`dialect: reson8\nsummary: x\nserver: ${steps}\n`)).toEqual([
      expect.stringMatching(/: unknown step "wiat"; did you mean "wait"\?$/) as string,
    ]);
  });

  it('is refused at the first alias beyond the number that can be looked up quickly', () => {
    const pairs = Array.from({ length: 1001 }, (_, i) => `&x ${i},*x`).join(',');
    expect(mistakes(`a: [${pairs}]`)).toEqual([
      expect.stringMatching(/:1:\d{4,}: one alias \(\*name\) too many: expected at most 1000$/) as string,
    ]);
  });
});
