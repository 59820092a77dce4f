/** One WebSocket message as it crossed the wire, undecoded. */
export type Frame =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'binary'; readonly bytes: Uint8Array };

/** A text frame with compact JSON: published clients look for the bytes `"state":"stopped"`. */
export function jsonFrame(value: unknown): Frame {
  return { kind: 'text', text: JSON.stringify(value) };
}
