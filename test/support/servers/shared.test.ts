import { afterAll, describe, expect, it } from 'vitest';
import { shared } from './shared.ts';

interface Thing extends AsyncDisposable {
  readonly number: number;
}

const ended: number[] = [];
let made = 0;

function make(): Promise<Thing> {
  made += 1;
  const number = made;
  const dispose = () => {
    ended.push(number);
    return Promise.resolve();
  };
  return Promise.resolve({ number, [Symbol.asyncDispose]: dispose });
}

describe('what tests share', () => {
  const thing = shared(make);

  it('is made for the first', async () => {
    expect(made).toBe(0);
    expect((await thing()).number).toBe(1);
  });

  it('is there for the second', async () => {
    expect((await thing()).number).toBe(1);
  });

  it.fails('ends with one that fails', async () => {
    expect((await thing()).number).toBe(2);
  });

  it('is made again for the next', async () => {
    expect(ended).toEqual([1]);
    expect((await thing()).number).toBe(2);
  });

  afterAll(() => expect(ended).toEqual([1]));
});

it('ends after the last', () => {
  expect(ended).toEqual([1, 2]);
});
