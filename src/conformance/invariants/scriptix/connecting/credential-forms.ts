import { scriptixEdition } from '../../../../protocol/editions.ts';
import type { Conversation } from '../../../conversation/conversation.ts';
import { CREDENTIAL_FORMS } from '../../../../protocol/scriptix/handshake.ts';

/** A credential as it was presented; equal secrets have equal stand-ins. */
export interface Presented {
  readonly place: 'query' | 'header' | 'path' | 'start';
  readonly name: string;
  readonly value: string;
}

const STREAM_PATH = /\/v2\/client\/([^/]*)/;

/** All tokens of a connection, in the forms that its mode allows in its edition. */
export function presentedBy(conversation: Conversation): readonly Presented[] {
  const { dialect, request, path, query } = conversation;
  const mode = dialect === 'scriptix-stream' ? 'stream' : 'microphone';
  const headers = headersOf(request?.event.headers);
  const inRequest = CREDENTIAL_FORMS.filter((form) => form.mode === mode).flatMap(({ place, name }) => {
    const values =
      place === 'query'
        ? query.getAll(name)
        : place === 'header'
          ? [headers.get(name) ?? '']
          : [STREAM_PATH.exec(path)?.[1] ?? ''];
    return values.filter((value) => value !== '').map((value) => ({ place, name, value }));
  });
  return [...inRequest, ...keyOf(conversation)];
}

/** The token in the start command. */
function keyOf({ dialect, editions, said }: Conversation): readonly Presented[] {
  if (dialect !== 'scriptix' || !scriptixEdition(editions).hasKeyInStart) return [];
  const key = said.find(({ message }) => message.kind === 'start')?.message;
  const value = key?.kind === 'start' ? key.fields?.['key'] : undefined;
  return typeof value === 'string' && value !== '' ? [{ place: 'start', name: 'key', value }] : [];
}

/** Headers by their lower-case names. */
export function headersOf(
  headers: Readonly<Record<string, string>> | undefined,
): ReadonlyMap<string, string> {
  return new Map(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
}
