import { expect, it } from 'vitest';
import { credentialCause } from '../../../../src/conformance/client/causes/credential.ts';
import { playFacts } from '../../../../src/conformance/client/causes/play-facts.ts';
import { DEFAULT_EDITIONS } from '../../../../src/protocol/editions.ts';
import type { TraceFact } from '../../../../src/wire/trace.ts';
import { context, request, response } from '../../play.ts';

const ABOUT = {
  dialect: 'reson8-rest',
  editions: DEFAULT_EDITIONS,
  timeoutMs: 30_000,
  isAttached: false,
  handed: { token: 'redacted-1', spellings: [] },
} as const;
const JSON_TYPE = { 'content-type': 'application/json' };
const UNAUTHORIZED = response(401, { code: 'UNAUTHORIZED' }, JSON_TYPE);

/** A client that asks for a token with one credential, and is refused where it presents another. */
const sentencesOf = (key: string, presented: string) => {
  const sessions: readonly (readonly TraceFact[])[] = [
    [
      request('/v1/auth/token', { authorization: `ApiKey ${key}` }, 'POST'),
      response(200, { access_token: 'redacted-2', token_type: 'Bearer', expires_in: 2 }, JSON_TYPE),
    ],
    [
      request('/v1/speech-to-text/prerecorded', { authorization: `Bearer ${presented}` }, 'POST'),
      UNAUTHORIZED,
    ],
  ];
  const events = sessions.flatMap((facts, i) =>
    [context({ dialect: 'reson8-rest' }), ...facts].map((fact) => ({
      session: `s${i + 1}`,
      atMs: i,
      ...fact,
    })),
  );
  return credentialCause([playFacts({ name: 'happy-path', events }, '')], ABOUT).map(
    ({ sentence }) => sentence,
  );
};

// A token that had expired was called another credential than the one that the client was given.
it('an access token counts as the credential that it was issued for', () => {
  expect(sentencesOf('redacted-1', 'redacted-2')).toEqual([]);
});

it.each([
  ['that it was not given', 'redacted-1', 'redacted-9'],
  ['that was issued for another', 'redacted-8', 'redacted-2'],
])('the report names a credential of a client %s', (_which, key, presented) => {
  expect(sentencesOf(key, presented).join()).toContain('sent another credential than UNDERSTUDY_TOKEN');
});
