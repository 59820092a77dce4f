import WebSocket from 'ws';
import { Failure } from './failure.mjs';
import { user } from './report.mjs';

/** How long a connection may take to come about (S2:27). `ws` itself would wait for ever. */
const CONNECT_LIMIT_MS = 15_000;
/** A connection that is gone without a word looks like one that is silent, so it is asked, and has to answer. */
const PING_EVERY_MS = 4000;
const SILENCE_LIMIT_MS = 12_000;
/** How long the service may take to answer our Close frame. */
const CLOSE_LIMIT_MS = 5000;
/** More unsent bytes than this, and it is better to keep the audio than to push it into a full pipe. */
const CONGESTED_BYTES = 65_536;

/** Close codes after which the same can be tried again; 1006 is what one sees when a connection breaks. */
const PASSING_CODES = [1001, 1006, 1011, 1012, 1013];
const PASSING_STATUSES = [429, 500, 502, 503, 504];

/**
 * Opens a WebSocket.
 *
 * @param {URL} url
 * @param {{ headers?: Record<string, string>, protocols?: string[], onText: (text: string) => void }} options
 * @returns {Promise<Connection>} rejects with a Failure
 */
export function connect(url, { headers = {}, protocols = [], onText }) {
  return new Promise((resolve, reject) => {
    const ws = new WebSocket(url, protocols, { headers });
    const giveUp = (failure) => {
      clearTimeout(timer);
      // First, so that the error that terminate() causes is not taken for the reason.
      reject(failure);
      ws.terminate();
    };
    const timer = setTimeout(() => {
      const limit = `${CONNECT_LIMIT_MS / 1000} seconds`;
      giveUp(
        new Failure('timeout', `the connection was not established within ${limit}`, { mayRetry: true }),
      );
    }, CONNECT_LIMIT_MS);
    // Must be there from the beginning: the first message can come together with the answer to the upgrade.
    ws.on('message', (data, isBinary) => {
      if (isBinary) user.note('ignored a binary message');
      else onText(data.toString());
    });
    ws.on('open', () => {
      clearTimeout(timer);
      resolve(new Connection(ws));
    });
    ws.on('unexpected-response', (_request, response) => giveUp(refusal(response)));
    ws.on('error', (error) => {
      // Also after a frame that breaks the protocol; `ws` would wait for the other side to end the connection.
      giveUp(new Failure('closed', `no connection: ${error.message || error.code}`, { mayRetry: true }));
    });
    ws.on('close', (code) => user.closed(code));
  });
}

/** What an HTTP answer instead of an upgrade means. */
function refusal({ statusCode, headers }) {
  const reason = headers['x-error-message'] === undefined ? '' : `: ${headers['x-error-message']}`;
  const isAuth = statusCode === 401 || statusCode === 403;
  const what = isAuth ? 'the service does not accept the key' : 'the service refuses the connection';
  // Refused keys are never tried again: they stay wrong, and services block who insists.
  return new Failure(isAuth ? 'auth' : 'server', `${what} (HTTP ${statusCode})${reason}`, {
    mayRetry: PASSING_STATUSES.includes(statusCode),
  });
}

/** A WebSocket that is open, or was. */
class Connection {
  #ws;
  #heardMs = performance.now();
  #isDeaf = false;
  #closed;
  /** The close code, once it is closed. */
  closeCode;

  constructor(ws) {
    this.#ws = ws;
    const heard = () => (this.#heardMs = performance.now());
    for (const event of ['message', 'ping', 'pong']) ws.on(event, heard);
    const pinging = setInterval(() => {
      if (performance.now() - this.#heardMs > SILENCE_LIMIT_MS) {
        this.#isDeaf = true;
        ws.terminate();
      } else if (ws.readyState === WebSocket.OPEN) ws.ping();
    }, PING_EVERY_MS);
    this.#closed = new Promise((resolve) => {
      ws.on('close', (code) => {
        clearInterval(pinging);
        this.closeCode = code;
        resolve();
      });
    });
  }

  get isOpen() {
    return this.#ws.readyState === WebSocket.OPEN;
  }

  /** Whether what was sent last has not left this machine yet. */
  get isCongested() {
    return this.#ws.bufferedAmount > CONGESTED_BYTES;
  }

  send(data) {
    this.#ws.send(data);
  }

  /** Ends the connection as the documents have it, with 1000. Resolves with the close code. */
  async close() {
    this.#ws.close(1000);
    const timer = setTimeout(() => this.#ws.terminate(), CLOSE_LIMIT_MS);
    await this.#closed;
    clearTimeout(timer);
    return this.closeCode;
  }

  /**
   * What is wrong with how it has ended. When it was ours to end, everything was said, and nothing is gained by
   * doing it again.
   */
  failure({ wasOurs }) {
    const code = this.closeCode;
    const why = this.#isDeaf
      ? `nothing was heard for ${SILENCE_LIMIT_MS / 1000} seconds`
      : 'the connection ended';
    const mayRetry = !wasOurs && PASSING_CODES.includes(code);
    return new Failure('closed', `${why} (${code})`, { mayRetry, wasOpen: true });
  }
}
