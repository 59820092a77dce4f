import { serveMinimal } from './minimal.ts';

/** The yardstick: it never looks at the audio. */
serveMinimal(() => undefined);
