/**
 * Everything that a fake loads only when it needs it, so that no run waits for it: in tests, modules are compiled as they are
 * loaded, and with many runs at once on a busy machine a first connection has waited 17 s for them.
 */
import '@faker-js/faker/locale/de';
import '@faker-js/faker/locale/es';
import '@faker-js/faker/locale/fr';
import '../../../src/mock-server/rest/app.ts';
import '../../../src/scenario/compile/compile.ts';
import '../../../src/scenario/read/load.ts';
import '../../../src/scenario/read/read-file.ts';
import '../../support/warm.ts';
