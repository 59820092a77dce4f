import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of this checkout. */
export const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));

/** The built command. UNDERSTUDY_CLI names that of another build, in a package laid out like this one. */
export const CLI = resolve(process.env['UNDERSTUDY_CLI'] ?? join(REPOSITORY, 'dist/cli/main.js'));

/** The package that the command belongs to. */
export const PACKAGE = resolve(CLI, '../../..');
