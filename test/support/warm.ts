/**
 * Loads the modules that the fake otherwise loads only for its first connection. Import this where a clock runs faster
 * than real time: in tests the sources are compiled as they are loaded, and on a busy machine that can take longer than
 * the 15 seconds of a client or an origin, which are then only a fraction of real seconds.
 */
import '@faker-js/faker/locale/en';
import '@faker-js/faker/locale/nl';
import '../../src/mock-server/session/drive.ts';
import '../../src/mock-server/session/play-stream.ts';
import '../../src/scenario/speech/voices.ts';
