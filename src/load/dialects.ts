import { DIALECT_NAMES, isSocket } from '../protocol/dialects.ts';

/** The sockets that can be put under load. */
export const SOCKET_DIALECTS = DIALECT_NAMES.filter(isSocket);
