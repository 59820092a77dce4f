export * from './events.ts';
export * from './handshake.ts';
export * from './messages.ts';
