/** The runner's patience is shortened for deviations which are that something never comes, or comes too late. */
export const PATIENCE = { controlMs: 2500, livenessMs: 5000, establishMs: 8000 } as const;
