/** A state of the realtime service, as its REST API reports it (S3:131). */
export type ServiceStatus = 'ready' | 'scaled_down' | 'starting';

/** All of them. */
export const SERVICE_STATUSES = [
  'ready',
  'scaled_down',
  'starting',
] as const satisfies readonly ServiceStatus[];
