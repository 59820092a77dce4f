import { expect, it } from 'vitest';
import { namedBy } from '../../../src/conformance/causes/named.ts';

it('a credential is named by the flag that it came with, also where it is used for another', () => {
  const both = namedBy({ credentials: { valid: 'a', admin: 'b' } });
  expect([both.credentialOf('valid'), both.credentialOf('admin')]).toEqual([
    '--token (credentials.valid in the library)',
    '--admin-token (credentials.admin in the library)',
  ]);

  const one = namedBy({ credentials: { valid: 'a' } });
  expect([one.credentialOf('admin'), one.credentialOf('user')]).toEqual([
    '--token (credentials.valid in the library)',
    '--user-token (credentials.user in the library)',
  ]);
  expect(namedBy({ credentials: { admin: 'b' } }).credentialOf('valid')).toBe(
    '--admin-token (credentials.admin in the library)',
  );
  expect(namedBy({ credentials: {}, apiUrl: 'http://x' })).toMatchObject({
    url: '--url (url in the library)',
    apiUrl: '--api-url (apiUrl in the library)',
  });
});

it('no flag is named where neither a token nor one with the admin scope was given', () => {
  expect(namedBy({}).isWithoutAny).toBe(true);
  expect(namedBy({ credentials: { user: 'c', invalid: 'd' } }).isWithoutAny).toBe(true);

  for (const kind of ['valid', 'admin'])
    expect(namedBy({ credentials: { [kind]: 'a' } }).isWithoutAny).toBe(false);
});
