import type { Life } from '../protocol/dialects.ts';
import type { HttpAnswer } from './dialects/dialect.ts';

/** What happens in a server, for a log. */
export type ServerEvent =
  | { readonly event: 'session-open'; readonly id: string; readonly life: Life; readonly language?: string }
  | {
      readonly event: 'session-close';
      readonly id: string;
      readonly code: number;
      readonly audioMs: number;
      readonly results: number;
    }
  | { readonly event: 'session-error'; readonly id: string; readonly message: string }
  /** A scenario file was read again, or it could not be. */
  | { readonly event: 'scenario-loaded'; readonly name: string; readonly path: string }
  | { readonly event: 'scenario-broken'; readonly path: string; readonly message: string }
  /** A plain request to a path where nothing is was answered with 404. */
  | { readonly event: 'not-found'; readonly method: string; readonly path: string }
  /** An upgrade was answered with plain HTTP. */
  | ({ readonly event: 'refused'; readonly method: string; readonly path: string } & HttpAnswer);
