import { DIALECT_NAMES, isSocket, type SocketDialect } from '../protocol/dialects.ts';

/** The sockets that can be put under load. */
export const SOCKET_DIALECTS = DIALECT_NAMES.filter(isSocket);

/** What a load needs to know about a dialect. */
interface LoadDialect {
  /** Parameters that make results contain the times needed for their lag, and make them come early. */
  readonly query: Readonly<Record<string, string>>;
  /** The text of a message that says that there is no more audio. */
  readonly end: string;
  /** Whether the server confirms this message. Otherwise it need not answer if no sentence is open. */
  readonly isConfirmed: boolean;
}

const AUDIO = { encoding: 'pcm_s16le', sample_rate: '16000', channels: '1' };
const STOP = JSON.stringify({ action: 'stop' });

/** What a load needs to know about each socket. */
export const LOAD_DIALECTS: Readonly<Record<SocketDialect, LoadDialect>> = {
  scriptix: { query: {}, end: STOP, isConfirmed: true },
  'scriptix-stream': { query: {}, end: STOP, isConfirmed: true },
  reson8: {
    query: { ...AUDIO, include_interim: 'true', include_timestamps: 'true' },
    end: JSON.stringify({ type: 'flush_request', id: 'end' }),
    isConfirmed: true,
  },
  'reson8-turns': {
    query: { ...AUDIO, include_timestamps: 'true' },
    end: JSON.stringify({ type: 'flush_request' }),
    isConfirmed: false,
  },
};
