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

it('arrivals are handed out once, in their order', async () => {
  const all = handout();
  for (const what of ['a', 'b', 'c']) all.hand(what, what === 'b' ? 'own' : undefined);

  expect([await all.next({ token: 'own' }), await all.next(), await all.next()]).toEqual(['b', 'a', 'c']);
});

// Of two connections of different workers, the later one may be reported first.
it('arrivals that no one has asked for yet are handed out by their numbers', async () => {
  const all = handout();
  for (const number of [2, 4, 3, 1, 10]) all.hand(`s${number}`, undefined, number);

  const got = [];
  for (let i = 0; i < 5; i++) got.push(await all.next());

  expect(got).toEqual(['s1', 's2', 's3', 's4', 's10']);
});

it('a caller that is already waiting gets the first arrival', async () => {
  const all = handout();
  const waiting = all.next();
  all.hand('s2', undefined, 2);
  all.hand('s1', undefined, 1);

  expect([await waiting, await all.next()]).toEqual(['s2', 's1']);
});
