// A client that does everything right, or one thing wrong: node main.mjs MISTAKE DIALECT
import { given, makes } from './common.mjs';

const [, , , dialect] = process.argv;
if (makes('exits-at-once')) throw new Error(`the settings cannot be read with ${given.token}`);
if (makes('does-nothing')) process.exit(0);
if (makes('is-killed')) process.kill(process.pid, 'SIGKILL');
// These were made for another service and do not know the dialect that they are judged for.
if (makes('is-of-reson8')) await (await import('./reson8.mjs')).dictate();
else if (makes('is-of-scriptix')) await (await import('./microphone.mjs')).speak();
else if (dialect === 'reson8') await (await import('./reson8.mjs')).dictate();
else if (dialect === 'reson8-turns') await (await import('./turns.mjs')).take();
else if (dialect === 'reson8-rest') await (await import('./calls.mjs')).useCalls();
else if (dialect === 'scriptix-stream') await (await import('./stream.mjs')).follow();
else if (dialect === 'scriptix-rest') await (await import('./rest.mjs')).useService();
else if (given.url !== undefined) await (await import('./microphone.mjs')).speak();
process.exit(0);
