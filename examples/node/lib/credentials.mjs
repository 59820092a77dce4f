import { UsageError } from './failure.mjs';

/** Exactly one of the three forms of S4:11-17. The third is for browsers, which cannot set headers. */
export function credentialsOf(form, token) {
  if (form === 'apikey') return { headers: { authorization: `ApiKey ${token}` } };
  if (form === 'bearer') return { headers: { authorization: `Bearer ${token}` } };
  if (form === 'subprotocol') return { protocols: ['bearer', token] };
  throw new UsageError('--auth: expected apikey, bearer or subprotocol');
}
