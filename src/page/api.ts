/** Calls of the control API, on the same server as the page. */

/** Why a call was not fulfilled, in the words of the server. */
export class Refused extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'Refused';
    this.status = status;
  }
}

const NO_ANSWER = 'The fake does not answer. Is it still running?';
const STORED = 'understudy-control-token';

/** Whether a header can have it. */
export function isToken(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}

/** The control token, for as long as this tab is open. It is sent in a header and never in an address. */
export function keepToken(token: string): void {
  sessionStorage.setItem(STORED, token);
}

function headers(): Record<string, string> {
  const token = sessionStorage.getItem(STORED);
  return token === null || token === '' ? {} : { authorization: `Bearer ${token}` };
}

/**
 * Sends a request.
 *
 * @throws Refused; its status is 0 if there is no server
 */
async function answerTo(path: string, init: RequestInit): Promise<Response> {
  const response = await fetch(path, { ...init, headers: headers(), cache: 'no-store' }).catch(() => {
    // Each browser has other words for it.
    throw new Refused(0, NO_ANSWER);
  });
  if (response.ok) return response;
  throw new Refused(response.status, await reasonOf(response));
}

async function reasonOf(response: Response): Promise<string> {
  try {
    const { error, expected, mistakes } = (await response.json()) as {
      readonly error?: string;
      readonly expected?: string;
      readonly mistakes?: unknown;
    };
    const told = mistakes === undefined ? '' : `: ${JSON.stringify(mistakes)}`;
    return `${error ?? `Status ${response.status}`}${told}${expected === undefined ? '' : ` (expected ${expected})`}`;
  } catch {
    return `Status ${response.status}`;
  }
}

/**
 * The answer to a call, as JSON or text.
 *
 * @param path below the path of the control API
 * @param isText whether the body is sent as text
 * @throws Refused
 */
export async function call(
  path: string,
  method = 'GET',
  body?: unknown,
  as: 'json' | 'text' = 'json',
  isText = false,
): Promise<unknown> {
  const init =
    body === undefined ? { method } : { method, body: isText ? (body as string) : JSON.stringify(body) };
  const response = await answerTo(path, init);
  return response.status === 204 ? undefined : response[as]();
}

/**
 * The JSON answer to a call with a file as its body.
 *
 * @throws Refused
 */
export async function sendFile(path: string, file: Blob): Promise<unknown> {
  return (await answerTo(path, { method: 'POST', body: file })).json();
}

/**
 * The lines of an endless answer, each as JSON.
 *
 * @throws Refused
 */
export async function* linesOf(path: string, signal: AbortSignal): AsyncGenerator {
  const { body } = await answerTo(path, { signal });
  if (body === null) return;
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (rest + value).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield JSON.parse(line) as unknown;
  }
}
