import { serveMinimal } from './minimal-server.ts';

/** The yardstick: it never looks at the audio. */
serveMinimal(() => undefined);
