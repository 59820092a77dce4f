export { harToTrace } from './read.ts';
export { traceToHar } from './write.ts';
