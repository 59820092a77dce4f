import type { MockServer } from '../../../src/mock-server/mock-server.ts';
import { ask, type Answer, type Ask } from './ask.ts';

/** A call of the control API; `body` is sent as JSON unless it is text already. */
export function control(
  fake: Pick<MockServer, 'urls'>,
  call: string,
  body?: unknown,
  more: Omit<Ask, 'body'> = {},
): Promise<Answer> {
  const [method = 'GET', path = ''] = call.split(' ');
  const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
  return ask(`${fake.urls.control}/${path}`, { method, ...sent, ...more });
}

/** The lines of an NDJSON answer. */
export function lines(text: string): readonly Record<string, unknown>[] {
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
