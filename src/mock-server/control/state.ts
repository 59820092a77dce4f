import type { Router } from 'express';
import type { InitializeOutcome, ServiceStatus } from '../rest/service.ts';
import { fail, objectOf, only, READ } from './answers.ts';
import type { ControlOptions } from './options.ts';

const STATES: readonly ServiceStatus[] = ['ready', 'scaled_down', 'starting'];
const OUTCOMES: readonly InitializeOutcome[] = ['starts', 'fails-to-start', 'breaks'];
const LONGEST_ADVANCE_MS = 86_400_000;

/** The parts of the server that are not about one session. */
export function stateRoutes(api: Router, options: ControlOptions): void {
  const { clock, clockMode, service } = options;
  api
    .route('/clock')
    .get((_request, response) => void response.json({ mode: clockMode, nowMs: clock.now() }))
    .all(only(READ));
  api
    .route('/clock/advance')
    .post(async (request, response) => {
      const body = objectOf(request.body, response);
      if (body === undefined) return;
      const { ms } = body;
      if (typeof ms !== 'number' || !(ms >= 0 && ms <= LONGEST_ADVANCE_MS)) {
        return fail(response, 400, 'ms is missing or out of range', `{"ms": 0 to ${LONGEST_ADVANCE_MS}}`);
      }
      if (clockMode !== 'manual') {
        return fail(response, 409, 'The clock runs by itself', 'a server started with --clock manual');
      }
      await clock.advance(ms);
      response.json({ mode: clockMode, nowMs: clock.now() });
    })
    .all(only('POST'));

  api
    .route('/service')
    .get((_request, response) => void response.json({ state: service.status }))
    .put((request, response) => {
      const body = objectOf(request.body, response);
      if (body === undefined) return;
      const state = STATES.find((name) => name === body['state']);
      const outcome = OUTCOMES.find((name) => name === (body['onInitialize'] ?? 'starts'));
      if (state === undefined || outcome === undefined) {
        const expected = `{"state": ${STATES.join('|')}, "onInitialize": ${OUTCOMES.join('|')} (optional)}`;
        return fail(response, 400, 'Unknown state or outcome', expected);
      }
      service.set(state, outcome);
      response.json({ state: service.status });
    })
    .all(only(`${READ}, PUT`));

  api
    .route('/scenarios')
    .get((_request, response) => void response.json({ scenarios: options.scenarios() }))
    .all(only(READ));
  api
    .route('/metrics')
    .get(async (_request, response) => {
      const { metricsText } = await import('../journal/metrics.ts');
      const { tally, journal, open } = options;
      const text = await metricsText({ tally, messages: journal.messages, open: open(), journal });
      response.type('text/plain; version=0.0.4; charset=utf-8').send(text);
    })
    .all(only(READ));
}
