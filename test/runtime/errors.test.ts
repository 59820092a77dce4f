import { describe, expect, it } from 'vitest';
import { readBaseline } from '../../src/conformance/judge/baseline.ts';
import { parseReportTarget } from '../../src/conformance/report/write.ts';
import { readOptions } from '../../src/mock-server/options.ts';
import { sentenceOf, systemReason, unreadable, UserError, type Mistake } from '../../src/runtime/errors.ts';
import { readTrace } from '../../src/wire/trace-file.ts';

describe('the sentence about a mistake', () => {
  it.each<[string, Mistake, string]>([
    ['nothing in particular', { what: 'The client was not started' }, 'The client was not started'],
    ['a flag', { flag: 'seed', what: 'expected a number' }, '--seed: expected a number'],
    [
      'a flag with its value',
      { flag: 'out', value: 'a.ndjson', what: 'exists already' },
      '--out a.ndjson: exists already',
    ],
    [
      'a flag for which another may have been meant',
      { flag: 'only', what: 'unknown', meant: 'SX-FIN-014' },
      '--only: unknown; did you mean "SX-FIN-014"?',
    ],
    ['a command', { command: 'convert a b', what: 'expected files' }, 'convert a b: expected files'],
    ['an option', { option: 'journal.bytes', what: 'expected more' }, 'journal.bytes: expected more'],
    ['a file', { file: 'a.yaml', what: 'is empty' }, 'a.yaml: is empty'],
    ['a file without a name', { file: '', what: 'cannot be read' }, '"": cannot be read'],
    ['a line of a file', { file: 'a.yaml', line: 3, column: 5, what: 'is odd' }, 'a.yaml:3:5: is odd'],
    [
      'a key in a line of a file',
      { file: 'a.yaml', line: 3, column: 5, key: 'server[0]', what: 'unknown step', meant: 'speak' },
      'a.yaml:3:5: server[0]: unknown step; did you mean "speak"?',
    ],
    [
      'a file that a flag names',
      {
        flag: 'baseline',
        file: 'a.yaml',
        what: 'cannot be read: there is no such file or folder (ENOENT)',
        code: 'ENOENT',
      },
      '--baseline: a.yaml: cannot be read: there is no such file or folder (ENOENT)',
    ],
  ])('about %s', (_what, mistake, sentence) => {
    expect(sentenceOf(mistake)).toBe(sentence);
    expect(new UserError([mistake, mistake]).message).toBe(`${sentence}\n${sentence}`);
  });

  it('about a file that cannot be read has the code of the system', () => {
    const error = Object.assign(new Error('no such file, open a'), { code: 'ENOENT' });
    expect(unreadable('a', error)).toMatchObject({
      message: 'a: cannot be read: there is no such file or folder (ENOENT)',
      mistakes: [{ file: 'a', code: 'ENOENT' }],
    });

    const known = new UserError('too long', { file: 'a' });
    expect(unreadable('a', known)).toBe(known);
  });

  // "cannot be read (ENOENT)" helps only readers who know the codes of the system.
  it('about a file has the reason in words, with the code of the system', () => {
    const codeOnly = (code: string) => systemReason(Object.assign(new Error('what Node.js says'), { code }));
    const codes = [
      ...['ENOENT', 'EISDIR', 'EACCES', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG', 'EMFILE', 'ENOSPC'],
      ...['EROFS', 'EPERM', 'EBUSY', 'EEXIST', 'EFBIG', 'EIO', 'ENFILE'],
    ];
    for (const code of codes) expect(codeOnly(code)).toMatch(new RegExp(`^[a-z][a-z ,-]+ \\(${code}\\)$`));
    expect(codeOnly('ESTRANGE')).toBe('ESTRANGE');
    expect(codeOnly('ERR_INVALID_ARG_VALUE')).toBe('what Node.js says');
    expect(systemReason(new Error('neither'))).toBe('neither');
  });
});

describe('the fields of a mistake contain', () => {
  const mistakesOf = (work: () => unknown) => {
    try {
      work();
    } catch (error) {
      if (error instanceof UserError) return error.mistakes;
      throw error;
    }
    return [];
  };

  it.each<[string, () => unknown, Partial<Mistake>[]]>([
    [
      'the options of the library, all of them at once',
      () => readOptions({ port: -1, journal: { bytes: 1 } }),
      [{ option: 'port' }, { option: 'journal.bytes' }],
    ],
    [
      'the flag, what was given, and what was meant',
      () => parseReportTarget('jnuit:x.xml'),
      [{ flag: 'report', value: 'jnuit:x.xml', meant: 'junit:x.xml' }],
    ],
    [
      'file, line, column and key',
      () => readBaseline('- { id: SX-FIN-014 }\n', 'known.yaml', new Set(['SX-FIN-014'])),
      [{ file: 'known.yaml', line: 1, column: 3, key: '0.reason' }],
    ],
    [
      'file and place in a trace',
      () => readTrace('', 'a.ndjson'),
      [{ file: 'a.ndjson', line: 1, column: 1 }],
    ],
  ])('%s', (_what, work, expected) => expect(mistakesOf(work)).toMatchObject(expected));
});
