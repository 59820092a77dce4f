import type { JSX } from 'preact';
import { plain } from './frames.ts';

/** A message of the fake that is held until someone lets it go. */
export interface Held {
  readonly id: number;
  readonly kind: string;
  readonly text?: string;
  readonly byteCount?: number;
  readonly code?: number;
}

/** Those beyond this are only counted. */
const SHOWN = 20;
const LONGEST = 200;

interface HeldProps {
  readonly held: readonly Held[];
  readonly onDrop: (id: number) => void;
  /** With what is written in the field for messages. */
  readonly onReplace: (id: number) => void;
}

/** What is held, the oldest first. */
export function HeldList({ held, onDrop, onReplace }: HeldProps): JSX.Element {
  return (
    <ol class="held" aria-label="Held messages">
      {held.slice(0, SHOWN).map((message) => (
        <li key={message.id} class="row">
          <bdi class="summary">{plain(wordsOf(message).slice(0, LONGEST))}</bdi>
          <button
            type="button"
            aria-label={`Replace message ${message.id} by the one above`}
            onClick={() => onReplace(message.id)}
          >
            Replace
          </button>
          <button
            type="button"
            class="stop"
            aria-label={`Drop message ${message.id}`}
            onClick={() => onDrop(message.id)}
          >
            Drop
          </button>
        </li>
      ))}
      {held.length > SHOWN && <li class="quiet">and {held.length - SHOWN} more</li>}
    </ol>
  );
}

function wordsOf({ kind, text, byteCount, code }: Held): string {
  if (text !== undefined) return text;
  return kind === 'close' ? `Close ${code ?? ''}`.trim() : `${byteCount ?? 0} bytes`;
}
