import { expect, it } from 'vitest';
import { shownCommand } from '../../../../src/conformance/client/program/shown-command.ts';

it.each([
  [['node', 'client.mjs', '--url', '{url}'], 'node client.mjs --url {url}'],
  [['/usr/bin/node', '/home/me/code/app/client.mjs'], 'node app/client.mjs'],
  [['./client', '--config=/home/me/code/c.json', '--log=/var/log/x'], './client --config=c.json --log=x'],
  [['/home/me/codebase/client'], 'client'],
  [['sh', '-c', "echo 'a b'; exit 1"], `sh -c 'echo '\\''a b'\\''; exit 1'`],
  [['client', ''], "client ''"],
  [['client', 'a-secret-key'], "client '***'"],
])('%j is shown as %s', (words, shown) => {
  expect(shownCommand(words, '/home/me/code', (text) => text.replace('a-secret-key', '***'))).toBe(shown);
});
