import { CLIENT_MAY_NOT, rowsOf } from '../../rows.ts';

const { must, should } = rowsOf('scriptix-rest');

/** The REST API that starts the service and reports its status. */
export const REST = [
  must('SX-REST-001', 'both', 'S1:7; S3:17', {
    statement: 'The service is started with POST /api/v4/realtime/initialize',
    witness: 'a call of initialize',
    unseen: CLIENT_MAY_NOT,
  }),
  must('SX-REST-002', 'both', 'S1:9; S3:70', {
    statement: 'Its status is requested with GET /api/v4/realtime/status',
    witness: 'a call of status',
    unseen: CLIENT_MAY_NOT,
  }),
  must('SX-REST-003', 'client', 'S3:9-11,26,77', {
    statement: 'The client sends its key in the header x-zoom-s2t-key with both calls',
    witness: 'a call',
    unseen: 'not-applicable',
    ambiguity: 'A20',
  }),
  must('SX-REST-004', 'server', 'S3:56-65,104-131', {
    statement:
      'The body of a 200 is a JSON object with the strings `status`, `message` and `endpoint` and the boolean `ready`',
    witness: 'a 200',
  }),
  must('SX-REST-005', 'server', 'S3:59,65', {
    statement: 'The `status` in a 200 of initialize is `ready`',
    witness: 'a 200 of initialize',
  }),
  should('SX-REST-006', 'server', 'S3:21,61', {
    statement: 'The `ready` in a 200 of initialize is true',
    witness: 'a 200 of initialize',
    ambiguity: 'A12',
  }),
  must('SX-REST-007', 'server', 'S3:131', {
    statement: 'The `status` in a 200 of status is `ready`, `scaled_down` or `starting`',
    witness: 'a 200 of status',
  }),
  should('SX-REST-008', 'server', 'S3:106-128,131', {
    statement: 'In a 200 of status, `ready` is true when `status` is `ready`, and false otherwise',
    witness: 'a 200 of status',
  }),
  must('SX-REST-009', 'server', 'S3:65,131', {
    statement: 'The `endpoint` is an absolute WebSocket URL',
    witness: 'a 200',
  }),
  must('SX-REST-010', 'server', 'S3:136-141', {
    statement: 'A call with a missing or invalid key is answered with 401 and a string `detail`',
    witness: 'a call without a valid key',
  }),
  should('SX-REST-011', 'server', 'S3:139', {
    statement: 'The `detail` of a 401 is "Not authenticated"',
    witness: 'a 401',
  }),
  must('SX-REST-012', 'server', 'S3:19,143-148', {
    statement:
      'Initialize with a valid key that lacks the admin scope is answered with 403 and a string `detail`',
    witness: 'a call of initialize with a key without the admin scope',
  }),
  should('SX-REST-013', 'server', 'S3:146', {
    statement: 'The `detail` of a 403 is "Not enough permissions"',
    witness: 'a 403',
  }),
  should('SX-REST-014', 'server', 'S3:19,68-72', {
    statement: 'Status can be requested with a key that lacks the admin scope',
    witness: 'a call of status with a key without the admin scope',
  }),
  should('SX-REST-015', 'server', 'S3:150-155', {
    statement: 'The `detail` of a 500 of initialize begins with "Failed to initialize realtime service: "',
    witness: 'a 500 of initialize',
    unseen: 'not-applicable',
    ambiguity: 'A22',
  }),
  must('SX-REST-016', 'server', 'S3:157-162', {
    statement: 'Only initialize answers with 503',
    witness: 'a 503',
    unseen: 'not-applicable',
  }),
  should('SX-REST-017', 'server', 'S3:160', {
    statement: 'The `detail` of a 503 is "Realtime service failed to start"',
    witness: 'a 503 of initialize',
    unseen: 'not-applicable',
  }),
  must('SX-REST-018', 'server', 'S3:72', {
    statement: 'Asking for the status never starts the service',
    witness: 'a service that is scaled down, asked for its status twice',
    // No call scales a service down.
    unseen: 'not-applicable',
  }),
  should('SX-REST-019', 'server', 'S3:21', {
    statement: 'After a 200 of initialize the next status is `ready`',
    witness: 'a 200 of initialize, then one of status',
  }),
  should('SX-REST-020', 'server', 'S3:21', {
    statement: 'Initialize can be called again',
    witness: 'a 200 of initialize, then another call of it',
  }),
  should('SX-REST-021', 'server', 'S3:72,113-129', {
    statement:
      'A service that is scaled down becomes `starting` and then `ready` only after a call of initialize',
    witness: 'a service seen scaled down, and later starting or ready',
    unseen: 'not-applicable',
  }),
  should('SX-REST-022', 'server', 'S3:40,53,56-63', {
    statement: 'The content-type of a 200 is application/json',
    witness: 'a 200',
  }),
  should('SX-REST-023', 'client', 'S3:65,169', {
    statement: 'The client connects to the `endpoint` that it was given',
    witness: 'a connection after an answer with an `endpoint`',
    unseen: 'not-applicable',
  }),
  should('SX-REST-024', 'client', 'S3:72,168', {
    statement:
      'The client initialises before it connects, unless the status has shown the service to be ready',
    witness: 'a client that calls the API and then connects',
    unseen: 'not-applicable',
  }),
  should('SX-REST-025', 'client', 'S3:65,115-129', {
    statement: 'The client does not connect while `ready` is false',
    witness: 'an answer with `ready` false',
    unseen: 'not-applicable',
  }),
  should('SX-REST-026', 'client', 'S3:65,131', {
    statement: 'The client goes by `ready` and `status`, never by the wording of `message`',
    witness: 'an answer whose `message` has other wording',
    unseen: 'not-applicable',
  }),
  should('SX-REST-027', 'client', 'S3:134-162', {
    statement: 'The client reports a 401, 403, 500 or 503 to its user, and does not connect',
    witness: 'such an answer to a client that reports',
  }),
];
