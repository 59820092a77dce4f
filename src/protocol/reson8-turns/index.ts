export * from './handshake.ts';
export * from './messages.ts';
