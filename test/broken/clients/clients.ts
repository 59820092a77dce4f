import type { Dialect } from '../../../src/protocol/dialects.ts';
import { CALLS_CLIENTS } from './calls.ts';
import { MICROPHONE_CLIENTS } from './microphone.ts';
import type { BrokenClient } from './mistake.ts';
import { RESON8_CLIENTS } from './reson8.ts';
import { REST_CLIENTS } from './rest.ts';
import { STREAM_CLIENTS } from './stream.ts';
import { TURNS_CLIENTS } from './turns.ts';

export const BROKEN_CLIENTS: readonly BrokenClient[] = [
  ...MICROPHONE_CLIENTS,
  ...STREAM_CLIENTS,
  ...REST_CLIENTS,
  ...RESON8_CLIENTS,
  ...TURNS_CLIENTS,
  ...CALLS_CLIENTS,
];

export interface NotBroken {
  readonly id: string;
  readonly dialects: readonly Dialect[];
  readonly why: string;
}

/** Requirements that no broken client is needed for, and why. */
export const NOT_BROKEN: readonly NotBroken[] = [
  {
    id: 'SX-CONN-001',
    dialects: ['scriptix', 'scriptix-stream'],
    why: 'it is not checked: a trace does not show TLS',
  },
  ...['TR-002', 'TR-005'].map((id) => ({
    id,
    dialects: ['reson8-turns' as const],
    why: 'it is the same for all sockets, and broken by clients of the realtime socket',
  })),
  ...['TR-001', 'TR-003', 'TR-004'].map((id) => ({
    id,
    dialects: ['scriptix-stream' as const, 'reson8-turns' as const],
    why: 'it is the same for all sockets, and broken by clients of the microphone and of Reson8',
  })),
];
