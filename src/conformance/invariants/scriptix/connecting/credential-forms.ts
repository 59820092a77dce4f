import type { Conversation } from '../../../conversation/conversation.ts';
import { CREDENTIAL_FORMS } from '../../../../protocol/scriptix/handshake.ts';

/** A credential as it was presented; equal secrets have equal stand-ins. */
export interface Presented {
  readonly place: 'query' | 'header' | 'path';
  readonly name: string;
  readonly value: string;
}

const STREAM_PATH = /\/v2\/client\/([^/]*)/;

/** All tokens in the request of a connection, in the documented forms of its mode. */
export function presentedBy({ dialect, request, path, query }: Conversation): readonly Presented[] {
  const mode = dialect === 'scriptix-stream' ? 'stream' : 'microphone';
  const headers = headersOf(request?.event.headers);
  return CREDENTIAL_FORMS.filter((form) => form.mode === mode).flatMap(({ place, name }) => {
    const values =
      place === 'query'
        ? query.getAll(name)
        : place === 'header'
          ? [headers.get(name) ?? '']
          : [STREAM_PATH.exec(path)?.[1] ?? ''];
    return values.filter((value) => value !== '').map((value) => ({ place, name, value }));
  });
}

/** Headers by their lower-case names. */
export function headersOf(
  headers: Readonly<Record<string, string>> | undefined,
): ReadonlyMap<string, string> {
  return new Map(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
}
