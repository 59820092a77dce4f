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

describe('a fake that tests share', () => {
  const thing = shared(make);

  it('is started for the first test', async () => {
    expect(made).toBe(0);
    expect((await thing()).number).toBe(1);
  });

  it('is the same for the second test', async () => {
    expect((await thing()).number).toBe(1);
  });

  it.fails('ends with a test that fails', async () => {
    expect((await thing()).number).toBe(2);
  });

  it('is started again for the next test', async () => {
    expect(ended).toEqual([1]);
    expect((await thing()).number).toBe(2);
  });

  afterAll(() => expect(ended).toEqual([1]));
});

it('a shared fake ends after the last test', () => {
  expect(ended).toEqual([1, 2]);
});
