import WebSocket from 'ws';
import { Failure } from './failure.mjs';
import { user } from './report.mjs';

/** How long opening a connection may take (S2:27). `ws` itself would wait forever. */
const CONNECT_LIMIT_MS = 15_000;
/** A connection that was lost without a Close frame looks like a silent one, so it is pinged and must answer. */
const PING_EVERY_MS = 4000;
const SILENCE_LIMIT_MS = 12_000;
/** How long the service may take to answer our Close frame. */
const CLOSE_LIMIT_MS = 5000;
/** With more unsent bytes than this, audio is kept back instead of being written to a congested connection. */
const CONGESTED_BYTES = 65_536;

/** Close codes after which another attempt makes sense; 1006 stands for a connection that broke. */
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
      // Rejects first, so that the error caused by terminate() is not reported as the reason.
      reject(failure);
      ws.terminate();
    };
    const timer = setTimeout(() => {
      const limit = `${CONNECT_LIMIT_MS / 1000} seconds`;
      giveUp(
        new Failure('timeout', `the connection was not established within ${limit}`, { mayRetry: true }),
      );
    }, CONNECT_LIMIT_MS);
    // Must be registered at once: the first message can arrive together with the answer to the upgrade.
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
      // This includes a frame that breaks the protocol, after which `ws` would wait for the other side to end the
      // connection.
      giveUp(new Failure('closed', `no connection: ${error.message || error.code}`, { mayRetry: true }));
    });
    ws.on('close', (code) => user.closed(code));
  });
}

/** The failure that an HTTP answer instead of an upgrade stands for. */
function refusal({ statusCode, headers }) {
  const reason = headers['x-error-message'] === undefined ? '' : `: ${headers['x-error-message']}`;
  const isAuth = statusCode === 401 || statusCode === 403;
  const what = isAuth ? 'the service does not accept the key' : 'the service refuses the connection';
  // A refused key is never tried again: it stays wrong, and services block clients that keep trying.
  return new Failure(isAuth ? 'auth' : 'server', `${what} (HTTP ${statusCode})${reason}`, {
    mayRetry: PASSING_STATUSES.includes(statusCode),
  });
}

/** A WebSocket that is or was open. */
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

  /** Whether too much of what was sent has not left this machine yet. */
  get isCongested() {
    return this.#ws.bufferedAmount > CONGESTED_BYTES;
  }

  send(data) {
    this.#ws.send(data);
  }

  /** Closes the connection with 1000, as documented. Resolves with the close code. */
  async close() {
    this.#ws.close(1000);
    const timer = setTimeout(() => this.#ws.terminate(), CLOSE_LIMIT_MS);
    await this.#closed;
    clearTimeout(timer);
    return this.closeCode;
  }

  /**
   * Describes how the connection ended. If we closed it, everything had been said, so another attempt
   * would gain nothing.
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
