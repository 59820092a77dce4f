export * from './handshake.ts';
export * from './messages.ts';
export * from './rest.ts';
