import { expect, it } from 'vitest';
import { Handout } from '../../../src/mock-server/session/handout.ts';

function handout() {
  return new Handout<string>(
    'next()',
    () => () => undefined,
    () => 1000,
    () => '',
  );
}

it('hands out what has come in its order, each once', async () => {
  const all = handout();
  for (const what of ['a', 'b', 'c']) all.hand(what, what === 'b' ? 'own' : undefined);

  expect([await all.next({ token: 'own' }), await all.next(), await all.next()]).toEqual(['b', 'a', 'c']);
});

// Of two connections of different workers, the later one may be the first that is heard of.
it('hands out by their numbers what has come and was not asked for yet', async () => {
  const all = handout();
  for (const number of [2, 4, 3, 1, 10]) all.hand(`s${number}`, undefined, number);

  const got = [];
  for (let i = 0; i < 5; i++) got.push(await all.next());

  expect(got).toEqual(['s1', 's2', 's3', 's4', 's10']);
});

it('gives one who waits whatever comes first', async () => {
  const all = handout();
  const waiting = all.next();
  all.hand('s2', undefined, 2);
  all.hand('s1', undefined, 1);

  expect([await waiting, await all.next()]).toEqual(['s2', 's1']);
});
