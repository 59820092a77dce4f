export { harToTrace, type HarReadOptions } from './har-read.ts';
export { traceToHar, type Har } from './har-write.ts';
