import { expect, it } from 'vitest';
import { resultOf } from '../../../src/conformance/judge/judge.ts';
import { REQUIREMENTS } from '../../../src/protocol/requirements.ts';
import { onlyProven } from '../../../src/conformance/explore/unreproduced.ts';
import { awaiting, broken, held } from '../../../src/conformance/judge/invariant.ts';

const shown = broken([3], 'every final once', 'a final again');
const missing = awaiting(broken([3], 'a confirmation', 'none'), [1, 3]);

/*
 * A counterexample that failed 0 of 3 times was a failure all the same. A message in the trace is proof; that a message
 * did not come once may be due to the moment.
 */
it('a message that was wrong once is proof, and a message that did not come once is not', () => {
  const seen = [shown, missing, held(3)].map((occasion) => ({ play: 'generated/abc', occasion }));
  expect(onlyProven(seen).map(({ occasion }) => occasion.outcome)).toEqual(['broken', 'unclear', 'held']);
});

it('a finding of a probe is not doubted because a generated session did not repeat it', () => {
  const seen = [{ play: 'reson8/silence', occasion: missing }];
  expect(onlyProven(seen)).toEqual(seen);
});

// A confirmation that was missing once used to pass, because the others had come.
it('a requirement with a finding that was not shown again has neither failed nor passed', () => {
  const requirement = REQUIREMENTS.find(({ id }) => id === 'R8-FL-002');
  if (requirement === undefined) throw new Error('no such requirement');
  const seen = [held(3), missing, held(5)].map((occasion) => ({ play: 'generated/abc', occasion }));
  const terms = { strict: false, deviations: new Set<string>() };

  const result = resultOf(requirement, onlyProven(seen), terms);

  expect(result).toMatchObject({ verdict: 'inconclusive', actual: 'none', exercised: 2 });
});
