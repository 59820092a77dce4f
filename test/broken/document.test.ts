import { format, resolveConfig } from 'prettier';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { documentOf } from './document.ts';
import { HISTORIES } from './histories.ts';
import { HOSTILE } from './hostile.ts';
import { legalReson8 } from './legal-reson8.ts';
import { legalScriptix } from './legal-scriptix.ts';
import { BROKEN_SERVERS, UNBREAKABLE } from './servers.ts';

test('docs/teeth.md is current (npm run teeth)', async () => {
  const path = fileURLToPath(new URL('../../docs/teeth.md', import.meta.url));
  const text = documentOf({
    broken: BROKEN_SERVERS,
    unbreakable: UNBREAKABLE,
    histories: HISTORIES,
    legal: [...legalScriptix, ...legalReson8],
    hostile: HOSTILE,
  });
  const formatted = await format(text, { ...(await resolveConfig(path)), parser: 'markdown' });
  await expect(formatted).toMatchFileSnapshot(path);
});
