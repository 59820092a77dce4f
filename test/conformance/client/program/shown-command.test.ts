import { expect, it } from 'vitest';
import { shownCommand } from '../../../../src/conformance/client/program/shown-command.ts';

it.each([
  ['a command of plain words', ['node', 'client.mjs', '--url', '{url}'], 'node client.mjs --url {url}'],
  [
    'the path of a program and its script',
    ['/usr/bin/node', '/home/me/code/app/client.mjs'],
    'node app/client.mjs',
  ],
  [
    'paths in flags',
    ['./client', '--config=/home/me/code/c.json', '--log=/var/log/x'],
    './client --config=c.json --log=x',
  ],
  ['a path beside the working folder', ['/home/me/codebase/client'], 'client'],
  ['a line for a shell', ['sh', '-c', "echo 'a b'; exit 1"], `sh -c 'echo '\\''a b'\\''; exit 1'`],
  ['an empty word', ['client', ''], "client ''"],
  ['a word that is a secret', ['client', 'a-secret-key'], "client '***'"],
])('%s is shown without folders and secrets', (_what, words, shown) => {
  expect(shownCommand(words, '/home/me/code', (text) => text.replace('a-secret-key', '***'))).toBe(shown);
});
