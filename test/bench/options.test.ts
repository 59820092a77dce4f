import { expect, it } from 'vitest';
import { MEASURES, readOptions } from '../../bench/options.ts';

it('without options, the usual measures are taken', () => {
  const { only, peers, aims, soak, profile } = readOptions([]);
  expect(only).toContain('realtime');
  expect(only.length).toBeLessThan(MEASURES.length);
  expect({ peers, aims, soak, profile }).toEqual({
    peers: false,
    aims: false,
    soak: undefined,
    profile: undefined,
  });
});

it('options that replace the comparison are read', () => {
  expect(readOptions(['--peers', '--sessions', '50', '--rounds', '1', '--json'])).toMatchObject({
    ...{ peers: true, sessions: 50, rounds: 1, json: true },
  });
  expect(readOptions(['--aims']).aims).toBe(true);
});

it.each([
  ['--peers --soak 10', '--soak takes the place of a comparison: it goes without --peers'],
  ['--peers --only file', '--peers takes the place of a comparison: it goes without --only'],
  ['--profile d --aims', '--profile takes the place of a comparison: it goes without --aims'],
  ['--sessions 0 --peers', '--sessions is a whole number from 1 to 10000, not "0"'],
  ['--only peers', '--only takes '],
  ['--peer', 'Unknown option'],
])('%s is refused', (args, why) => {
  expect(() => readOptions(args.split(' '))).toThrow(why);
});
