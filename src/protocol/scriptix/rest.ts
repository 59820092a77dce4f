import { DIALECTS } from '../dialects.ts';
import { z } from 'zod';
import { SERVICE_STATUSES } from './service.ts';

/** The REST API that starts the Scriptix realtime service and reports its status (S3). */

/** The one documented credential of both calls (S3:11). */
export const API_KEY_HEADER = 'x-zoom-s2t-key';

/** The two calls. */
export const ENDPOINTS = {
  /** Starts the service and waits until it is ready (S3:17-21). */
  initialize: { method: 'POST', path: DIALECTS['scriptix-rest'].paths[0], adminOnly: true, source: 'S3:17' },
  /** Reports the status and never starts anything (S3:70-72). */
  status: { method: 'GET', path: DIALECTS['scriptix-rest'].paths[1], adminOnly: false, source: 'S3:70' },
} as const;
/** The field of their answers that says where to connect (S3:62). */
export const ADDRESS_FIELD = 'endpoint';
/** The name of a call. */
export type Endpoint = keyof typeof ENDPOINTS;

/** Body of a 200 from `status` (S3:104-131). */
export const statusBody = z.object({
  status: z.enum(SERVICE_STATUSES),
  message: z.string(),
  ready: z.boolean(),
  /** Where to connect. The expression excludes `wss:host`, which the URL parser accepts. */
  endpoint: z.url().regex(/^wss?:\/\//i),
});

/** Body of a 200 from `initialize`: the same with one status only (S3:56-65). */
export const initializeBody = statusBody.extend({ status: z.literal('ready') });

/** Body of a 401, 403, 500 or 503 (S3:136-162). */
export const errorBody = z.object({ detail: z.string() });

/** An answer that the documents print. */
export interface DocumentedAnswer {
  readonly httpStatus: 200 | 401 | 403 | 500 | 503;
  /** The calls that it can answer. */
  readonly endpoints: readonly Endpoint[];
  readonly body: z.infer<typeof statusBody> | z.infer<typeof errorBody>;
  readonly source: string;
}

const ENDPOINT_URL = 'wss://realtime.scriptix.io/v2/realtime';

/** The beginning of the 500 of `initialize`; the cause follows it (S3:153). */
export const INITIALIZE_FAILED_PREFIX = 'Failed to initialize realtime service: ';

/** Every printed answer, word for word: clients may show these texts and have no reason to read them. */
export const DOCUMENTED_ANSWERS: readonly DocumentedAnswer[] = [
  {
    httpStatus: 200,
    endpoints: ['initialize'],
    body: {
      status: 'ready',
      message: 'Realtime service is ready for connections',
      ready: true,
      endpoint: ENDPOINT_URL,
    },
    source: 'S3:58',
  },
  {
    httpStatus: 200,
    endpoints: ['status'],
    body: { status: 'ready', message: 'Realtime service is ready', ready: true, endpoint: ENDPOINT_URL },
    source: 'S3:106',
  },
  {
    httpStatus: 200,
    endpoints: ['status'],
    body: {
      status: 'scaled_down',
      message: 'Realtime service is scaled down. Call /initialize to start it.',
      ready: false,
      endpoint: ENDPOINT_URL,
    },
    source: 'S3:115',
  },
  {
    httpStatus: 200,
    endpoints: ['status'],
    body: {
      status: 'starting',
      message: 'Realtime service is starting up',
      ready: false,
      endpoint: ENDPOINT_URL,
    },
    source: 'S3:124',
  },
  {
    httpStatus: 401,
    endpoints: ['initialize', 'status'],
    body: { detail: 'Not authenticated' },
    source: 'S3:138',
  },
  {
    // S3:134 introduces the errors of both calls, and only `initialize` needs a scope (S3:19).
    httpStatus: 403,
    endpoints: ['initialize'],
    body: { detail: 'Not enough permissions' },
    source: 'S3:145',
  },
  {
    // `<error details>` is the document's own placeholder. A 500 of `status` would need another text.
    httpStatus: 500,
    endpoints: ['initialize'],
    body: { detail: `${INITIALIZE_FAILED_PREFIX}<error details>` },
    source: 'S3:152',
  },
  {
    httpStatus: 503,
    endpoints: ['initialize'],
    body: { detail: 'Realtime service failed to start' },
    source: 'S3:159',
  },
];
