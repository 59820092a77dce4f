/** Where the fake is reached, for an answer that names an endpoint. */
export interface Place {
  readonly scheme: 'ws' | 'wss';
  /** As the client called it, with the port. */
  readonly host: string;
  readonly port: string;
}

const PLACEHOLDER = /\{(scheme|host|port)\}/g;

/**
 * The body of an answer with the placeholders in its texts replaced: a scenario cannot know on which port it is played,
 * and an endpoint that it names has to be there. Other braces stay.
 */
export function filledIn(body: unknown, place: Place): unknown {
  if (typeof body === 'string') return body.replace(PLACEHOLDER, (_all, name: keyof Place) => place[name]);
  if (Array.isArray(body)) return body.map((each) => filledIn(each, place));
  if (typeof body !== 'object' || body === null) return body;
  return Object.fromEntries(Object.entries(body).map(([key, value]) => [key, filledIn(value, place)]));
}
