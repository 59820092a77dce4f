import type { IncomingMessage } from 'node:http';

/** The path of the call that recognises a recording. */
export const PRERECORDED_PATH = '/v1/speech-to-text/prerecorded';

const AT_PATH = new RegExp(`^${PRERECORDED_PATH}/?([?]|$)`);

/** Whether a call brings a recording, whose body may be long and take long. */
export function isRecording({ method, url = '' }: IncomingMessage): boolean {
  return method === 'POST' && AT_PATH.test(url);
}
