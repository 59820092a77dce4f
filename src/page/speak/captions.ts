/** What a reader of captions sees, from the messages of either service. Pure. */

/** Lines that are final, and the one that is still being spoken. */
export interface Captions {
  readonly finals: readonly string[];
  readonly partial: string;
  /** What the service reports about itself. */
  readonly state: string;
  readonly error?: string | undefined;
}

/** Before anything was said. */
export const SILENT: Captions = { finals: [], partial: '', state: '' };

/** The number of lines that are kept; beyond it the oldest are dropped. */
export const MOST_LINES = 500;

/** The captions after a message of the server, given as it was sent. */
export function afterMessage(captions: Captions, text: string): Captions {
  const message = read(text);
  if (message === undefined) return captions;
  if (typeof message['error'] === 'string') return { ...captions, error: message['error'] };
  if (message['type'] === 'error') {
    return { ...captions, error: [message['code'], message['message']].filter(isText).join(': ') };
  }
  if (typeof message['state'] === 'string') return { ...captions, state: message['state'] };
  // Messages of the older service of Scriptix have no field that says what is final.
  if (typeof message['partial'] === 'string') return { ...captions, partial: message['partial'] };
  // A turn may continue after a candidate; the last candidate is the text of the turn.
  if (message['type'] === 'turn_end')
    return captions.partial === '' ? captions : withFinal(captions, captions.partial);
  if (typeof message['text'] !== 'string') return captions;
  if (message['type'] === 'turn_end_candidate') return { ...captions, partial: message['text'] };
  if (message['is_final'] === false) return { ...captions, partial: message['text'] };
  return withFinal(captions, message['text']);
}

function withFinal(captions: Captions, line: string): Captions {
  return { ...captions, partial: '', finals: [...captions.finals, line].slice(-MOST_LINES) };
}

/** Whether a message ends a flush of Reson8: with turns, the end of the turn is the answer. */
export function isConfirmation(text: string): boolean {
  const type = read(text)?.['type'];
  return type === 'flush_confirmation' || type === 'turn_end';
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function read(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}
