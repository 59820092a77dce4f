import { inTenths } from '../../runtime/clock.ts';
import { listed } from '../../runtime/text/listed.ts';
import { z } from 'zod';
import { SERVICE_STATUSES } from '../../protocol/scriptix/service.ts';
import { INITIALIZE_OUTCOMES } from '../../scenario/script.ts';
import { fail } from './answers.ts';
import { call, type Call } from './call.ts';
import type { ControlOptions } from './options.ts';
import { usageShape } from './shapes.ts';
import { RESET_PARTS, partsOf } from './reset.ts';

const LONGEST_ADVANCE_MS = 86_400_000;

const clockShape = z.strictObject({ mode: z.enum(['real', 'manual']), nowMs: z.number().min(0) });
/** As the documents write it, or as `--service` does. */
const stateGiven = z
  .enum([...SERVICE_STATUSES, 'scaled-down'])
  .transform((state) => (state === 'scaled-down' ? 'scaled_down' : state));
const serviceShape = z.strictObject({ state: z.enum(SERVICE_STATUSES) });

/** The parts of the server that are not about one session. */
export function stateCalls(options: ControlOptions): readonly Call[] {
  return [time, advance, service, setService, reset, usage, metrics].map((one) => one(options));
}

function time({ clock, clockMode }: ControlOptions): Call {
  return call({
    method: 'get',
    path: '/clock',
    does: 'Scenario time',
    answers: { 200: { means: 'Milliseconds since the start', schema: clockShape } },
    answer: (_asked, response) => void response.json({ mode: clockMode, nowMs: inTenths(clock.now()) }),
  });
}

function advance({ clock, clockMode }: ControlOptions): Call {
  return call({
    method: 'post',
    path: '/clock/advance',
    does: 'Moves scenario time; needs --clock manual',
    body: {
      schema: z.strictObject({ ms: z.number().min(0).max(LONGEST_ADVANCE_MS) }),
      expected: `{"ms": 0 to ${LONGEST_ADVANCE_MS}}`,
    },
    answers: { 200: { means: 'The time it has reached', schema: clockShape } },
    errors: { 409: 'The clock runs by itself' },
    async answer({ body: { ms } }, response) {
      if (clockMode !== 'manual') {
        const expected = 'a server started with --clock manual';
        return fail(response, 409, { error: 'The clock runs by itself', expected });
      }
      await clock.advance(ms);
      response.json({ mode: clockMode, nowMs: inTenths(clock.now()) });
    },
  });
}

function service({ service }: ControlOptions): Call {
  return call({
    method: 'get',
    path: '/service',
    does: 'The service behind the REST API of Scriptix',
    answers: { 200: { means: 'Its state', schema: serviceShape } },
    answer: (_asked, response) => void response.json({ state: service.status }),
  });
}

function setService({ service }: ControlOptions): Call {
  return call({
    method: 'put',
    path: '/service',
    does: 'Puts the service in a state, and says what a call of initialize does',
    body: {
      schema: z.strictObject({
        state: stateGiven,
        onInitialize: z.enum(INITIALIZE_OUTCOMES).default('starts'),
      }),
      expected: `{"state": ${SERVICE_STATUSES.join('|')}, "onInitialize": ${INITIALIZE_OUTCOMES.join('|')} (optional)}`,
    },
    answers: { 200: { means: 'The state it is in now', schema: serviceShape } },
    async answer({ body: { state, onInitialize } }, response) {
      await service.set(state, onInitialize);
      response.json({ state: service.status });
    },
  });
}

function reset({ reset }: ControlOptions): Call {
  return call({
    method: 'post',
    path: '/reset',
    does: 'Forgets everything that tests did, or only the named parts; open connections are closed with 1001',
    body: {
      schema: z.partialRecord(z.enum(RESET_PARTS), z.boolean()),
      expected: `an object with true or false for ${listed(RESET_PARTS, 'and')}; empty for all of them`,
    },
    answers: {
      200: {
        means: 'What was forgotten',
        schema: z.strictObject({ reset: z.array(z.enum(RESET_PARTS)) }),
      },
    },
    async answer({ body }, response) {
      await reset(body);
      response.json({ reset: partsOf(body) });
    },
  });
}

function usage({ usage }: ControlOptions): Call {
  return call({
    method: 'get',
    path: '/usage',
    does: 'How much audio was heard since the start or the last reset, and what it would have cost',
    query: {
      schema: z.strictObject({ token: z.string().optional().describe('Only what was heard with it') }),
      expected: 'token= once, or nothing',
    },
    answers: { 200: { means: 'Seconds, by service, token and scenario', schema: usageShape } },
    async answer({ query: { token } }, response) {
      response.json(await usage(token));
    },
  });
}

function metrics({ measured }: ControlOptions): Call {
  return call({
    method: 'get',
    path: '/metrics',
    does: 'Metrics for Prometheus',
    answers: { 200: { means: 'In the text format of Prometheus', type: 'text/plain', schema: z.string() } },
    async answer(_asked, response) {
      const { metricsText } = await import('../journal/metrics.ts');
      const text = await metricsText(await measured());
      response.type('text/plain; version=0.0.4; charset=utf-8').send(text);
    },
  });
}
