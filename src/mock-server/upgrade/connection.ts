import type { Duplex } from 'node:stream';
import type { EditionNames } from '../../protocol/editions.ts';
import type { Opening } from '../dialects/dialect.ts';
import type { RecordedSocket } from '../session/recorded-socket.ts';
import type { Caller } from './admission.ts';

/** An upgrade that was answered with 101. */
export interface Connection {
  readonly opening: Opening;
  readonly editions: EditionNames;
  readonly caller: Caller;
  /** The origin of the web page that opened it, if it was a page. */
  readonly origin: string | undefined;
  readonly ws: RecordedSocket;
  readonly duplex: Duplex;
}
