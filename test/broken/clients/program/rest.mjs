import { given, makes, sleep, tellError } from './common.mjs';
import { speak } from './microphone.mjs';

const POLL_EVERY_MS = 300;
const MOST_POLLS = 60;
/** More than any scenario lasts. */
const MOST_RETRIES = 30;

/** Initialises the service, waits until it is ready, and connects to where it says. */
export async function useService() {
  if (makes('connects-first')) await speak();
  const before = await call('GET', makes('other-status-path') ? '../v2/realtime/status' : 'status');
  if (before === undefined && !makes('other-status-path')) return;
  if (makes('believes-the-message') && /ready/i.test(before.message)) return speak();
  if (makes('falls-at-not-ready') && !before.ready) return;
  if (makes('does-not-initialise')) return speak(before.endpoint);
  let service = await call(
    makes('initialises-with-get') ? 'GET' : 'POST',
    makes('other-initialize-path') ? '../../v5/realtime/initialize' : 'initialize',
  );
  if (makes('other-initialize-path') || makes('initialises-with-get'))
    service ??= await call('POST', 'initialize');
  if (service === undefined) return;
  for (let polls = 0; !service.ready && !makes('ignores-ready'); polls++) {
    if (polls > MOST_POLLS) return tellError('timeout', 'the service did not become ready');
    await sleep(POLL_EVERY_MS);
    service = await call('GET', 'status');
    if (service === undefined) return;
  }
  await speak(makes('ignores-endpoint') ? given.url : service.endpoint);
}

/** @returns the answer; undefined for one that ends the session, which has been reported by then */
async function call(method, name, retries = 0) {
  const headers = makes('other-key-header')
    ? { authorization: `Bearer ${given.token}` }
    : { 'x-zoom-s2t-key': given.token };
  const key = makes('no-key') ? {} : headers;
  const response = await fetch(new URL(name, `${given.api}/`), { method, headers: key });
  if (response.ok) return response.json();
  if (response.status === 404 || response.status === 405) return undefined;
  if (makes('retries-for-ever') && retries < MOST_RETRIES) return call(method, name, retries + 1);
  if (makes('connects-after-failure'))
    return { ready: true, status: 'ready', message: '', endpoint: given.url };
  if (!makes('hides-failures'))
    tellError(response.status < 500 ? 'auth' : 'server', `HTTP ${response.status}`);
  return undefined;
}
