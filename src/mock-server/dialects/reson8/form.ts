import { fieldsOf } from '../../../runtime/json/fields.ts';
import type { HttpAnswer, VendorForm } from '../dialect.ts';
import { problemOf } from '../failure.ts';
import { refusalInEdition } from './refusals.ts';

/** S4:129-134 has codes for 400, 401 and 500; those for 404, 413 and 429 come from elsewhere. */
const CODES: Readonly<Record<number, string>> = {
  401: 'UNAUTHORIZED',
  404: 'NOT_FOUND',
  413: 'PAYLOAD_TOO_LARGE',
  429: 'TOO_MANY_REQUESTS',
};

function problem(status: number, message: string): HttpAnswer {
  return {
    status,
    body: { code: CODES[status] ?? (status < 500 ? 'INVALID_REQUEST' : 'INTERNAL_ERROR'), message },
  };
}

/** What all sockets of Reson8 have in common. */
export const RESON8_FORM: VendorForm = {
  takesTokens: true,
  owns: (path) => path.startsWith('/v1/'),
  failureOf: ({ status, body }) => ({
    problem: problemOf(status),
    message: String(fieldsOf(body)['message']),
  }),
  problem,
  inEdition: refusalInEdition,
  full: (message) => problem(429, message),
};
