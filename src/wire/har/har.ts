export { harToTrace, type HarReadOptions } from './read.ts';
export { traceToHar, type Har } from './write.ts';
