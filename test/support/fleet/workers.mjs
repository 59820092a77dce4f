import { startWithWorkers } from '../../../dist/mock-server/workers/start.js';

const WORKERS = 2;

/** Starts a fake with two workers. */
export const startSeveral = (options) => startWithWorkers(options, WORKERS);
