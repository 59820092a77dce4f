import { expect, it } from 'vitest';
import { namedBy } from '../../../src/conformance/causes/named.ts';

it('A credential has the flag that it came with, also where it stands for another', () => {
  const both = namedBy({ credentials: { valid: 'a', admin: 'b' } });
  expect([both.credentialOf('valid'), both.credentialOf('admin')]).toEqual(['--token', '--admin-token']);
  const one = namedBy({ credentials: { valid: 'a' } });
  expect([one.credentialOf('admin'), one.credentialOf('user')]).toEqual(['--token', '--user-token']);
  expect(namedBy({ credentials: { admin: 'b' } }).credentialOf('valid')).toBe('--admin-token');
  expect(namedBy({ credentials: {}, apiUrl: 'http://x' })).toMatchObject({
    url: '--url',
    apiUrl: '--api-url',
  });
});
