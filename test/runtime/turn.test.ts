import { expect, it, vi } from 'vitest';
import { atEndOfTurn, isTimeInTurn, turnNumber } from '../../src/runtime/turn.ts';

it('callbacks run in order, later ones in a later turn, and all of them even if one throws', async () => {
  const called: string[] = [];
  const failed = vi.fn();
  const listeners = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException').once('uncaughtException', failed);
  try {
    await new Promise<void>((resolve) => {
      atEndOfTurn(() => {
        called.push('first');
        atEndOfTurn(() => {
          called.push('later');
          resolve();
        });
      });
      atEndOfTurn(() => {
        throw new Error('of one');
      });
      atEndOfTurn(() => void called.push('last'));
    });
  } finally {
    process.removeAllListeners('uncaughtException');
    for (const listener of listeners) process.on('uncaughtException', listener);
  }

  expect(failed).toHaveBeenCalledOnce();
  expect(called).toEqual(expect.arrayContaining(['first', 'last', 'later']));
  expect(called[0]).toBe('first');
});

it('each turn has its own number', async () => {
  const first = turnNumber();
  expect(turnNumber()).toBe(first);

  await new Promise<void>(atEndOfTurn);
  expect(turnNumber()).not.toBe(first);
});

it('work that can be deferred shares a little time in each turn', async () => {
  for (let turn = 0; turn < 3; turn++) {
    let asked = 0;
    while (isTimeInTurn()) asked += 1;
    expect(asked).toBeGreaterThan(0);
    // It is over for all callers.
    expect(isTimeInTurn()).toBe(false);
    await new Promise<void>(atEndOfTurn);
  }
});
