import { serveMinimal } from './minimal.ts';

/** The yardstick: it never examines the audio. */
serveMinimal(() => undefined);
