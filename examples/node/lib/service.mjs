import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from './failure.mjs';
import { readMessage } from './json.mjs';
import { user } from './report.mjs';

const STATUS_LIMIT_MS = 15_000;
/** A call of initialize waits until the service runs (S3:21), which takes a while after it was scaled down. */
const INITIALIZE_LIMIT_MS = 60_000;
const POLL_EVERY_MS = 5000;
/** From the first call until the service is ready. */
const READY_LIMIT_MS = 180_000;

/**
 * The workflow of S3:165-170: get the status, initialize, and get the status again until the service is ready. Only
 * `ready` decides; the wording of the message may change (S3:65).
 *
 * @param {string} apiUrl `https://api.scriptix.io`, or with `/api/v4/realtime`
 * @returns {Promise<URL>} where to connect; rejects with a Failure
 */
export async function readyEndpoint(apiUrl, key) {
  const base = apiUrl.replace(/\/+$/, '').replace(/\/api\/v4\/realtime$/, '') + '/api/v4/realtime';
  const giveUpMs = performance.now() + READY_LIMIT_MS;

  // Only for the user's information (S3:167), so a missing answer does not matter.
  const before = await call('GET', `${base}/status`, key, STATUS_LIMIT_MS);
  if (before !== undefined) user.note(`service: ${before.status}`);

  let service = await call('POST', `${base}/initialize`, key, INITIALIZE_LIMIT_MS);
  while (service?.ready !== true) {
    if (performance.now() > giveUpMs) throw new Failure('timeout', 'the service did not become ready');
    user.note(`service: ${service?.status ?? 'no answer'}`);
    await sleep(service?.retryMs ?? POLL_EVERY_MS);
    service = await call('GET', `${base}/status`, key, STATUS_LIMIT_MS);
  }
  user.note('service: ready');
  return endpointOf(service);
}

/** The answer to a call; undefined if there is none, though a later call may have one. */
async function call(method, url, key, limitMs) {
  let response, text;
  try {
    response = await fetch(url, {
      method,
      headers: { 'x-zoom-s2t-key': key, 'content-type': 'application/json' },
      signal: AbortSignal.timeout(limitMs),
    });
    text = await response.text();
  } catch {
    user.note(`${method} ${new URL(url).pathname}: no answer`);
    return undefined;
  }
  // Too many requests: not a failure, but the next pause is longer.
  if (response.status === 429) {
    const seconds = Number(response.headers.get('retry-after'));
    return { status: 'busy', ready: false, retryMs: Math.min(60, Math.max(1, seconds || 5)) * 1000 };
  }
  const body = readMessage(text);
  if (!response.ok) {
    const kind = response.status === 401 || response.status === 403 ? 'auth' : 'server';
    throw new Failure(kind, `${body?.detail ?? 'the service answers'} (HTTP ${response.status})`);
  }
  if (typeof body?.ready !== 'boolean')
    throw new Failure('server', 'the service does not say whether it is ready');
  return body;
}

function endpointOf({ endpoint }) {
  const isUrl = typeof endpoint === 'string' && URL.canParse(endpoint);
  const url = isUrl ? new URL(endpoint) : undefined;
  if (url === undefined || !['ws:', 'wss:'].includes(url.protocol)) {
    throw new Failure('server', 'the service does not say where to connect');
  }
  return url;
}
