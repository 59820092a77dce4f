import { expect, it } from 'vitest';
import { editionCause } from '../../../../src/conformance/client/causes/asked-edition.ts';
import { playFacts } from '../../../../src/conformance/client/causes/play-facts.ts';
import { DEFAULT_EDITIONS } from '../../../../src/protocol/editions.ts';
import { at, context, events, request, response } from '../../play.ts';

const ABOUT = {
  dialect: 'reson8',
  editions: DEFAULT_EDITIONS,
  timeoutMs: 30_000,
  isAttached: true,
  handed: { token: 'redacted-1', spellings: [] },
} as const;
const PATH = '/v1/speech-to-text/realtime';
const UPGRADE = { upgrade: 'websocket' };

const causesOf = (target: string, headers: Record<string, string> = UPGRADE, about = {}) => {
  const recorded = events([context({}), at(0, request(target, headers)), response(101)]);
  return editionCause([playFacts({ name: 'happy-path', events: recorded }, '')], { ...ABOUT, ...about });
};

it.each([
  ['in its query', `${PATH}?edition=2026-08`, UPGRADE],
  ['with the name of the service', `${PATH}?edition=reson8%3D2026-08`, UPGRADE],
  ['in a header', PATH, { ...UPGRADE, 'X-Understudy-Edition': '2026-08' }],
  ['in a call', '/v1/auth/token?edition=2026-08', {}],
])(
  'the report names an edition that a client asked for although it is judged by another: %s',
  (_where, target, headers) => {
    expect(causesOf(target, headers)).toEqual([
      {
        isReason: false,
        sentence:
          'The client asked for the edition 2026-08 of reson8 in its only request, and was judged by documents: is --edition reson8=2026-08 meant?',
      },
    ]);
  },
);

it.each([
  ['asks for none', PATH],
  ['asks for the one by which it is judged', `${PATH}?edition=documents`],
  ['asks for one that does not exist, and is refused', `${PATH}?edition=2027`],
  ['asks another service', '/v2/realtime?edition=examples'],
  ['asks elsewhere', '/v1/live?edition=2026-08'],
])('the report does not mention the edition of a client that %s', (_what, target) => {
  expect(causesOf(target)).toEqual([]);
});

it('the edition in the query takes precedence over that in the header, as for the fake', () => {
  const header = { ...UPGRADE, 'x-understudy-edition': '2026-08' };

  expect(causesOf(`${PATH}?edition=documents`, header)).toEqual([]);
  expect(causesOf(PATH, header, { editions: { ...DEFAULT_EDITIONS, reson8: '2026-08' } })).toEqual([]);
});
