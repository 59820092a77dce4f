/** The header that tells replicas from others. */
export const SECRET_HEADER = 'x-understudy-replica';
