import {
  authorizationHeader,
  CREDENTIAL_FORMS,
  subprotocolHeader,
  type CredentialForm,
} from '../../../../protocol/reson8/handshake.ts';
import { headerOf } from '../../shared/header-of.ts';
import type { Conversation } from '../../../conversation/conversation.ts';

/** The documented forms of credentials (S4:11-17) in a request. */
export function credentialsOf({ request }: Conversation): readonly CredentialForm[] {
  const headers = request?.event.headers;
  const authorization = headerOf(headers, 'authorization').trim();
  const subprotocol = headerOf(headers, 'sec-websocket-protocol').trim();
  return CREDENTIAL_FORMS.filter((form) => {
    if (form.place === 'subprotocol') return subprotocolHeader.safeParse(subprotocol).success;
    const isForm = authorization.toLowerCase().startsWith(`${form.scheme.toLowerCase()} `);
    return isForm && authorizationHeader.safeParse(authorization).success;
  });
}

/** Whether the observer knows the credential to be valid; S4 has no scopes. */
export function isValid({ context }: Pick<Conversation, 'context'>): boolean {
  const { credential } = context;
  return credential === 'valid' || credential === 'admin' || credential === 'user';
}
