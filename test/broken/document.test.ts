import { format } from 'oxfmt';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { BROKEN_CLIENTS, NOT_BROKEN } from './clients/clients.ts';
import { EVERYWHERE } from './clients/everywhere.ts';
import { UNASKED } from './clients/unasked.ts';
import { documentOf } from './document.ts';
import { HISTORIES } from './servers/histories.ts';
import { HOSTILE } from './hostile.ts';
import { legalReson8 } from './legal/reson8.ts';
import { legalTurns } from './legal/reson8-turns.ts';
import { legalScriptix } from './legal/scriptix.ts';
import { SELDOM } from './servers/seldom.ts';
import { BROKEN_SERVERS, UNBREAKABLE } from './servers/servers.ts';
import { brokenInEditions, legalInEditions } from './servers/editions.ts';
import { WITHHOLDING } from './withholding.ts';

test('docs/teeth.md is current (npm run teeth)', async () => {
  const path = fileURLToPath(new URL('../../docs/teeth.md', import.meta.url));
  const text = documentOf({
    broken: BROKEN_SERVERS,
    unbreakable: UNBREAKABLE,
    histories: HISTORIES,
    seldom: SELDOM,
    legal: [...legalScriptix, ...legalReson8, ...legalTurns],
    editions: { broken: brokenInEditions, legal: legalInEditions },
    hostile: HOSTILE,
    withholding: WITHHOLDING,
    clients: { broken: BROKEN_CLIENTS, notBroken: NOT_BROKEN, everywhere: EVERYWHERE, unasked: UNASKED },
  });
  const { code } = await format(path, text);

  await expect(code).toMatchFileSnapshot(path);
});
