import { expect, it } from 'vitest';
import { wrongPort } from '../../../src/runtime/network/authority.ts';

it.each([
  ['ws://127.0.0.1', undefined],
  ['ws://127.0.0.1/', undefined],
  ['ws://127.0.0.1:8080', undefined],
  ['ws://[::1]', undefined],
  ['ws://[::1]:80/a:', undefined],
  ['ws://h/?a=b:', undefined],
  ['ws://127.0.0.1:', /colon/],
  ['ws://127.0.0.1:/v2', /colon/],
  ['WS://h:?x', /colon/],
  ['https:\\\\h:', /colon/],
  ['ws://[::1]:', /colon/],
  ['ws://u:p@h:', /colon/],
  ['ws://h:0', /port 0/],
  ['ws://h:000', /port 0/],
])('the port of %s', (url, wrong) => {
  if (wrong === undefined) expect(wrongPort(url)).toBeUndefined();
  else expect(wrongPort(url)).toMatch(wrong);
});
