import type { Dialect } from '../protocol/dialects.ts';
import type { Life } from './happy-path.ts';

/** The life of the connections that a dialect's scenarios are for; REST has none. */
export function lifeOf(dialect: Dialect): Life | undefined {
  switch (dialect) {
    case 'scriptix':
      return 'scriptix-microphone';
    case 'scriptix-stream':
      return 'scriptix-stream';
    case 'reson8':
      return 'reson8-realtime';
    case 'scriptix-rest':
      return undefined;
  }
}

/** The dialect whose scenarios are for a connection of this life. */
export function dialectOf(life: Life): Dialect {
  switch (life) {
    case 'scriptix-microphone':
      return 'scriptix';
    case 'scriptix-stream':
      return 'scriptix-stream';
    case 'reson8-realtime':
      return 'reson8';
  }
}
