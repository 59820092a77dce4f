import { describe, expect, it } from 'vitest';
import { ansiPaint, columnsOf, paintFor, plainPaint } from '../../../src/runtime/text/screen.ts';

const TERMINAL = { isTTY: true, columns: 132 };
const PIPE = {};

describe('colours', () => {
  it.each([
    ['a terminal has them', TERMINAL, {}, ansiPaint],
    ['a pipe has none', PIPE, {}, plainPaint],
    ['NO_COLOR turns them off', TERMINAL, { NO_COLOR: '1' }, plainPaint],
    ['an empty NO_COLOR has no effect', TERMINAL, { NO_COLOR: '' }, ansiPaint],
    ['FORCE_COLOR turns them on in a pipe', PIPE, { FORCE_COLOR: '1' }, ansiPaint],
    ['FORCE_COLOR wins over NO_COLOR', PIPE, { FORCE_COLOR: '1', NO_COLOR: '1' }, ansiPaint],
    ['FORCE_COLOR=0 turns them off', TERMINAL, { FORCE_COLOR: '0' }, plainPaint],
    ['FORCE_COLOR=false turns them off', TERMINAL, { FORCE_COLOR: 'false' }, plainPaint],
    ['an empty FORCE_COLOR has no effect', PIPE, { FORCE_COLOR: '' }, plainPaint],
  ])('%s', (_name, stream, env, expected) => {
    expect(paintFor(stream, env)).toBe(expected);
  });
});

describe('columns', () => {
  it.each([
    ['a terminal has its own', TERMINAL, {}, 132],
    ['a pipe has the default', PIPE, {}, 100],
    ['COLUMNS wins in a terminal', TERMINAL, { COLUMNS: '60' }, 60],
    ['COLUMNS wins in a pipe', PIPE, { COLUMNS: '60' }, 60],
    ['a width of 0 means 80', { isTTY: true, columns: 0 }, {}, 80],
    ['COLUMNS=0 means 80', PIPE, { COLUMNS: '0' }, 80],
    ['a terminal without a width has 80', { isTTY: true }, {}, 80],
    ['COLUMNS that is not a number has no effect', TERMINAL, { COLUMNS: 'wide' }, 132],
    ['a negative COLUMNS has no effect', TERMINAL, { COLUMNS: '-5' }, 132],
  ])('%s', (_name, stream, env, expected) => {
    expect(columnsOf(stream, env, 100)).toBe(expected);
  });
});
