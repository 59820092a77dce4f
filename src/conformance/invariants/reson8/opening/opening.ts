import { reaches, type Tolerances } from '../../../judge/tolerances.ts';
import { endingOf } from '../../shared/ending.ts';
import { errorNameOf, isError } from '../messages/error-name.ts';
import type { Conversation } from '../../../conversation/conversation.ts';

/**
 * The result of an upgrade. `refused`: a status other than 101. `complained`: 101, and the first message was an error.
 * `closed`: 101, and the server ended the connection without a message. `session`: 101, and the connection is in use,
 * or was open long enough to be. `brief`: 101, and the client left before anything could come. `unanswered`: no status
 * at all.
 */
export type OpeningOutcome = { readonly events: readonly number[] } & (
  | { readonly kind: 'refused'; readonly status: number }
  | {
      readonly kind: 'complained';
      /** The name of the error, if one is found. */
      readonly name: string | undefined;
      readonly isClosed: boolean;
      readonly isAfterAudio: boolean;
    }
  | { readonly kind: 'closed'; readonly code: number | undefined }
  | { readonly kind: 'session' | 'brief' | 'unanswered' }
);

/** Undefined if the request or its result was not seen. */
export function openingOf(conversation: Conversation, tolerances: Tolerances): OpeningOutcome | undefined {
  const { request, response, heard } = conversation;
  if (request === undefined) return undefined;
  const ending = endingOf(conversation);
  if (response === undefined) {
    return ending === undefined ? undefined : { kind: 'unanswered', events: [request.index, ending.index] };
  }
  const head = [request.index, response.index];
  const { status } = response.event;
  if (status !== 101) return { kind: 'refused', status, events: head };
  const [first] = heard;
  if (first !== undefined && isError(first.message)) {
    return {
      kind: 'complained',
      name: errorNameOf(first.message.fields ?? {}),
      isClosed: ending?.by === 'server',
      isAfterAudio: first.audio.byteCount > 0,
      events: [...head, first.index],
    };
  }
  if (first !== undefined) return { kind: 'session', events: [...head, first.index] };
  if (ending?.by === 'server') return { kind: 'closed', code: ending.code, events: [...head, ending.index] };
  const last = conversation.moments.at(-1);
  const openMs = (ending?.atMs ?? last?.event.atMs ?? 0) - response.event.atMs;
  return { kind: reaches(openMs, tolerances.controlMs, tolerances) ? 'session' : 'brief', events: head };
}

/** A description for reports. */
export function openingTold(opening: OpeningOutcome): string {
  switch (opening.kind) {
    case 'refused':
      return `HTTP ${opening.status}`;
    case 'complained':
      return `101, then an error ${opening.name === undefined ? 'without a name' : `named ${opening.name}`}`;
    case 'closed':
      return `101, then the end of the connection${opening.code === undefined ? '' : ` with ${opening.code}`}`;
    case 'session':
      return '101 and a session';
    case 'brief':
      return '101, and the client left at once';
    case 'unanswered':
      return 'no answer';
  }
}

/** No credits, too many connections, or a problem that may affect any request: these say nothing about this request. */
export function isBesideThePoint(status: number): boolean {
  return status === 402 || isPassing(status);
}

/** Statuses that may be different at the next attempt. */
export function isPassing(status: number): boolean {
  return status === 429 || status >= 500;
}
