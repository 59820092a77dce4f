/** The states of the realtime service, as its REST API reports them (S3:131). */
export const SERVICE_STATUSES = ['ready', 'scaled_down', 'starting'] as const;
/** A state of the service. */
export type ServiceStatus = (typeof SERVICE_STATUSES)[number];
