/**
 * What the fake loads only when a first connection needs it. Where a clock runs faster than the wall, import this: in tests
 * the sources are compiled as they are loaded, and on a busy machine that takes longer than the 15 seconds that a client
 * or an origin has, when they are a fraction of real ones.
 */
import '@faker-js/faker/locale/en';
import '@faker-js/faker/locale/nl';
import '../../src/mock-server/session/drive.ts';
import '../../src/mock-server/session/play-stream.ts';
import '../../src/scenario/speech/voices.ts';
